"""The DOM's decision as it is told over HTTP: exact inside, whole minor units outside."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.routing_decision import SmallestChange
from routing import Backorder, Certificate, FulfillmentPlan, PlannedLine, Shipment, Verdict, round_half_up
from routing.model.fulfillment import Change, Kind, Outcome, Proof, Rule
from routing.record.written import change_of

_EXAMPLE: Final[dict[str, Any]] = {
    "shipments": [
        {
            "location_id": "dc-east",
            "service": "ground",
            "lines": [{"sku": "MUG", "quantity": 2}],
            "cost": 626,
            "handling": 120,
            "shipping": 506,
            "km": 11.4,
            "transit_days": 2,
            "ship_by": "2026-11-23T23:00:00Z",
            "deliver_by": "2026-11-25T23:00:00Z",
        }
    ],
    "backorders": [],
    "objective": 626,
    "unsplit_cost": 626,
    "relaxed": [],
    "certificate": {
        "optimal": True,
        "lower_bound": 626,
        "gap": 0,
        "nodes": 1,
        "seconds": 0.0004,
        "proof": "search",
        "engine_version": "1",
        "input_hash": "9f2b5c0e",
        "policy": "lowest_cost",
        "policy_version": 1,
    },
    "verdicts": [
        {
            "location_id": "dc-east",
            "outcome": "chosen",
            "rule": None,
            "number": None,
            "threshold": None,
            "extra_cost": None,
            "extra_cost_at_least": None,
            "changes": None,
            "unsought": [],
        }
    ],
}


class SkuQuantity(BaseModel):
    """Units of one product."""

    sku: str
    quantity: int


class BackorderAnswered(SkuQuantity):
    """Units of one SKU that wait, and when the last of them comes, if enough is due."""

    expected_at: datetime | None


class ShipmentAnswered(BaseModel):
    """What one location sends, by which service, when, and at what cost: handling and shipping."""

    location_id: str
    service: str
    lines: list[SkuQuantity]
    cost: int
    handling: int
    shipping: int
    km: float
    transit_days: float
    ship_by: datetime | None = Field(description="When it leaves at the latest")
    deliver_by: datetime | None = Field(description="When it is there at the latest")

    @classmethod
    def of(cls, shipment: Shipment) -> Self:
        """Tell a shipment; its lines of one SKU are one."""
        return cls(
            location_id=shipment.location_id,
            service=shipment.service,
            lines=_by_sku(shipment.lines),
            cost=round_half_up(shipment.total),
            handling=round_half_up(shipment.handling),
            shipping=round_half_up(shipment.shipping),
            km=round(shipment.km, 1),
            transit_days=float(shipment.transit_days),
            ship_by=shipment.ship_by,
            deliver_by=shipment.deliver_by,
        )


class CertificateAnswered(BaseModel):
    """How good the plan is: nothing can cost less than `lower_bound` with as few backorders."""

    optimal: bool
    lower_bound: int
    gap: int
    nodes: int
    seconds: float
    proof: Proof
    engine_version: str
    input_hash: str
    policy: str
    policy_version: int

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
            proof=certificate.proof,
            engine_version=certificate.engine_version,
            input_hash=certificate.input_hash,
            policy=certificate.policy_name,
            policy_version=certificate.policy_version,
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
    changes: list[SmallestChange] | None = Field(description="null where they were not asked for")
    unsought: list[Kind] = Field(description="Kinds of change that nobody had time to look for")

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
            changes=_told(verdict.changes),
            unsought=list(verdict.unsought),
        )


class PlanAnswered(BaseModel):
    """The decision with its proof; it reserves and changes nothing."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    shipments: list[ShipmentAnswered]
    backorders: list[BackorderAnswered]
    objective: int
    unsplit_cost: int | None = Field(description="Of the best plan from one location, null if there is none")
    relaxed: list[str] = Field(description="The soft rules that were given up, in that order")
    certificate: CertificateAnswered
    verdicts: list[VerdictAnswered]

    @classmethod
    def of(cls, plan: FulfillmentPlan) -> Self:
        """Tell a plan."""
        objective = round_half_up(plan.objective)
        return cls(
            shipments=[ShipmentAnswered.of(shipment) for shipment in plan.shipments],
            backorders=_waiting(plan.backorders),
            objective=objective,
            unsplit_cost=_rounded(plan.unsplit_cost),
            relaxed=list(plan.relaxed),
            certificate=CertificateAnswered.of(plan.certificate, objective),
            verdicts=[VerdictAnswered.of(verdict) for verdict in plan.verdicts],
        )


def _waiting(lines: Sequence[Backorder]) -> list[BackorderAnswered]:
    dates: dict[str, list[datetime | None]] = {}
    for line in lines:
        dates.setdefault(line.sku, []).append(line.expected_at)
    return [
        BackorderAnswered(sku=one.sku, quantity=one.quantity, expected_at=_last(dates[one.sku]))
        for one in _by_sku(lines)
    ]


def _last(dates: Sequence[datetime | None]) -> datetime | None:
    known = [date for date in dates if date is not None]
    return max(known) if len(known) == len(dates) else None


def _by_sku(lines: Iterable[PlannedLine | Backorder]) -> list[SkuQuantity]:
    units: dict[str, int] = {}
    for line in lines:
        units[line.sku] = units.get(line.sku, 0) + line.quantity
    return [SkuQuantity(sku=sku, quantity=quantity) for sku, quantity in units.items()]


def _told(changes: Iterable[Change] | None) -> list[SmallestChange] | None:
    if changes is None:
        return None
    return [SmallestChange.model_validate(change_of(change)) for change in changes]


def _rounded(amount: Fraction | None) -> int | None:
    return None if amount is None else round_half_up(amount)
