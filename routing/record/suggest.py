"""Ranked plans for a person to choose from: the policies' own, and each location that has everything."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from routing.model.fulfillment import FulfillmentPlan, Rule
from routing.model.network import Network
from routing.model.order import RoutingOrder
from routing.model.policy import Policy
from routing.model.presets import PRESETS
from routing.planner import plan
from routing.pricing.distance import haversine_km
from routing.pricing.filters import Candidate, sift

NODE_LIMIT = 20_000  # some seconds at most: a person waits
MOST_SUGGESTIONS = 10
MOST_STANDINGS = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A plan and where it comes from: the name of a policy, or `single_location`."""

    source: str
    plan: FulfillmentPlan

    @property
    def waiting(self) -> int:
        """Units that it leaves without stock."""
        return sum(line.quantity for line in self.plan.backorders)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one location stands to an order: what keeps it out, if anything does, and the units it lacks."""

    location_id: str
    km: float
    rule: Rule | None
    lacks: tuple[tuple[str, int], ...]


def suggest(
    order: RoutingOrder, network: Network, limits: Policy, *, now: datetime
) -> tuple[Suggestion, ...]:
    """Plans within the hard rules of a policy, its own among them, the best first, each once.

    Ranked as the planner ranks: fewest units waiting, then the lowest cost, then the fewest shipments.
    """
    found = [
        Suggestion(policy.name, _plan(order, network, _within(policy, limits), now))
        for policy in PRESETS.values()
    ]
    if limits.name not in PRESETS:
        found.append(Suggestion(limits.name, _plan(order, network, limits, now)))
    candidates, _ = sift(order, network, limits, now)
    wanted = _wanted(order)
    for candidate in candidates:
        if _has_all(candidate, wanted):
            alone = replace(network, locations=(candidate.location,))
            found.append(Suggestion("single_location", _plan(order, alone, limits, now)))
    ranked = sorted(_each_once(found), key=lambda one: (one.waiting, one.plan.cost, len(one.plan.shipments)))
    return tuple(ranked[:MOST_SUGGESTIONS])


def standings(
    order: RoutingOrder, network: Network, limits: Policy, *, now: datetime
) -> tuple[Standing, ...]:
    """Every location and what it lacks, those that lack least and are nearest first."""
    _, excluded = sift(order, network, limits, now)
    rules = {verdict.location_id: verdict.rule for verdict in excluded}
    wanted = _wanted(order)
    found = [
        Standing(
            location_id=place.id,
            km=haversine_km(place.lat, place.lng, order.destination.lat, order.destination.lng),
            rule=rules.get(place.id),
            lacks=tuple(
                (sku, units - held)
                for sku, units in wanted.items()
                if (held := max(network.stock.get((place.id, sku), 0), 0)) < units
            ),
        )
        for place in network.locations
    ]
    found.sort(key=lambda one: (one.rule is not None, sum(n for _, n in one.lacks), one.km, one.location_id))
    return tuple(found[:MOST_STANDINGS])


def _plan(order: RoutingOrder, network: Network, policy: Policy, now: datetime) -> FulfillmentPlan:
    return plan(order, network, policy, now=now, explain=False, node_limit=NODE_LIMIT)


def _within(policy: Policy, limits: Policy) -> Policy:
    hard = [rule for rule in limits.rules if not rule.soft]
    return replace(policy, rules=(*hard, *policy.rules))


def _wanted(order: RoutingOrder) -> dict[str, int]:
    units: dict[str, int] = {}
    for line in order.lines:
        units[line.sku] = units.get(line.sku, 0) + line.quantity
    return units


def _has_all(candidate: Candidate, wanted: dict[str, int]) -> bool:
    place = candidate.location
    needed = sum(wanted.values()) if place.capacity_unit == "units" else 1
    fits = place.capacity is None or place.capacity >= needed
    return fits and all(candidate.available.get(sku, 0) >= units for sku, units in wanted.items())


def _each_once(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Plans that ship something, the first of equal ones."""
    known: dict[object, Suggestion] = {}
    for one in found:
        if one.plan.shipments:
            known.setdefault(tuple((s.location_id, s.service, s.lines) for s in one.plan.shipments), one)
    return list(known.values())
