"""Taking units back from a location that has not shipped them."""

from typing import Final

from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import Work
from adapters.db.stock import StockChange
from domain.fulfillment_status import FulfillmentStatus
from domain.quantities import Bucket

_REASON: Final = {Bucket.CANCELLED: "cancelled", Bucket.PENDING: "withdrawn"}


def withdraw(order: LockedOrder, work: Work, line_id: str, quantity: int, *, to: Bucket) -> StockChange:
    """Take units back from open work; returns the reservation to let go.

    The work's version grows, so that the location sees that it was asked for something else. Work with
    nothing left to ship ends here: cancelled, or shipped when some of it had left.
    """
    line = work.lines[line_id]
    line.quantity -= quantity
    if line.picked is not None:
        line.picked = min(line.picked, line.quantity)
    work.changed_lines.add(line_id)
    if "version" not in work.changes:
        work.set(version=work.version + 1)
    order.move(line_id, Bucket.ALLOCATED, to, quantity)
    if not any(one.to_ship for one in work.lines.values()):
        end(order, work)
    return StockChange(
        work.location_id,
        line.sku,
        _REASON[to],
        reserved=-quantity,
        order_id=order.id,
        fulfillment_id=work.id,
    )


def end(order: LockedOrder, work: Work) -> None:
    """End work that has nothing left to ship."""
    shipped_some = work.shipments > 0
    work.step(FulfillmentStatus.SHIPPED if shipped_some else FulfillmentStatus.CANCELLED)
    order.record(f"fulfillment.{work.status}", fulfillment_id=work.id, location_id=work.location_id)
