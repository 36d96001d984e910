"""Suggestions for a person who routes by hand, as they are told over HTTP."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from adapters.db.routing_request import RoutingRequest
from routing import (
    LOWEST_COST,
    Backorder,
    PlannedLine,
    Standing,
    Suggestion,
    round_half_up,
    standings,
    suggest,
)
from routing.policy import Policy


def suggested(request: RoutingRequest, *, now: datetime, ship_within: timedelta) -> dict[str, Any]:
    """Plan and tell; without pending units, or for an address without a place, there is nothing to tell.

    Pure computing that may take some seconds.
    """
    if request.order is None:
        return {"pending": [], "suggestions": [], "locations": []}
    limits = Policy(
        name=LOWEST_COST.name,
        exclude_locations=request.exclude | request.failed,
        include_locations=request.include,
    )
    found = suggest(request.order, request.network, limits, now=now)
    best = min((one.plan.cost for one in found), default=Fraction(0))
    return {
        "pending": [{"line_id": one.line_id, "quantity": one.quantity} for one in request.order.lines],
        "suggestions": [
            {"rank": rank, **_told(one, best), **_times(one, now + ship_within)}
            for rank, one in enumerate(found, 1)
        ],
        "locations": [_standing(one) for one in standings(request.order, request.network, limits)],
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
    if one.source == LOWEST_COST.name:
        proven = "there is" if one.plan.certificate.optimal else "that was found in time"
        return f"the fewest units wait, at the lowest cost {proven}{dearer}"
    return f"the fewest units wait, in the fewest shipments{dearer}"


def _times(one: Suggestion, ship_by: datetime) -> dict[str, datetime]:
    days = max(float(shipment.transit_days) for shipment in one.plan.shipments)
    return {"ship_by": ship_by, "deliver_by": ship_by + timedelta(days=days)}


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
