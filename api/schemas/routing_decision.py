"""A routing decision with its proof, as it is kept for ever."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from routing.model.fulfillment import Kind, Outcome, Proof, Rule

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
                "ship_by": "2026-11-23T23:00:00+00:00",
                "deliver_by": "2026-11-25T23:00:00+00:00",
            }
        ],
        "backorders": [],
        "objective": 626,
        "objective_exact": "12517/20",
        "unsplit_cost": 626,
        "relaxed": [],
        "certificate": {
            "optimal": True,
            "lower_bound": 626,
            "gap": "0",
            "nodes": 1,
            "seconds": 0.0004,
            "proof": "search",
            "engine_version": "1",
            "input_hash": "9f2b5c0e",
            "policy": "lowest_cost",
            "policy_version": 1,
        },
        "verdicts": [
            {"location_id": "denver-dc", "outcome": "chosen"},
            {
                "location_id": "reno-store",
                "outcome": "dearer",
                "extra_cost": 410,
                "changes": [{"kind": "distance", "by": 120.5, "to": 500}],
            },
        ],
    },
    "replayable": True,
    "outcome": [
        {
            "fulfillment_id": "ful_5d1c_1",
            "location_id": "denver-dc",
            "status": "delivered",
            "promised": {
                "ship_by": "2026-11-24T09:00:02Z",
                "deliver_by": "2026-11-26T09:00:02Z",
                "cost": 626,
            },
            "actual": {"shipped_at": "2026-11-23T17:20:00Z", "delivered_at": "2026-11-26T11:05:00Z"},
            "shipped_late": False,
            "delivered_late": True,
        }
    ],
}


class RoutedLine(BaseModel):
    """Units of an order line."""

    line_id: str
    sku: str
    quantity: int


class RoutedBackorder(RoutedLine):
    """Units that wait; `expected_at` where enough of what is due will be theirs."""

    expected_at: datetime | None = None


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
    ship_by: datetime | None = Field(default=None, description="When it should have left")
    deliver_by: datetime | None = Field(default=None, description="When it should be there")


class RoutingProof(BaseModel):
    """How good the plan was, by which policy, on which input; `gap` is an exact fraction."""

    optimal: bool
    lower_bound: int
    gap: str
    nodes: int
    seconds: float
    proof: Proof | None = Field(default=None, description="What proved it; absent in decisions of before")
    engine_version: str
    input_hash: str
    policy: str
    policy_version: int


class SmallestChange(BaseModel):
    """The least that, alone, would have made a location ship.

    `price`: handling a shipment there costs `by` minor units less. `stock`: `by` more units of `sku`,
    `to` in all. `capacity`: room for `by` more units or orders, `to` in all. `distance`: `by` km nearer,
    `to` km away.
    """

    kind: Kind
    by: float | None = Field(default=None, description="null for a distance that had no end")
    to: float | None = None
    sku: str | None = None


class RoutingVerdict(BaseModel):
    """Why a location ships or does not; what does not apply is not there."""

    location_id: str
    outcome: Outcome
    rule: Rule | None = None
    number: float | None = None
    threshold: float | None = None
    extra_cost: int | None = None
    extra_cost_at_least: int | None = None
    changes: list[SmallestChange] | None = Field(default=None, description="Where they were asked for")
    unsought: list[Kind] | None = Field(
        default=None, description="Kinds of change nobody had time to look for"
    )


class ByHand(BaseModel):
    """Who decided, why, which locations no service reaches from, and which rules it overrode."""

    by: str
    reason: str | None
    overridden: list[str]
    rules: list[str] = []


class RoutingRecord(BaseModel):
    """The plan: fewest backordered units first, then the lowest objective; or what a person decided."""

    planned_at: datetime
    shipments: list[RoutedShipment]
    backorders: list[RoutedBackorder]
    objective: int
    objective_exact: str
    unsplit_cost: int | None = Field(description="Of the best plan from one location, null if there is none")
    relaxed: list[str] = Field(default=[], description="The soft rules that were given up, in that order")
    certificate: RoutingProof | None = Field(description="null for a person's decision: nobody proved it")
    verdicts: list[RoutingVerdict]
    manual: ByHand | None = Field(default=None, description="Only there for a person's decision")


class Promised(BaseModel):
    """What was promised when it was decided; the cost is the planned one, in minor units."""

    ship_by: datetime
    deliver_by: datetime | None
    cost: int


class Actual(BaseModel):
    """When it really left and arrived; null where it has not."""

    shipped_at: datetime | None
    delivered_at: datetime | None


class RoutingOutcome(BaseModel):
    """What became of the work that a decision asked of one location."""

    fulfillment_id: str
    location_id: str
    status: str
    promised: Promised
    actual: Actual
    shipped_late: bool | None = Field(description="True when overdue too; null while it may be in time")
    delivered_late: bool | None = Field(description="Likewise")


class RoutingDecision(BaseModel):
    """The n-th time that the order was routed."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    n: int
    at: datetime
    policy: str
    record: RoutingRecord
    replayable: bool = Field(description="Whether all that it rested on is kept and can be asked again")
    outcome: list[RoutingOutcome] = Field(description="What became of it, by location")
