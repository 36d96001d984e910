"""What a person who routes by hand is offered, and what each location lacks."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from routing.model.fulfillment import Rule

_LINES: Final = [{"line_id": "1", "quantity": 2}]
_EXAMPLE: Final[dict[str, Any]] = {
    "pending": _LINES,
    "suggestions": [
        {
            "rank": 1,
            "source": "lowest_cost",
            "why": "the fewest units wait, at the lowest cost there is",
            "allocations": [{"location_id": "denver-dc", "service": "ground", "lines": _LINES, "cost": 626}],
            "backorders": [],
            "total_cost": 626,
            "ship_by": "2026-11-25T09:00:00Z",
            "deliver_by": "2026-11-27T09:00:00Z",
        }
    ],
    "locations": [
        {"location_id": "denver-dc", "km": 11.4, "serves": True, "rule": None, "lacks": []},
        {
            "location_id": "reno-store",
            "km": 1263.0,
            "serves": True,
            "rule": None,
            "lacks": [{"sku": "MUG-BLUE", "quantity": 1}],
        },
    ],
}


class SuggestedUnits(BaseModel):
    """Units of an order line."""

    line_id: str
    quantity: int


class SuggestedPart(BaseModel):
    """What one location would ship, by which service, at what cost in minor units."""

    location_id: str
    service: str
    lines: list[SuggestedUnits]
    cost: int


class Suggested(BaseModel):
    """One way to ship the pending units; `allocations` can be posted to `…/allocate` as they are."""

    rank: int
    source: Literal[
        "lowest_cost",
        "fewest_shipments",
        "fastest",
        "all_in_one_first",
        "priority_list",
        "fewest_then_nearest",
        "single_location",
    ]
    why: str
    allocations: list[SuggestedPart]
    backorders: list[SuggestedUnits] = Field(description="What would go on waiting")
    total_cost: int
    ship_by: datetime
    deliver_by: datetime


class MissingUnits(BaseModel):
    """Units of a product that are not there."""

    sku: str
    quantity: int


class LocationStanding(BaseModel):
    """What a location lacks of the pending units, and the rule that keeps it out, if one does."""

    location_id: str
    km: float
    serves: bool
    rule: Rule | None
    lacks: list[MissingUnits]


class Suggestions(BaseModel):
    """Ranked suggestions for the pending units, and where the locations stand, the best of both first."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    pending: list[SuggestedUnits]
    suggestions: list[Suggested]
    locations: list[LocationStanding]
