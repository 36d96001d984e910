"""The rows of one order as a transaction works on them, and the statements that read and write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from adapters.db.tables import backorders, fulfillment_lines, fulfillment_orders, holds, order_lines
from domain.fulfillment_status import FULFILLMENT, OPEN_WORK, FulfillmentStatus
from domain.holds import HeldStep, Hold
from domain.invoicing import SoldLine
from domain.quantities import Bucket, LineQuantities


@dataclass(slots=True)
class LockedLine:
    """An order line as it is in this transaction."""

    sold: SoldLine
    quantities: LineQuantities
    refunded_units: int

    @property
    def line_id(self) -> str:
        """1, 2, 3 … in its order."""
        return self.sold.line_id

    @property
    def sku(self) -> str:
        """What it is a line of."""
        return self.sold.sku

    @property
    def amount(self) -> int:
        """What the whole line costs, tax included."""
        return self.sold.amount

    @property
    def unrefunded(self) -> int:
        """Units whose way to the customer has ended, and that were not paid back."""
        return self.quantities.left - self.quantities.shipped - self.refunded_units


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
    reason: str | None
    version: int
    seen_version: int
    shipments: int
    held_at: datetime | None
    accept_by: datetime | None
    ship_by: datetime
    overdue_at: datetime | None
    silent_at: datetime | None
    capacity_day: date | None
    lines: dict[str, WorkLine] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    changed_lines: set[str] = field(default_factory=set)

    @property
    def open(self) -> bool:
        """Whether the location still has something to ship."""
        return self.status in OPEN_WORK

    def step(self, target: FulfillmentStatus) -> None:
        """Take a step; raises IllegalTransition."""
        self.status = FULFILLMENT.step(self.status, target)
        self.changes["status"] = self.status.value

    def go_on(self, now: datetime) -> None:
        """The time in which it was held does not count against its location."""
        waited = now - self.held_at if self.held_at is not None else timedelta(0)
        accept_by = self.accept_by + waited if self.accept_by is not None else None
        self.set(held_at=None, accept_by=accept_by, ship_by=self.ship_by + waited)

    def set(self, **columns: Any) -> None:
        """Note columns of the row to write."""
        for name, value in columns.items():
            if hasattr(self, name):
                setattr(self, name, value)
            self.changes[name] = value


def contained_tax(taxes: Sequence[Mapping[str, Any]] | None, line_id: str | None) -> int:
    """What of a line's price is tax already, of shipping's for None, by what the order keeps of its taxes."""
    parts = (part["tax"] for part in taxes or () if part["included"] and part["line_id"] == line_id)
    return int(next(parts, 0))


LINES = select(order_lines).where(order_lines.c.order_id == bindparam("order")).order_by("position")
WORK = (
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
HOLDS = (
    select(holds).where(holds.c.order_id == bindparam("order"), holds.c.ended_at.is_(None)).order_by("number")
)
RETRY = (
    select(backorders.c.retry_at)
    .where(backorders.c.order_id == bindparam("order"), backorders.c.retry_at.is_not(None))
    .order_by("retry_at")
    .limit(1)
)
MOVE = (
    update(order_lines)
    .where(order_lines.c.line_id == bindparam("line"))
    .values({bucket.value: bindparam(bucket.value) for bucket in Bucket})
    .values(refunded_units=bindparam("paid_back"))
)
RESHAPE = (
    update(fulfillment_lines)
    .where(
        fulfillment_lines.c.fulfillment_id == bindparam("work"),
        fulfillment_lines.c.line_id == bindparam("line"),
    )
    .values(quantity=bindparam("asked"), picked=bindparam("in_hand"), shipped=bindparam("gone"))
)


def work_of(row: Row[Any]) -> Work:
    """A fulfillment order's row, its lines to be added."""
    return Work(
        id=row.id,
        number=row.number,
        location_id=row.location_id,
        status=FulfillmentStatus(row.status),
        reason=row.reason,
        version=row.version,
        seen_version=row.seen_version,
        shipments=row.shipments,
        held_at=row.held_at,
        accept_by=row.accept_by,
        ship_by=row.ship_by,
        overdue_at=row.overdue_at,
        silent_at=row.silent_at,
        capacity_day=row.capacity_day,
    )


def hold_of(row: Row[Any]) -> Hold:
    """An active hold's row."""
    return Hold(
        row.id, row.type, row.reason, frozenset(HeldStep(step) for step in row.blocks), row.expires_at
    )


def line_row(work: Work, line_id: str) -> dict[str, Any]:
    """The parameters of RESHAPE for one line."""
    line = work.lines[line_id]
    return {
        "work": work.id,
        "line": line_id,
        "asked": line.quantity,
        "in_hand": line.picked,
        "gone": line.shipped,
    }
