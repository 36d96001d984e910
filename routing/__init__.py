"""The DOM: order + network + policy → the best plan, with its proof. Pure, and usable alone."""

from routing.errors import CannotShipError, PlanCheckError, RoutingError, RoutingInputError
from routing.model.calendar import Calendar
from routing.model.fulfillment import (
    Backorder,
    Certificate,
    FulfillmentPlan,
    PlannedLine,
    Shipment,
    Verdict,
    round_half_up,
)
from routing.model.network import (
    InboundSupply,
    Network,
    RegionRule,
    RoutingLocation,
    StockPosition,
    TransferLeg,
)
from routing.model.order import Destination, RoutingLine, RoutingOrder
from routing.model.policy import Policy
from routing.model.presets import FEWEST_SHIPMENTS, LOWEST_COST, PRESETS
from routing.model.rates import Band, Service, Surcharge, WeightBreak, ZoneMap, ZoneRow
from routing.planner import ENGINE_VERSION, plan
from routing.pricing.filters import within_reach
from routing.record.suggest import Standing, Suggestion, standings, suggest
from routing.record.verify import check_plan

__all__ = [
    "ENGINE_VERSION",
    "FEWEST_SHIPMENTS",
    "LOWEST_COST",
    "PRESETS",
    "Backorder",
    "Band",
    "Calendar",
    "CannotShipError",
    "Certificate",
    "Destination",
    "FulfillmentPlan",
    "InboundSupply",
    "Network",
    "PlanCheckError",
    "PlannedLine",
    "Policy",
    "RegionRule",
    "RoutingError",
    "RoutingInputError",
    "RoutingLine",
    "RoutingLocation",
    "RoutingOrder",
    "Service",
    "Shipment",
    "Standing",
    "StockPosition",
    "Suggestion",
    "Surcharge",
    "TransferLeg",
    "Verdict",
    "WeightBreak",
    "ZoneMap",
    "ZoneRow",
    "check_plan",
    "plan",
    "round_half_up",
    "standings",
    "suggest",
    "within_reach",
]
