"""The recheck: a plan must keep every limit and cost what it says.

Plain arithmetic on the input itself. It shares no number with the search, whatever found the plan.
"""

from collections import Counter
from fractions import Fraction

from routing.errors import PlanCheckError
from routing.model.case import Case
from routing.model.fulfillment import Backorder, FulfillmentPlan, PlannedLine, Shipment
from routing.model.network import Network, RoutingLocation
from routing.model.order import RoutingOrder
from routing.model.policy import Policy
from routing.record.carriage import carriage_due, dates_hold
from routing.record.fitness import check_fitness


def check_plan(plan: FulfillmentPlan, order: RoutingOrder, network: Network, policy: Policy) -> None:
    """Raise PlanCheckError unless the plan may be carried out and its objective is right."""
    case = Case(order, network, plan.planned_at)
    _check_lines(plan, order)
    _check_stock(plan, network)
    _check_rules(plan, policy, case)
    locations = {location.id: location for location in network.locations}
    objective = sum(line.quantity for line in plan.backorders) * Fraction(policy.backorder_penalty or 0)
    for shipment in plan.shipments:
        location = locations[shipment.location_id]
        _check_capacity(shipment, location)
        check_fitness(shipment, location, case)
        _check_carriage(shipment, location, case)
        objective += _judged(shipment, policy, case)
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


def _check_rules(plan: FulfillmentPlan, policy: Policy, case: Case) -> None:
    ids = [shipment.location_id for shipment in plan.shipments]
    _require(len(set(ids)) == len(ids), "a location ships twice")
    for rule in policy.rules:
        breach = rule.breaches(plan, case)
        _require(breach is None, f"{rule.name}: {breach}")


def _check_capacity(shipment: Shipment, location: RoutingLocation) -> None:
    units = sum(part.quantity for part in shipment.lines)
    used = units if location.capacity_unit == "units" else 1
    fits = location.capacity is None or used <= location.capacity
    _require(units > 0 and fits, f"{location.id} ships {units} units, capacity {location.capacity}")


def _check_carriage(shipment: Shipment, location: RoutingLocation, case: Case) -> None:
    units = sum(part.quantity for part in shipment.lines)
    handling = Fraction(location.handling_cost) + units * Fraction(location.handling_per_unit)
    shipping = carriage_due(shipment, location, case)
    right = (handling, shipping) == (shipment.handling, shipment.shipping)
    _require(right, f"the shipment from {location.id} costs {handling} + {shipping}")
    _require(
        dates_hold(shipment, location, case), f"the shipment from {location.id} cannot leave when it says"
    )


def _judged(shipment: Shipment, policy: Policy, case: Case) -> Fraction:
    """What a shipment adds to the objective: the policy's terms and its opportunity prices."""
    prices = policy.opportunity_price
    worth = (
        part.quantity * Fraction(prices.get((part.sku, shipment.location_id), 0)) for part in shipment.lines
    )
    terms = (Fraction(term.weight) * term.charge(shipment, case) for term in policy.terms)
    return sum(terms, sum(worth, Fraction(0)))


def _require(truth: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not truth:
        raise PlanCheckError(otherwise)
