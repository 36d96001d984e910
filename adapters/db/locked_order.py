"""One order under its row lock: the only way in which its lines, money and history change.

Every command and every fact opens the order here, applies its change, and saves: the save recomputes the
status, gives events their `seq`, and puts the order's progress in the outbox when its process must know.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.journal import tell
from adapters.db.tables import (
    backorders,
    fulfillment_lines,
    fulfillment_orders,
    order_events,
    order_lines,
    orders,
)
from domain.errors import NotFound
from domain.fulfillment_status import FULFILLMENT, OPEN_WORK, FulfillmentStatus
from domain.order_status import Axes, status_of
from domain.payment_status import PAYMENT, PaymentStatus
from domain.pricing import value_of_left, value_of_live
from domain.progress import FulfillmentProgress, OrderProgress, course, is_open, units
from domain.quantities import Bucket, LineQuantities
from domain.settlement import MoneyPosition, next_move


@dataclass(slots=True)
class LockedLine:
    """An order line as it is in this transaction."""

    line_id: str
    sku: str
    amount: int
    quantities: LineQuantities


@dataclass(slots=True)
class WorkLine:
    """What one location is asked for of one line; `to_ship` is reserved there while the work is open."""

    line_id: str
    sku: str
    quantity: int
    picked: int | None
    shipped: int

    @property
    def to_ship(self) -> int:
        """Units asked for that have not left."""
        return self.quantity - self.shipped


@dataclass(slots=True)
class Work:
    """A fulfillment order as it is in this transaction."""

    id: str
    number: int
    location_id: str
    status: FulfillmentStatus
    version: int
    seen_version: int
    shipments: int
    ship_by: datetime
    overdue_at: datetime | None
    lines: dict[str, WorkLine] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    changed_lines: set[str] = field(default_factory=set)

    @property
    def open(self) -> bool:
        """Whether the location still has something to ship."""
        return is_open(self.status)

    def step(self, target: FulfillmentStatus) -> None:
        """Take a step; raises IllegalTransition."""
        self.status = FULFILLMENT.step(self.status, target)
        self.changes["status"] = self.status.value

    def set(self, **columns: Any) -> None:
        """Note columns of the row to write."""
        for name, value in columns.items():
            if hasattr(self, name):
                setattr(self, name, value)
            self.changes[name] = value


class LockedOrder:
    """An order whose row this transaction holds. Open with `lock_order`, end with `save`."""

    def __init__(self, connection: AsyncConnection, row: Row[Any], *, actor: str, now: datetime) -> None:
        self.connection = connection
        self.actor = actor
        self.now = now
        self.values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's public name for it)
        self.id: str = self.values["id"]
        self.lines: dict[str, LockedLine] = {}
        self.works: dict[str, Work] = {}
        self.retry_at: datetime | None = None
        self._changes: dict[str, Any] = {}
        self._changed_lines: set[str] = set()
        self._events: list[dict[str, Any]] = []
        self._course: tuple[object, ...] = ()

    async def load(self) -> None:
        """Read what hangs on the order; called once, by `lock_order`."""
        for row in await self.connection.execute(_LINES, {"order": self.id}):
            quantities = LineQuantities(*(getattr(row, bucket.value) for bucket in Bucket))
            self.lines[row.line_id] = LockedLine(row.line_id, row.sku, row.amount, quantities)
        await self.reload_works()
        if self.units.backordered:
            self.retry_at = (await self.connection.execute(_RETRY, {"order": self.id})).scalar()
        self._course = course(self.progress())

    async def reload_works(self) -> None:
        """Read the fulfillment orders that were added in this transaction."""
        for row in await self.connection.execute(_WORK, {"order": self.id}):
            work = self.works.get(row.id)
            if work is None:
                work = self.works[row.id] = _work(row)
            if row.line_id is not None and row.line_id not in work.lines:
                work.lines[row.line_id] = WorkLine(
                    row.line_id, row.sku, row.quantity, row.picked, row.line_shipped
                )

    @property
    def units(self) -> LineQuantities:
        """The units of all lines by bucket."""
        return units([line.quantities for line in self.lines.values()])

    @property
    def payment_status(self) -> PaymentStatus:
        """Where the money is."""
        return PaymentStatus(self.values["payment_status"])

    @property
    def closed(self) -> bool:
        """Whether the order's process has ended; what comes now is late."""
        return self.values["closed_at"] is not None

    @property
    def money(self) -> MoneyPosition:
        """What the order's money stands at."""
        lines = self.lines.values()
        total = self.units
        shipping = self.values["shipping_charged"]
        return MoneyPosition(
            live=sum(value_of_live(one.amount, one.quantities) for one in lines)
            + (shipping if total.live else 0),
            due=sum(value_of_left(one.amount, one.quantities) for one in lines)
            + (shipping if total.left else 0),
            authorized=self.values["authorized"],
            captured=self.values["captured"],
            voided=self.values["voided"],
            refused=self.payment_status is PaymentStatus.DECLINED,
            shipping_over=total.unshipped == 0,
        )

    def set(self, **columns: Any) -> None:
        """Note columns of the order's row to write."""
        self.values.update(columns)
        self._changes.update(columns)

    def pay(self, target: PaymentStatus) -> None:
        """Step the payment axis; staying is no step. Raises IllegalTransition."""
        if target is not self.payment_status:
            self.set(payment_status=PAYMENT.step(self.payment_status, target).value)

    def move(self, line_id: str, source: Bucket, target: Bucket, quantity: int) -> None:
        """Move units of a line; raises IllegalMove."""
        line = self.lines[line_id]
        line.quantities = line.quantities.move(source, target, quantity)
        self._changed_lines.add(line_id)

    def open_works(self) -> list[Work]:
        """The fulfillment orders with something left to ship, oldest first."""
        return [work for work in self.works.values() if work.open]

    def record(self, event: str, **data: Any) -> None:
        """Add to the order's history. No personal data in `data`."""
        if self.closed and "closed_at" not in self._changes:
            data["late"] = True
        self._events.append({"type": event, "data": data})

    def progress(self) -> OrderProgress:
        """What the order's process has to know."""
        total = self.units
        deadlines = [w.ship_by for w in self.open_works() if w.overdue_at is None]
        if self.retry_at is not None:
            deadlines.append(self.retry_at)
        return OrderProgress(
            version=self.values["version"],
            to_route=total.pending,
            unshipped=total.unshipped,
            in_transit=total.shipped,
            money_due=self.values["open_intent"] is not None or next_move(self.money) is not None,
            refused=self.payment_status is PaymentStatus.DECLINED,
            attention=self.values["attention"],
            payment_retry_at=self.values["payment_retry_at"],
            deadline=min(deadlines, default=None),
            delivered_at=self.values["delivered_at"],
            fulfillments=tuple(
                FulfillmentProgress(work.id, work.open, work.shipments) for work in self.works.values()
            ),
            closed=self.closed,
        )

    async def save(self, *, tell_process: bool = True) -> OrderProgress:
        """Write everything; the order's own activities pass `tell_process=False` and return the progress."""
        self._note_arrival()
        await self._save_lines()
        await self._save_works()
        self.set(status=self._status(), version=self.values["version"] + 1)
        await self._save_events()
        await self.connection.execute(update(orders).where(orders.c.id == self.id).values(**self._changes))
        progress = self.progress()
        if tell_process and not self.closed and course(progress) != self._course:
            await tell(self.connection, self.id, "progress", progress.as_dict(), self.now)
        return progress

    def _note_arrival(self) -> None:
        total = self.units
        arrived = total.live > 0 and total.unshipped == 0 and total.shipped == 0
        if arrived and self.values["delivered_at"] is None:
            self.set(delivered_at=self.now)
            self.record("order.delivered")

    def _status(self) -> str:
        return status_of(
            Axes(
                units=self.units,
                payment=self.payment_status,
                free=self.values["total"] == 0,
                attention=self.values["attention"] is not None,
                closed=self.closed,
            )
        ).value

    async def _save_lines(self) -> None:
        if self._changed_lines:
            rows = [
                {"line": line_id, **self.lines[line_id].quantities.as_dict()}
                for line_id in sorted(self._changed_lines)
            ]
            await self.connection.execute(_MOVE.where(order_lines.c.order_id == self.id), rows)

    async def _save_works(self) -> None:
        for work in self.works.values():
            if work.changes:
                await self.connection.execute(
                    update(fulfillment_orders)
                    .where(fulfillment_orders.c.id == work.id)
                    .values(**work.changes)
                )
            rows = [_line_row(work, line_id) for line_id in sorted(work.changed_lines)]
            if rows:
                await self.connection.execute(_RESHAPE, rows)
            work.changes, work.changed_lines = {}, set()

    async def _save_events(self) -> None:
        if not self._events:
            return
        first = self.values["next_seq"]
        rows = [
            {"order_id": self.id, "seq": first + i, "at": self.now, "actor": self.actor, **event}
            for i, event in enumerate(self._events)
        ]
        await self.connection.execute(insert(order_events), rows)
        self.set(next_seq=first + len(rows))


_LINES = select(order_lines).where(order_lines.c.order_id == bindparam("order")).order_by("position")
_WORK = (
    select(
        fulfillment_orders,
        fulfillment_lines.c.line_id,
        fulfillment_lines.c.sku,
        fulfillment_lines.c.quantity,
        fulfillment_lines.c.picked,
        fulfillment_lines.c.shipped.label("line_shipped"),
    )
    .outerjoin(fulfillment_lines, fulfillment_lines.c.fulfillment_id == fulfillment_orders.c.id)
    .where(fulfillment_orders.c.order_id == bindparam("order"))
    .order_by(fulfillment_orders.c.number, fulfillment_lines.c.line_id)
)
_RETRY = (
    select(backorders.c.retry_at)
    .where(backorders.c.order_id == bindparam("order"), backorders.c.retry_at.is_not(None))
    .order_by("retry_at")
    .limit(1)
)
_MOVE = (
    update(order_lines)
    .where(order_lines.c.line_id == bindparam("line"))
    .values({bucket.value: bindparam(bucket.value) for bucket in Bucket})
)
_RESHAPE = (
    update(fulfillment_lines)
    .where(
        fulfillment_lines.c.fulfillment_id == bindparam("work"),
        fulfillment_lines.c.line_id == bindparam("line"),
    )
    .values(quantity=bindparam("asked"), picked=bindparam("in_hand"), shipped=bindparam("gone"))
)


def _work(row: Row[Any]) -> Work:
    return Work(
        id=row.id,
        number=row.number,
        location_id=row.location_id,
        status=FulfillmentStatus(row.status),
        version=row.version,
        seen_version=row.seen_version,
        shipments=row.shipments,
        ship_by=row.ship_by,
        overdue_at=row.overdue_at,
    )


def _line_row(work: Work, line_id: str) -> dict[str, Any]:
    line = work.lines[line_id]
    return {
        "work": work.id,
        "line": line_id,
        "asked": line.quantity,
        "in_hand": line.picked,
        "gone": line.shipped,
    }


async def lock_order(connection: AsyncConnection, order_id: str, *, actor: str, now: datetime) -> LockedOrder:
    """Lock an order's row and read all that hangs on it; raises NotFound."""
    found = await connection.execute(select(orders).where(orders.c.id == order_id).with_for_update())
    row = found.one_or_none()
    if row is None:
        raise NotFound(f"there is no order {order_id}")
    order = LockedOrder(connection, row, actor=actor, now=now)
    await order.load()
    return order


async def lock_orders(
    connection: AsyncConnection, order_ids: Iterable[str], *, actor: str, now: datetime
) -> dict[str, LockedOrder]:
    """Lock several orders, in the order of their ids so that two who do so never wait on each other."""
    return {
        order_id: await lock_order(connection, order_id, actor=actor, now=now)
        for order_id in sorted(set(order_ids))
    }


__all__ = [
    "OPEN_WORK",
    "LockedLine",
    "LockedOrder",
    "Work",
    "WorkLine",
    "lock_order",
    "lock_orders",
]
