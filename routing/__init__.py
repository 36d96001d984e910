"""The DOM: order + network + policy → the best plan, with its proof. Pure, and usable alone."""

from routing.errors import PlanCheckError, RoutingError, RoutingInputError
from routing.filters import within_reach
from routing.fulfillment import (
    Backorder,
    Certificate,
    FulfillmentPlan,
    PlannedLine,
    Shipment,
    Verdict,
    round_half_up,
)
from routing.network import Band, Network, RoutingLocation, Service
from routing.order import Destination, RoutingLine, RoutingOrder
from routing.planner import ENGINE_VERSION, plan
from routing.policy import Policy
from routing.presets import FEWEST_SHIPMENTS, LOWEST_COST, PRESETS
from routing.suggest import Standing, Suggestion, standings, suggest
from routing.verify import check_plan

__all__ = [
    "ENGINE_VERSION",
    "FEWEST_SHIPMENTS",
    "LOWEST_COST",
    "PRESETS",
    "Backorder",
    "Band",
    "Certificate",
    "Destination",
    "FulfillmentPlan",
    "Network",
    "PlanCheckError",
    "PlannedLine",
    "Policy",
    "RoutingError",
    "RoutingInputError",
    "RoutingLine",
    "RoutingLocation",
    "RoutingOrder",
    "Service",
    "Shipment",
    "Standing",
    "Suggestion",
    "Verdict",
    "check_plan",
    "plan",
    "round_half_up",
    "standings",
    "suggest",
    "within_reach",
]
