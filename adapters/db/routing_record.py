"""The decision record: why each location ships or does not, as it is kept and shown."""

from fractions import Fraction
from typing import Any

from routing import FulfillmentPlan, Shipment, Verdict, round_half_up


def record_of(plan: FulfillmentPlan) -> dict[str, Any]:
    """The record of a plan as JSON; money in whole minor units, the objective also exact as a fraction."""
    certificate = plan.certificate
    return {
        "planned_at": plan.planned_at.isoformat(),
        "shipments": [shipment_of(shipment) for shipment in plan.shipments],
        "backorders": [
            {"line_id": line.line_id, "sku": line.sku, "quantity": line.quantity} for line in plan.backorders
        ],
        "objective": round_half_up(plan.objective),
        "objective_exact": str(plan.objective),
        "unsplit_cost": _money(plan.unsplit_cost),
        "certificate": {
            "optimal": certificate.optimal,
            "lower_bound": round_half_up(certificate.lower_bound),
            "gap": str(certificate.gap),
            "nodes": certificate.nodes,
            "seconds": certificate.seconds,
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
        "transit_days": str(shipment.transit_days),
    }


def verdict_of(verdict: Verdict) -> dict[str, Any]:
    """A location's verdict as JSON, without what does not apply."""
    content = {
        "location_id": verdict.location_id,
        "outcome": verdict.outcome,
        "rule": verdict.rule,
        "number": verdict.number,
        "threshold": verdict.threshold,
        "extra_cost": _money(verdict.extra_cost),
        "extra_cost_at_least": _money(verdict.extra_cost_at_least),
    }
    return {name: value for name, value in content.items() if value is not None}


def _money(amount: Fraction | None) -> int | None:
    return None if amount is None else round_half_up(amount)
