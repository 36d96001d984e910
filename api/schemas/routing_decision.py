"""A routing decision with its proof, as it is kept for ever."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from routing.fulfillment import Outcome, Rule

_EXAMPLE: Final[dict[str, Any]] = {
    "n": 1,
    "at": "2026-11-23T09:00:02Z",
    "policy": "lowest_cost",
    "record": {
        "planned_at": "2026-11-23T09:00:02+00:00",
        "shipments": [
            {
                "location_id": "denver-dc",
                "service": "ground",
                "lines": [{"line_id": "1", "sku": "MUG-BLUE", "quantity": 2}],
                "handling": 120,
                "shipping": 506,
                "cost": 626,
                "km": 11.4,
                "transit_days": "2",
            }
        ],
        "backorders": [],
        "objective": 626,
        "objective_exact": "12517/20",
        "unsplit_cost": 626,
        "certificate": {
            "optimal": True,
            "lower_bound": 626,
            "gap": "0",
            "nodes": 1,
            "seconds": 0.0004,
            "engine_version": "1",
            "input_hash": "9f2b5c0e",
            "policy": "lowest_cost",
            "policy_version": 1,
        },
        "verdicts": [
            {"location_id": "denver-dc", "outcome": "chosen"},
            {"location_id": "reno-store", "outcome": "dearer", "extra_cost": 410},
        ],
    },
}


class RoutedLine(BaseModel):
    """Units of an order line."""

    line_id: str
    sku: str
    quantity: int


class RoutedShipment(BaseModel):
    """What one location was to send; costs are whole minor units, `transit_days` exact."""

    location_id: str
    service: str
    lines: list[RoutedLine]
    handling: int
    shipping: int
    cost: int
    km: float
    transit_days: str


class RoutingProof(BaseModel):
    """How good the plan was, by which policy, on which input; `gap` is an exact fraction."""

    optimal: bool
    lower_bound: int
    gap: str
    nodes: int
    seconds: float
    engine_version: str
    input_hash: str
    policy: str
    policy_version: int


class RoutingVerdict(BaseModel):
    """Why a location ships or does not; what does not apply is not there."""

    location_id: str
    outcome: Outcome
    rule: Rule | None = None
    number: float | None = None
    threshold: float | None = None
    extra_cost: int | None = None
    extra_cost_at_least: int | None = None


class ByHand(BaseModel):
    """Who decided, why, and which locations were to ship to where no service of theirs reaches."""

    by: str
    reason: str | None
    overridden: list[str]


class RoutingRecord(BaseModel):
    """The plan: fewest backordered units first, then the lowest objective; or what a person decided."""

    planned_at: datetime
    shipments: list[RoutedShipment]
    backorders: list[RoutedLine]
    objective: int
    objective_exact: str
    unsplit_cost: int | None = Field(description="Of the best plan from one location, null if there is none")
    certificate: RoutingProof | None = Field(description="null for a person's decision: nobody proved it")
    verdicts: list[RoutingVerdict]
    manual: ByHand | None = Field(default=None, description="Only there for a person's decision")


class RoutingDecision(BaseModel):
    """The n-th time that the order was routed."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    n: int
    at: datetime
    policy: str
    record: RoutingRecord
