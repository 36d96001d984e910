"""The decision record: why each location ships or does not, as it is kept and shown.

Its text is canonical: one plan has one text, byte for byte, on any machine. So it says nothing of how long
the search took, and what rests on the machine's trigonometry is rounded.
"""

import math
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from routing.model.fulfillment import Backorder, Change, FulfillmentPlan, Shipment, Verdict, round_half_up
from routing.record.codec import canonical
from routing.record.forms import exact_text


def record_text(plan: FulfillmentPlan) -> str:
    """The record of a plan as canonical JSON."""
    return canonical(record_of(plan)).decode("ascii")


def record_of(plan: FulfillmentPlan) -> dict[str, Any]:
    """The record of a plan as JSON; money in whole minor units, the objective also exact as a fraction."""
    certificate = plan.certificate
    return {
        "planned_at": _moment(plan.planned_at),
        "shipments": [shipment_of(shipment) for shipment in plan.shipments],
        "backorders": [_backorder_of(line) for line in plan.backorders],
        "objective": round_half_up(plan.objective),
        "objective_exact": str(plan.objective),
        "unsplit_cost": _money(plan.unsplit_cost),
        "relaxed": list(plan.relaxed),
        "certificate": {
            "optimal": certificate.optimal,
            "lower_bound": round_half_up(certificate.lower_bound),
            "gap": str(certificate.gap),
            "nodes": certificate.nodes,
            "proof": certificate.proof,
            "engine_version": certificate.engine_version,
            "input_hash": certificate.input_hash,
            "policy": certificate.policy_name,
            "policy_version": certificate.policy_version,
        },
        "verdicts": [verdict_of(verdict) for verdict in plan.verdicts],
    }


def shipment_of(shipment: Shipment) -> dict[str, Any]:
    """A shipment as JSON, with what it costs in whole minor units."""
    return {
        "location_id": shipment.location_id,
        "service": shipment.service,
        "lines": [
            {"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity} for line in shipment.lines
        ],
        "handling": round_half_up(shipment.handling),
        "shipping": round_half_up(shipment.shipping),
        "cost": round_half_up(shipment.total),
        "km": round(shipment.km, 1),
        "transit_days": exact_text(shipment.transit_days),
        "ship_by": _moment(shipment.ship_by),
        "deliver_by": _moment(shipment.deliver_by),
    }


def _backorder_of(line: Backorder) -> dict[str, Any]:
    told = {"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity}
    return told if line.expected_at is None else told | {"expected_at": _moment(line.expected_at)}


def verdict_of(verdict: Verdict) -> dict[str, Any]:
    """A location's verdict as JSON, without what does not apply."""
    content: dict[str, Any] = {
        "location_id": verdict.location_id,
        "outcome": verdict.outcome,
        "rule": verdict.rule,
        "number": _rounded(verdict.number),
        "threshold": _rounded(verdict.threshold),
        "extra_cost": _money(verdict.extra_cost),
        "extra_cost_at_least": _money(verdict.extra_cost_at_least),
    }
    if verdict.changes is not None:
        content["changes"] = [change_of(change) for change in verdict.changes]
    if verdict.unsought:
        content["unsought"] = list(verdict.unsought)
    return {name: value for name, value in content.items() if value is not None}


def change_of(change: Change) -> dict[str, Any]:
    """A smallest change as JSON; that of a price is the least one in whole minor units."""
    whole = math.floor(change.by) + 1 if change.kind == "price" else _rounded(change.by)
    content = {"kind": change.kind, "by": whole, "to": _rounded(change.to), "sku": change.sku}
    return {name: value for name, value in content.items() if value is not None}


def _money(amount: Fraction | None) -> int | None:
    return None if amount is None else round_half_up(amount)


def _rounded(number: Fraction | float | None) -> Fraction | float | int | None:
    """A count as it is; kilometres and days to the thousandth, since their last digits are the machine's.

    An endless reach is no number of JSON's, and none that helps: it is left out.
    """
    if not isinstance(number, float):
        return number
    return round(number, 3) if math.isfinite(number) else None


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
