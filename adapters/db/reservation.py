"""The routing decision's rows: what is asked, and one transaction that reserves what was planned.

Planning holds no locks. The reservation then locks the cells it needs in (SKU, location) order and takes
from them what the plan says. When stock or capacity has moved against the plan, or stock has come that a
backordered line could have, it is a Miss: nothing is written, and planning starts afresh.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.capacity import Load, take_capacity
from adapters.db.checkout_holds import Wanted, end_expired, return_capacity
from adapters.db.decisions import Account, write_decision
from adapters.db.due_dates import transit
from adapters.db.locked_order import LockedOrder
from adapters.db.postponing import STOCK_FOUND, ask_payment, look_at_supply
from adapters.db.promises import first_dates, promised
from adapters.db.stock import Cell, Level, Miss, StockChange, levels, lock_products
from adapters.db.supply import release_earmarks, supply
from adapters.db.tables import (
    backorders,
    fulfillment_lines,
    fulfillment_orders,
)
from domain.fulfillment_status import FulfillmentStatus
from domain.ids import fulfillment_id
from domain.quantities import Bucket
from routing import Shipment


@dataclass(frozen=True, slots=True)
class PlannedUnits:
    """Units of one line."""

    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """What one location is to be asked; `cost` in minor units.

    The dates are the plan's where the location keeps hours, else None.
    """

    location_id: str
    service: str
    lines: tuple[PlannedUnits, ...]
    cost: str
    transit: timedelta
    ship_by: datetime | None = None
    deliver_by: datetime | None = None

    @classmethod
    def of(cls, shipment: Shipment, *, keeps_hours: bool) -> "PlannedWork":
        """What a planned shipment asks of its location."""
        return cls(
            location_id=shipment.location_id,
            service=shipment.service,
            lines=tuple(PlannedUnits(line.line_id, line.sku, line.quantity) for line in shipment.lines),
            cost=str(round(float(shipment.total), 6)),
            transit=transit(shipment),
            ship_by=shipment.ship_by if keeps_hours else None,
            deliver_by=shipment.deliver_by if keeps_hours else None,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """A plan, ready to be reserved.

    `now`: the moment it is for, whose day's capacity it uses. `seen`: the stock it was made on, by cell.
    `servers`: the locations that may serve what is backordered as soon as they have stock.
    `refused_by`: locations that could serve what is backordered, had they not failed the order before.
    `accept_within`: how long a location may take to answer, None for as long as it likes.
    `refused`: units of what is backordered that the rules left at locations, by cell.
    `kept_back`: units that the rules keep from the plan where it ships from.
    `retry_at`: set when capacity is what lacks, the moment at which there is some again.
    `by_hand`: a person decided, so units that the plan does not name stay pending.
    """

    n: int
    now: datetime
    account: Account
    works: tuple[PlannedWork, ...]
    backorders: tuple[PlannedUnits, ...]
    seen: Mapping[Cell, int]
    servers: tuple[str, ...]
    retry_at: datetime | None
    ship_within: timedelta
    accept_within: timedelta | None = None
    refused_by: tuple[str, ...] = ()
    refused: Mapping[Cell, int] = field(default_factory=dict)
    kept_back: Mapping[Cell, int] = field(default_factory=dict)
    by_hand: bool = False

    def planned(self) -> dict[str, int]:
        """The units that the plan disposes of, by line."""
        units: dict[str, int] = {}
        for one in [line for work in self.works for line in work.lines] + list(self.backorders):
            units[one.line_id] = units.get(one.line_id, 0) + one.quantity
        return units


async def reserve(order: LockedOrder, decision: Decision) -> None:
    """Reserve stock and capacity and ask the locations; raises Miss. Does not save the order."""
    await _free_expired(order, decision)
    await _lock_cells(order.connection, decision)
    left = _left_pending(order, decision)
    marks = await release_earmarks(
        order, left, {(w.location_id, u.sku) for w in decision.works for u in w.lines}
    )
    await _check_stock(order.connection, decision, marks)
    await return_capacity(order)
    taken = await take_capacity(order.connection, _loads(decision), decision.now)
    changes = marks + [
        StockChange(
            work.location_id, units.sku, "reserved", reserved=units.quantity, order_id=order.id,
            fulfillment_id=fulfillment_id(order.id, number),
        )
        for number, work in _numbered(order, decision)
        for units in work.lines
    ]  # fmt: skip
    actor = order.actor if decision.by_hand else "routing"
    await supply(order.connection, changes, actor=actor, now=order.now, held={order.id: order})
    await _ask_locations(order, decision, {one.location_id: one.day for one in taken})
    await _queue(order, decision)
    if decision.works or decision.retry_at is not None:
        ask_payment(order, STOCK_FOUND)
    await look_at_supply(order)
    order.set(decisions=max(decision.n, order.values["decisions"]))
    await write_decision(order.connection, order.id, decision.n, order.now, decision.account)


def _loads(decision: Decision) -> dict[str, Load]:
    return {work.location_id: Load(sum(line.quantity for line in work.lines), 1) for work in decision.works}


async def _free_expired(order: LockedOrder, decision: Decision) -> None:
    """Take back what expired holds still have of what is planned with: it counted as free."""
    skus = {line.sku for line in order.lines.values()}
    places = {work.location_id for work in decision.works}
    await end_expired(order.connection, decision.now, Wanted(skus, places), held={order.id: order})


def _numbered(order: LockedOrder, decision: Decision) -> list[tuple[int, PlannedWork]]:
    return list(enumerate(decision.works, max((w.number for w in order.works.values()), default=0) + 1))


async def _lock_cells(connection: AsyncConnection, decision: Decision) -> None:
    skus = {units.sku for units in decision.backorders}
    skus |= {units.sku for work in decision.works for units in work.lines}
    await lock_products(connection, skus)


def _left_pending(order: LockedOrder, decision: Decision) -> dict[str, int]:
    """What stays pending, by line: nothing, unless a person decided on some of the units only."""
    planned = decision.planned()
    left = {one.line_id: one.quantities.pending - planned.get(one.line_id, 0) for one in order.lines.values()}
    if any(units < 0 or (units > 0 and not decision.by_hand) for units in left.values()):
        raise Miss("other units are pending than were planned")
    return left


async def _check_stock(connection: AsyncConnection, decision: Decision, marks: Sequence[StockChange]) -> None:
    waiting = {units.sku for units in decision.backorders}
    cells = {(work.location_id, units.sku) for work in decision.works for units in work.lines}
    cells |= {(location, sku) for sku in waiting for location in decision.servers}
    now = await levels(connection, sorted(cells))
    lacking = []
    for cell in sorted(cells):
        level = now.get(cell, Level(0, 0, 0))
        own = -sum(mark.reserved for mark in marks if mark.cell == cell)
        available = max(level.available + own, 0)
        free = max(available - decision.kept_back.get(cell, 0), 0)
        wanted = sum(u.quantity for w in decision.works for u in w.lines if (w.location_id, u.sku) == cell)
        if free < wanted:
            lacking.append(f"{cell[0]} has {free} of {wanted} units of {cell[1]}")
        if cell[1] in waiting and available > decision.seen.get(cell, 0):
            raise Miss(f"{cell} has got stock that a backordered line may have")
    if lacking:
        raise Miss("; ".join(lacking))


async def _ask_locations(order: LockedOrder, decision: Decision, days: Mapping[str, date]) -> None:
    held = order.release_held
    rows: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for number, work in _numbered(order, decision):
        name = fulfillment_id(order.id, number)
        rows.append(
            {
                "id": name,
                "order_id": order.id,
                "number": number,
                "decision": decision.n,
                "location_id": work.location_id,
                "service": work.service,
                "status": (FulfillmentStatus.PLANNED if held else FulfillmentStatus.OPEN).value,
                "held_at": order.now if held else None,
                "capacity_day": days.get(work.location_id),
                "cost": work.cost,
                "created_at": order.now,
                "accept_by": order.now + decision.accept_within if decision.accept_within else None,
                "ship_by": work.ship_by or order.now + decision.ship_within,
                "promised_at": work.deliver_by or order.now + decision.ship_within + work.transit,
            }
        )
        for units in work.lines:
            lines.append({"fulfillment_id": name, **_line(units)})
            order.move(units.line_id, Bucket.PENDING, Bucket.ALLOCATED, units.quantity)
        order.record(
            "fulfillment.created",
            fulfillment_id=name,
            location_id=work.location_id,
            service=work.service,
            lines=[{"line_id": units.line_id, "quantity": units.quantity} for units in work.lines],
        )
    if rows:
        await order.connection.execute(insert(fulfillment_orders), rows)
        await order.connection.execute(insert(fulfillment_lines), lines)
        latest = max(row["promised_at"] for row in rows)
        order.set(promised_at=max(latest, order.values["promised_at"] or latest))
    await order.reload_works()


def _line(units: PlannedUnits) -> dict[str, Any]:
    return {"line_id": units.line_id, "sku": units.sku, "quantity": units.quantity}


async def _queue(order: LockedOrder, decision: Decision) -> None:
    for units in decision.backorders:
        refused = {place: n for (place, sku), n in decision.refused.items() if sku == units.sku}
        row = upsert(backorders).values(
            order_id=order.id, line_id=units.line_id, sku=units.sku, quantity=units.quantity,
            locations=list(decision.servers), refused=refused, promised_at=promised(order),
            since=order.now, retry_at=decision.retry_at,
        )  # fmt: skip
        await order.connection.execute(
            row.on_conflict_do_update(
                index_elements=["order_id", "line_id"],
                set_={
                    "quantity": backorders.c.quantity + units.quantity,
                    "locations": list(decision.servers),
                    "refused": refused,
                    "retry_at": decision.retry_at,
                },
            )
        )
        order.move(units.line_id, Bucket.PENDING, Bucket.BACKORDERED, units.quantity)
    if decision.backorders:
        await order.reload_retry()
        dates = await first_dates(order, {units.line_id for units in decision.backorders})
        order.record(
            "lines.backordered",
            lines=[_dated(units, dates[units.line_id]) for units in decision.backorders],
            retry_at=decision.retry_at.isoformat() if decision.retry_at else None,
        )


def _dated(units: PlannedUnits, date: datetime | None) -> dict[str, Any]:
    expected_at = date.isoformat() if date is not None else None
    return {"line_id": units.line_id, "quantity": units.quantity, "expected_at": expected_at}
