"""The DOM's decision as it is told over HTTP: exact inside, whole minor units outside."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict

from routing import Backorder, Certificate, FulfillmentPlan, PlannedLine, Shipment, Verdict, round_half_up
from routing.fulfillment import Outcome, Rule

_EXAMPLE: Final[dict[str, Any]] = {
    "shipments": [
        {
            "location_id": "dc-east",
            "service": "ground",
            "lines": [{"sku": "MUG", "quantity": 2}],
            "cost": 626,
        }
    ],
    "backorders": [],
    "objective": 626,
    "certificate": {"optimal": True, "lower_bound": 626, "gap": 0, "nodes": 1, "seconds": 0.0004},
    "verdicts": [
        {
            "location_id": "dc-east",
            "outcome": "chosen",
            "rule": None,
            "number": None,
            "threshold": None,
            "extra_cost": None,
            "extra_cost_at_least": None,
        }
    ],
}


class SkuQuantity(BaseModel):
    """Units of one product."""

    sku: str
    quantity: int


class ShipmentAnswered(BaseModel):
    """What one location sends, by which service, at what cost."""

    location_id: str
    service: str
    lines: list[SkuQuantity]
    cost: int

    @classmethod
    def of(cls, shipment: Shipment) -> Self:
        """Tell a shipment; its lines of one SKU are one."""
        return cls(
            location_id=shipment.location_id,
            service=shipment.service,
            lines=_by_sku(shipment.lines),
            cost=round_half_up(shipment.total),
        )


class CertificateAnswered(BaseModel):
    """How good the plan is: nothing can cost less than `lower_bound` with as few backorders."""

    optimal: bool
    lower_bound: int
    gap: int
    nodes: int
    seconds: float

    @classmethod
    def of(cls, certificate: Certificate, objective: int) -> Self:
        """Tell a certificate; the gap is that of the rounded numbers, so that they add up."""
        lower_bound = round_half_up(certificate.lower_bound)
        return cls(
            optimal=certificate.optimal,
            lower_bound=lower_bound,
            gap=objective - lower_bound,
            nodes=certificate.nodes,
            seconds=certificate.seconds,
        )


class VerdictAnswered(BaseModel):
    """Why a location ships or does not: the rule with its numbers, or how much dearer it would be."""

    location_id: str
    outcome: Outcome
    rule: Rule | None
    number: float | None
    threshold: float | None
    extra_cost: int | None
    extra_cost_at_least: int | None

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Tell a verdict."""
        return cls(
            location_id=verdict.location_id,
            outcome=verdict.outcome,
            rule=verdict.rule,
            number=verdict.number,
            threshold=verdict.threshold,
            extra_cost=_rounded(verdict.extra_cost),
            extra_cost_at_least=_rounded(verdict.extra_cost_at_least),
        )


class PlanAnswered(BaseModel):
    """The decision with its proof; it reserves and changes nothing."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    shipments: list[ShipmentAnswered]
    backorders: list[SkuQuantity]
    objective: int
    certificate: CertificateAnswered
    verdicts: list[VerdictAnswered]

    @classmethod
    def of(cls, plan: FulfillmentPlan) -> Self:
        """Tell a plan."""
        objective = round_half_up(plan.objective)
        return cls(
            shipments=[ShipmentAnswered.of(shipment) for shipment in plan.shipments],
            backorders=_by_sku(plan.backorders),
            objective=objective,
            certificate=CertificateAnswered.of(plan.certificate, objective),
            verdicts=[VerdictAnswered.of(verdict) for verdict in plan.verdicts],
        )


def _by_sku(lines: Iterable[PlannedLine | Backorder]) -> list[SkuQuantity]:
    units: dict[str, int] = {}
    for line in lines:
        units[line.sku] = units.get(line.sku, 0) + line.quantity
    return [SkuQuantity(sku=sku, quantity=quantity) for sku, quantity in units.items()]


def _rounded(amount: Fraction | None) -> int | None:
    return None if amount is None else round_half_up(amount)
