"""Suggestions for a person who routes by hand, as they are told over HTTP."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from adapters.db.due_dates import dated
from adapters.db.routing_request import RoutingRequest
from api.promised import Rules
from routing import (
    LOWEST_COST,
    Backorder,
    Network,
    PlannedLine,
    Standing,
    Suggestion,
    round_half_up,
    standings,
    suggest,
)

WHY: Final = {
    "lowest_cost": "the fewest units wait, at the lowest cost there is",
    "fewest_shipments": "the fewest units wait, in the fewest shipments",
    "fastest": "the fewest units wait, and the others arrive soonest",
    "all_in_one_first": "the fewest units wait, in one shipment where one holds them all",
    "priority_list": "the fewest units wait, from the locations in their order of rank",
    "fewest_then_nearest": "the fewest units wait, in the fewest shipments from the nearest locations",
}
"""What each preset is good at; a test says that none is missing."""


def suggested(request: RoutingRequest, *, now: datetime, rules: Rules) -> dict[str, Any]:
    """Plan and tell; without pending units, or for an address without a place, there is nothing to tell.

    Pure computing that may take some seconds.
    """
    if request.order is None:
        return {"pending": [], "suggestions": [], "locations": []}
    limits = request.limited(rules.policy)
    found = suggest(request.order, request.network, limits, now=now)
    best = min((one.plan.cost for one in found), default=Fraction(0))
    return {
        "pending": [{"line_id": one.line_id, "quantity": one.quantity} for one in request.order.lines],
        "suggestions": [
            {"rank": rank, **_told(one, best), **_times(one, request.network, now + rules.ship_within)}
            for rank, one in enumerate(found, 1)
        ],
        "locations": [_standing(one) for one in standings(request.order, request.network, limits, now=now)],
    }


def _told(one: Suggestion, best: Fraction) -> dict[str, Any]:
    return {
        "source": one.source,
        "why": _why(one, best),
        "allocations": [
            {
                "location_id": shipment.location_id,
                "service": shipment.service,
                "lines": _units(shipment.lines),
                "cost": round_half_up(shipment.total),
            }
            for shipment in one.plan.shipments
        ],
        "backorders": _units(one.plan.backorders),
        "total_cost": round_half_up(one.plan.cost),
    }


def _why(one: Suggestion, best: Fraction) -> str:
    extra = round_half_up(one.plan.cost - best)
    dearer = f", {extra} dearer than the cheapest of these" if extra else ""
    if one.source == "single_location":
        return f"one location has everything{dearer}"
    if one.source == LOWEST_COST.name and not one.plan.certificate.optimal:
        return f"the fewest units wait, at the lowest cost that was found in time{dearer}"
    why = WHY.get(one.source, f"what the policy {one.source} says")
    return f"{why}{dearer}"


def _times(one: Suggestion, network: Network, due: datetime) -> dict[str, datetime]:
    """When the last of it leaves, and is there."""
    sent = dated(one.plan.shipments, network, due)
    return {
        "ship_by": max(shipment.ship_by or due for shipment in sent),
        "deliver_by": max(shipment.deliver_by or due for shipment in sent),
    }


def _standing(one: Standing) -> dict[str, Any]:
    lacks: Sequence[dict[str, Any]] = [{"sku": sku, "quantity": units} for sku, units in one.lacks]
    serves = one.rule in {None, "no_stock"}
    return {
        "location_id": one.location_id,
        "km": round(one.km, 1),
        "serves": serves,
        "rule": one.rule,
        "lacks": lacks,
    }


def _units(lines: Iterable[PlannedLine | Backorder]) -> list[dict[str, Any]]:
    return [{"line_id": line.line_id, "quantity": line.quantity} for line in lines]
