"""How routing decisions turn out: what was promised beside what happened, by policy."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from adapters.db.decisions import kept_promises
from api.access import Caller, needs
from api.bodies import Moment
from api.reading import JsonRoute, json_answer
from api.state import UsesServices

router = APIRouter(tags=["routing"], route_class=JsonRoute)

_EXAMPLE: Final[dict[str, Any]] = {
    "since": "2026-11-01T00:00:00Z",
    "until": "2026-12-01T00:00:00Z",
    "policies": [
        {
            "policy": "lowest_cost",
            "decisions": 1204,
            "asked": 1390,
            "shipped": 1371,
            "shipped_late": 22,
            "delivered": 1302,
            "delivered_late": 41,
            "cost": 634,
        }
    ],
}


class PolicyOutcome(BaseModel):
    """What became of a policy's decisions; `cost` is the mean of what shipped, as planned, in minor units."""

    policy: str
    decisions: int
    asked: int = Field(description="Times that a location was asked to ship something")
    shipped: int
    shipped_late: int
    delivered: int
    delivered_late: int
    cost: int | None = Field(description="null while nothing has shipped")


class RoutingOutcomes(BaseModel):
    """The decisions from `since`, before `until`, by policy; a person's stand under `manual`."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    since: datetime
    until: datetime
    policies: list[PolicyOutcome]


@router.get("/v1/routing/outcomes", summary="Promised and kept, by policy", response_model=RoutingOutcomes)
async def read_outcomes(
    since: Annotated[Moment, Query(examples=["2026-11-01T00:00:00Z"])],
    until: Annotated[Moment, Query(examples=["2026-12-01T00:00:00Z"])],
    services: UsesServices,
    _caller: Annotated[Caller, needs("routing:read")],
) -> Response:
    """Count what was decided in a time, how much of it left and arrived, and how much of that too late."""
    async with services.engine.connect() as connection:
        rows = await kept_promises(connection, since, until)
    policies = [dict(row._mapping) | {"cost": _whole(row.cost)} for row in rows]  # noqa: SLF001 (its public view)
    return json_answer({"since": since, "until": until, "policies": policies})


def _whole(cost: Any) -> int | None:
    return None if cost is None else round(cost)
