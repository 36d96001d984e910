"""The rows of one order as a transaction works on them, and the statements that read and write them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from adapters.db.tables import backorders, fulfillment_lines, fulfillment_orders, order_lines
from domain.fulfillment_status import FULFILLMENT, FulfillmentStatus
from domain.progress import is_open
from domain.quantities import Bucket, LineQuantities


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
        version=row.version,
        seen_version=row.seen_version,
        shipments=row.shipments,
        ship_by=row.ship_by,
        overdue_at=row.overdue_at,
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
