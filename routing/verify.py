"""The recheck: a plan must keep every limit and cost what it says.

Plain arithmetic on the input itself. It shares no number with the search, whatever found the plan.
"""

from collections import Counter
from fractions import Fraction

from routing.distance import BandTable, haversine_km
from routing.errors import PlanCheckError
from routing.fulfillment import Backorder, FulfillmentPlan, PlannedLine, Shipment
from routing.network import Network, RoutingLocation
from routing.order import RoutingOrder
from routing.policy import Policy


def check_plan(plan: FulfillmentPlan, order: RoutingOrder, network: Network, policy: Policy) -> None:
    """Raise PlanCheckError unless the plan may be carried out and its objective is right."""
    _check_lines(plan, order)
    _check_stock(plan, network)
    _check_policy(plan, policy)
    locations = {location.id: location for location in network.locations}
    objective = Fraction(0)
    for shipment in plan.shipments:
        location = locations[shipment.location_id]
        _check_capacity(shipment, location)
        _check_cost(shipment, location, order, network)
        objective += shipment.total + _steering(shipment, policy)
    _require(objective == plan.objective, f"objective is {objective}, not {plan.objective}")


def _check_lines(plan: FulfillmentPlan, order: RoutingOrder) -> None:
    asked = Counter({(line.line_id, line.sku): line.quantity for line in order.lines})
    given: Counter[tuple[str, str]] = Counter()
    parts: list[PlannedLine | Backorder] = [*plan.backorders]
    for shipment in plan.shipments:
        parts += shipment.lines
    for part in parts:
        _require(part.quantity > 0, f"line {part.line_id} has a part of {part.quantity} units")
        given[part.line_id, part.sku] += part.quantity
    _require(given == asked, "shipments and backorders are not what was ordered")


def _check_stock(plan: FulfillmentPlan, network: Network) -> None:
    sent: Counter[tuple[str, str]] = Counter()
    for shipment in plan.shipments:
        for part in shipment.lines:
            sent[shipment.location_id, part.sku] += part.quantity
    for key, units in sent.items():
        _require(units <= network.stock.get(key, 0), f"{key} ships {units}, more than it has")


def _check_policy(plan: FulfillmentPlan, policy: Policy) -> None:
    ids = [shipment.location_id for shipment in plan.shipments]
    _require(len(set(ids)) == len(ids), "a location ships twice")
    _require(policy.exclude_locations.isdisjoint(ids), "an excluded location ships")
    allowed = policy.include_locations
    _require(allowed is None or allowed.issuperset(ids), "a location not included ships")
    cap = policy.max_shipments
    _require(cap is None or len(ids) <= cap, f"{len(ids)} shipments, more than {cap}")


def _check_capacity(shipment: Shipment, location: RoutingLocation) -> None:
    units = sum(part.quantity for part in shipment.lines)
    used = units if location.capacity_unit == "units" else 1
    fits = location.capacity is None or used <= location.capacity
    _require(units > 0 and fits, f"{location.id} ships {units} units, capacity {location.capacity}")


def _check_cost(shipment: Shipment, location: RoutingLocation, order: RoutingOrder, network: Network) -> None:
    to = order.destination
    service = next(service for service in network.services if service.name == shipment.service)
    band = BandTable.of(service).at(haversine_km(location.lat, location.lng, to.lat, to.lng))
    if band is None:
        raise PlanCheckError(f"{shipment.service} does not reach from {location.id}")
    weights = {line.line_id: line.weight_g for line in order.lines}
    units = sum(part.quantity for part in shipment.lines)
    grams = sum(part.quantity * weights[part.line_id] for part in shipment.lines)
    handling = Fraction(location.handling_cost) + units * Fraction(location.handling_per_unit)
    shipping = Fraction(band.base) + Fraction(grams, 1000) * Fraction(band.per_kg)
    right = (handling, shipping) == (shipment.handling, shipment.shipping)
    _require(right, f"the shipment from {location.id} costs {handling} + {shipping}")


def _steering(shipment: Shipment, policy: Policy) -> Fraction:
    """What the policy adds to the objective for a shipment, beyond its cost."""
    prices = policy.opportunity_price
    worth = (
        part.quantity * Fraction(prices.get((part.sku, shipment.location_id), 0)) for part in shipment.lines
    )
    return sum(worth, Fraction(policy.shipment_penalty))


def _require(truth: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not truth:
        raise PlanCheckError(otherwise)
