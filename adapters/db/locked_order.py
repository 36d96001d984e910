"""One order under its row lock: the only way in which its lines, money and history change.

Every command and every fact opens the order here, applies its change, and saves: the save recomputes the
status, gives events their `seq`, and puts the order's progress in the outbox when its process must know.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.capacity import Load, give_back, load_of
from adapters.db.journal import tell
from adapters.db.ledger import write_postings
from adapters.db.order_progress import money_of, progress_of, status_word, unpaid
from adapters.db.order_rows import (
    HOLDS,
    LINES,
    MOVE,
    RESHAPE,
    RETRY,
    WORK,
    LockedLine,
    Work,
    WorkLine,
    contained_tax,
    hold_of,
    line_row,
    work_of,
)
from adapters.db.tables import fulfillment_orders, order_events, order_lines, orders
from domain.accounts import Posting
from domain.errors import NotFound
from domain.fulfillment_status import FulfillmentStatus
from domain.holds import HeldStep, Hold
from domain.invoicing import DocumentLine, SoldLine, part_of
from domain.payment_status import PAYMENT, PaymentStatus
from domain.progress import OrderProgress, must_know, units
from domain.quantities import Bucket, LineQuantities
from domain.settlement import MoneyPosition


class LockedOrder:
    """An order whose row this transaction holds. Open with `lock_order`, end with `save`."""

    def __init__(self, connection: AsyncConnection, row: Row[Any], *, actor: str, now: datetime) -> None:
        self.connection = connection
        self.actor = actor
        self.values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's public name for it)
        # Whoever waited for the lock looked at the clock before: an order's time does not run back for it.
        self.now = max(now, self.values["updated_at"] or now)
        self.id: str = self.values["id"]
        self.lines: dict[str, LockedLine] = {}
        self.works: dict[str, Work] = {}
        self.holds: list[Hold] = []
        self.retry_at: datetime | None = None
        self.postings: list[Posting] = []
        self.paid_back: list[DocumentLine] = []
        self._changes: dict[str, Any] = {}
        self._changed_lines: set[str] = set()
        self._events: list[dict[str, Any]] = []
        self._loads: dict[str, Load] = {}
        self._before: OrderProgress

    async def load(self) -> None:
        """Read what hangs on the order; called once, by `lock_order`."""
        for row in await self.connection.execute(LINES, {"order": self.id}):
            quantities = LineQuantities(*(getattr(row, bucket.value) for bucket in Bucket))
            within = contained_tax(self.values["taxes"], row.line_id)
            sold = SoldLine(row.line_id, row.sku, row.quantity, row.unit_price, row.tax, row.amount, within)
            self.lines[row.line_id] = LockedLine(sold, quantities, row.refunded_units)
        await self.reload_works()
        if self.values["active_holds"]:
            self.holds = [hold_of(row) for row in await self.connection.execute(HOLDS, {"order": self.id})]
        if self.units.backordered:
            await self.reload_retry()
        self._before = self.progress()

    async def reload_retry(self) -> None:
        """Read when the first of the units that wait for capacity is to be routed again."""
        self.retry_at = (await self.connection.execute(RETRY, {"order": self.id})).scalar()

    async def reload_works(self) -> None:
        """Read the fulfillment orders that were added in this transaction."""
        for row in await self.connection.execute(WORK, {"order": self.id}):
            work = self.works.get(row.id)
            if work is None:
                work = self.works[row.id] = work_of(row)
            if row.line_id is not None and row.line_id not in work.lines:
                work.lines[row.line_id] = WorkLine(
                    row.line_id, row.sku, row.quantity, row.picked, row.line_shipped
                )
        self._loads = {work.id: self._loads.get(work.id, load_of(work)) for work in self.works.values()}

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
        return money_of(self)

    def held(self, step: HeldStep) -> bool:
        """Whether an active hold blocks a step."""
        return any(step in hold.blocks for hold in self.holds)

    @property
    def release_held(self) -> bool:
        """Whether nothing may leave a location: somebody said wait, or nobody pays."""
        return self.held(HeldStep.RELEASE) or unpaid(self)

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

    def refund_units(self, line_id: str, quantity: int) -> int:
        """Note that units of a line are paid back; returns what they cost.

        None is paid back twice: one that was lost may turn up, and then come back. The next credit note
        lists them.
        """
        line = self.lines[line_id]
        part = part_of(line.sold, line.refunded_units, min(quantity, line.unrefunded))
        line.refunded_units += part.units
        self._changed_lines.add(line_id)
        if part.units:
            self.paid_back.append(part)
        return part.amount

    def open_works(self) -> list[Work]:
        """The fulfillment orders with something left to ship, oldest first."""
        return [work for work in self.works.values() if work.open]

    def record(self, event: str, **data: Any) -> None:
        """Add to the order's history. No personal data in `data`."""
        if self.closed and "closed_at" not in self._changes:
            data["late"] = True
        self._events.append({"type": event, "data": data})

    def post(self, posting: Posting) -> None:
        """Add to the ledger."""
        self.postings.append(posting)

    def progress(self) -> OrderProgress:
        """What the order's process has to know."""
        return progress_of(self)

    async def save(self, *, tell_process: bool = True) -> OrderProgress:
        """Write what changed; the order's own activities pass `tell_process=False` and return the progress.

        Nothing changed, nothing is written, and the version stays.
        """
        self._note_arrival()
        self._release()
        if self._untouched():
            return self.progress()
        await self._save_lines()
        await self._save_works()
        await self._give_back_capacity()
        self.set(status=status_word(self), version=self.values["version"] + 1, updated_at=self.now)
        if self.closed:
            self.set(adjusting=self.progress().money_due)
        await self._save_events()
        await write_postings(self, self.postings)
        self.postings = []
        await self.connection.execute(update(orders).where(orders.c.id == self.id).values(**self._changes))
        progress = self.progress()
        if tell_process and must_know(self._before, progress):
            await self._tell(progress)
        return progress

    async def _tell(self, progress: OrderProgress) -> None:
        """Tell the order's process, or after the close the one that settles what becomes due."""
        adjusts = self._before.money_due or progress.money_due
        if not self.closed or adjusts:
            kind = "adjustment" if self.closed else "progress"
            await tell(self.connection, self.id, kind, progress.as_dict(), self.now)

    def _untouched(self) -> bool:
        works = any(work.changes or work.changed_lines for work in self.works.values())
        return not (self._changes or self._changed_lines or self._events or self.postings or works)

    def _note_arrival(self) -> None:
        total = self.units
        arrived = total.delivered > 0 and total.unshipped == 0 and total.shipped == 0
        if arrived and self.values["delivered_at"] is None:
            self.set(delivered_at=self.now)
            self.record("order.delivered")

    def _release(self) -> None:
        """Keep open work from its locations while it is held; then hand it to them with its time made up."""
        held = self.release_held
        for work in self.open_works():
            if held and work.held_at is None:
                work.set(held_at=self.now)
                if work.status is FulfillmentStatus.OPEN:
                    work.step(FulfillmentStatus.PLANNED)
                    self.record("fulfillment.held", fulfillment_id=work.id, location_id=work.location_id)
            elif not held and work.held_at is not None:
                work.go_on(self.now)
                if work.status is FulfillmentStatus.PLANNED:
                    work.step(FulfillmentStatus.OPEN)
                    self.record("fulfillment.released", fulfillment_id=work.id, location_id=work.location_id)

    async def _save_lines(self) -> None:
        if self._changed_lines:
            rows = [
                {
                    "line": line_id,
                    **self.lines[line_id].quantities.as_dict(),
                    "paid_back": self.lines[line_id].refunded_units,
                }
                for line_id in sorted(self._changed_lines)
            ]
            await self.connection.execute(MOVE.where(order_lines.c.order_id == self.id), rows)

    async def _save_works(self) -> None:
        for work in self.works.values():
            if work.changes:
                await self.connection.execute(
                    update(fulfillment_orders)
                    .where(fulfillment_orders.c.id == work.id)
                    .values(**work.changes)
                )
            rows = [line_row(work, line_id) for line_id in sorted(work.changed_lines)]
            if rows:
                await self.connection.execute(RESHAPE, rows)
            work.changes, work.changed_lines = {}, set()

    async def _give_back_capacity(self) -> None:
        await give_back(self.connection, self.works.values(), self._loads)
        self._loads = {work.id: load_of(work) for work in self.works.values()}

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
