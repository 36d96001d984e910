"""Inventory: levels by location and SKU, counts and adjustments."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.counting import Adjustment, StockCount, adjust, take_count
from adapters.db.engine import in_transaction
from adapters.db.queries.inventory import list_levels, show_level
from adapters.db.stock_targets import StockTargets, alerts, put_targets
from api.access import Caller, needs, needs_keyed
from api.bodies import Body, Count, FreeText, Identifier, Moment
from api.cells import check_cell
from api.idempotency import Answer, once
from api.paging import Listed, Page, page_of
from api.reading import JsonRoute, json_answer
from api.schemas.inventory_row import InventoryRow
from api.schemas.stock_alert import ALERTS, Alert, StockAlert, alert_shown
from api.state import UsesServices
from config.failpoints import declare, failpoint
from domain.errors import InvalidContent, NotFound

router = APIRouter(prefix="/v1/inventory", tags=["inventory"], route_class=JsonRoute)

_TAKEN: Final = declare("count-taken", "a count is committed, whoever counted has no answer")
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
Days = Annotated[int, Field(strict=True, ge=0, le=3_650)]
Writer = Annotated[Caller, needs("inventory:write")]


class CountPut(Body):
    """What was counted, and when; what moved since then is added."""

    model_config = ConfigDict(json_schema_extra={"example": {"on_hand": 40, "as_of": "2026-11-23T08:00:00Z"}})

    on_hand: Count
    as_of: Moment


class AdjustmentPosted(Body):
    """Units that came (delta above 0) or went."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"location_id": "denver-dc", "sku": "MUG-BLUE", "delta": 12, "reason": "receipt"}
        }
    )

    location_id: Identifier
    sku: Identifier
    delta: Annotated[int, Field(strict=True, ge=-1_000_000_000, le=1_000_000_000)]
    reason: FreeText


class TargetsPut(Body):
    """Units that are promised to nobody, bounds in units, and in days of sales; what is left out is none."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"safety_stock": 5, "maximum": 120, "least_cover_days": 7}}
    )

    safety_stock: Count = 0
    maximum: Count | None = None
    least_cover_days: Days | None = None
    most_cover_days: Days | None = None

    @model_validator(mode="after")
    def _bounds_leave_room(self) -> Self:
        if self.maximum is not None and self.maximum < self.safety_stock:
            raise ValueError("the maximum is below the safety stock")
        least, most = self.least_cover_days, self.most_cover_days
        if least is not None and most is not None and most < least:
            raise ValueError("most_cover_days is below least_cover_days")
        return self


@dataclass(frozen=True, slots=True)
class AlertsAsked:
    """Which alerts: both where none is named."""

    alert: Annotated[list[Alert] | None, Query()] = None
    location_id: Annotated[str | None, Query(max_length=100)] = None


@dataclass(frozen=True, slots=True)
class LevelsAsked:
    """Which levels: `location` is another name for `location_id`."""

    location_id: Annotated[str | None, Query(max_length=100)] = None
    location: Annotated[str | None, Query(max_length=100, description="The same as `location_id`")] = None
    sku: Annotated[list[str] | None, Query(max_length=200)] = None


@router.get(
    "",
    summary="Levels",
    response_model=Listed[InventoryRow],
    responses={404: {"description": "The location is not yours"}},
)
async def list_inventory(
    services: UsesServices,
    caller: Annotated[Caller, needs("inventory:read")],
    page: Page,
    asked: Annotated[LevelsAsked, Depends()],
) -> Response:
    """List levels by SKU and location; a location's key sees its own."""
    location_id = asked.location_id or asked.location
    if location_id is not None and not caller.works_at(location_id):
        raise NotFound("There is no such location.")
    async with services.engine.connect() as connection:
        rows = await list_levels(
            connection,
            location_id=location_id or caller.location_id,
            skus=asked.sku or (),
            after=page.after(str, str),
            limit=page.limit + 1,
        )
    shown, cursor = page_of(rows, page, lambda row: (row.sku, row.location_id))
    return json_answer({"data": [row._asdict() for row in shown], "next_cursor": cursor})


@router.get(
    "/alerts",
    summary="Too little or too much",
    response_model=Listed[StockAlert],
    responses={404: {"description": "The location is not yours"}},
)
async def list_alerts(
    services: UsesServices,
    caller: Annotated[Caller, needs("inventory:read")],
    page: Page,
    asked: Annotated[AlertsAsked, Depends()],
) -> Response:
    """List cells outside the bounds that were set for them; a location's key sees its own."""
    if asked.location_id is not None and not caller.works_at(asked.location_id):
        raise NotFound("There is no such location.")
    reasons = [reason for one in asked.alert or ALERTS for reason in ALERTS[one]]
    async with services.engine.connect() as connection:
        rows = await alerts(
            connection,
            reasons,
            location_id=asked.location_id or caller.location_id,
            after=page.after(str, str),
            limit=page.limit + 1,
            now=services.now(),
        )
    shown, cursor = page_of(rows, page, lambda row: (row.sku, row.location_id))
    return json_answer({"data": [alert_shown(row) for row in shown], "next_cursor": cursor})


@router.put(
    "/targets/{location_id}/{sku:path}",
    summary="What it should hold",
    response_model=InventoryRow,
)
async def set_targets(
    location_id: str,
    sku: str,
    body: TargetsPut,
    services: UsesServices,
    caller: Annotated[Caller, needs("inventory:write")],
) -> Response:
    """Set safety stock and bounds, all of them anew. Orders that wait get what is not kept back any more."""
    targets = StockTargets(location_id, sku, **body.model_dump())

    async def put(connection: AsyncConnection) -> dict[str, Any]:
        await check_cell(connection, location_id, sku, caller)
        await put_targets(connection, [targets], actor=caller.actor, now=services.now())
        return await show_level(connection, location_id, sku)

    return json_answer(await in_transaction(services.engine, put))


@router.put("/{location_id}/{sku:path}", summary="Take a count over", response_model=InventoryRow)
async def count_stock(
    location_id: str, sku: str, body: CountPut, services: UsesServices, caller: Writer
) -> Response:
    """Set what is on hand. It always succeeds: promises that cannot be kept are routed again."""
    now = services.now()
    if body.as_of > now + _CLOCKS_DIFFER:
        raise InvalidContent("a count cannot be made in the future", "/as_of")
    count = StockCount(location_id, sku, body.on_hand, min(body.as_of, now))

    async def put(connection: AsyncConnection) -> dict[str, Any]:
        await check_cell(connection, location_id, sku, caller)
        await take_count(connection, count, actor=caller.actor, now=now)
        return await show_level(connection, location_id, sku)

    level = await in_transaction(services.engine, put)
    failpoint(_TAKEN)
    return json_answer(level)


@router.post("/adjustments", summary="Book units in or out", response_model=InventoryRow)
async def adjust_stock(
    body: AdjustmentPosted,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("inventory:write")],
) -> Response:
    """Book a receipt, damage or a find. What comes in goes first to the orders that wait for it."""
    change = Adjustment(body.location_id, body.sku, body.delta, body.reason)

    async def work(connection: AsyncConnection) -> Answer:
        await check_cell(connection, body.location_id, body.sku, caller, in_body=True)
        await adjust(connection, change, actor=caller.actor, now=services.now())
        return Answer(200, await show_level(connection, body.location_id, body.sku))

    return await once(services, caller, request, work)
