"""One return, under the lock of its order: where it stands, and what its process must know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from adapters.db.journal import tell
from adapters.db.locked_order import LockedOrder
from adapters.db.tables import return_lines, returns
from domain.errors import NotFound
from domain.return_status import RETURN, RefundTo, ReturnKind, ReturnStatus


@dataclass(slots=True)
class ReturnLine:
    """Units of an order line on their way back."""

    line_id: str
    sku: str
    quantity: int
    reason: str
    received: int = 0
    inspected: int = 0

    @property
    def to_come(self) -> int:
        """Units that have not come in."""
        return self.quantity - self.received

    @property
    def to_inspect(self) -> int:
        """Units that have come in, and that nobody has looked at."""
        return self.received - self.inspected


class LockedReturn:
    """A return whose order's row this transaction holds. Open with `lock_return`, end with `save`."""

    def __init__(self, order: LockedOrder, row: Row[Any], lines: dict[str, ReturnLine]) -> None:
        self.order = order
        self.lines = lines
        self.id: str = row.id
        self.kind = ReturnKind(row.kind)
        self.status = ReturnStatus(row.status)
        self.refund_to = RefundTo(row.refund_to)
        self.expires_at: datetime = row.expires_at
        self.refund: int = row.refund
        self._version: int = row.version
        self._told = self._course()

    @property
    def over(self) -> bool:
        """Whether nothing can follow."""
        return RETURN.terminal(self.status)

    @property
    def deadline(self) -> datetime | None:
        """When what has not come in will not come any more; None once all of it is in."""
        waits = not self.over and any(line.to_come for line in self.lines.values())
        return self.expires_at if waits else None

    def step(self, target: ReturnStatus) -> None:
        """Take a step; raises IllegalTransition."""
        self.status = RETURN.step(self.status, target)

    def end(self, target: ReturnStatus, **details: Any) -> None:
        """Take a last step: the order no longer waits for the return. Raises IllegalTransition."""
        self.step(target)
        self.order.set(open_returns=self.order.values["open_returns"] - 1)
        self.order.record(f"return.{target}", return_id=self.id, **details)

    async def expect_less(self, missing: Mapping[str, int]) -> None:
        """Forget units, by line, that will not come; the order's history keeps what was asked for."""
        for line_id, units in missing.items():
            self.lines[line_id].quantity -= units
            if not self.lines[line_id].quantity:
                del self.lines[line_id]
        await self.order.connection.execute(
            delete(return_lines).where(
                return_lines.c.return_id == self.id, return_lines.c.line_id.not_in(list(self.lines))
            )
        )

    def news(self) -> dict[str, Any]:
        """What the return's process has to know, as JSON values."""
        over, deadline = self._course()
        ends = deadline.isoformat() if deadline is not None else None
        return {"version": self._version, "over": over, "deadline": ends}

    async def save(self) -> None:
        """Write the return with its lines, and tell its process when its course has changed.

        Does not save the order.
        """
        self._version += 1
        ended_at = self.order.now if self.over else None
        await self.order.connection.execute(
            update(returns)
            .where(returns.c.id == self.id)
            .values(status=self.status.value, version=self._version, refund=self.refund, ended_at=ended_at)
        )
        rows = [
            {"line": line.line_id, "units": line.quantity, "came": line.received, "seen": line.inspected}
            for line in self.lines.values()
        ]
        await self.order.connection.execute(_LINE.where(return_lines.c.return_id == self.id), rows)
        if self._course() != self._told:
            self._told = self._course()
            await tell_return(self)

    def _course(self) -> tuple[bool, datetime | None]:
        return self.over, self.deadline


_LINE = (
    update(return_lines)
    .where(return_lines.c.line_id == bindparam("line"))
    .values(quantity=bindparam("units"), received=bindparam("came"), inspected=bindparam("seen"))
)


async def tell_return(held: LockedReturn) -> None:
    """Start the return's process, or signal it: the relay need not know which."""
    order = held.order
    await tell(order.connection, order.id, "return", {"return_id": held.id, "news": held.news()}, order.now)


async def lock_return(order: LockedOrder, return_id: str) -> LockedReturn:
    """Read a return of a locked order; raises NotFound."""
    found = await _read(order, returns.c.id == return_id)
    if not found:
        raise NotFound(f"the order has no return {return_id}")
    return found[0]


async def inspected_returns(order: LockedOrder) -> list[LockedReturn]:
    """The returns of an order that only wait for their money, oldest first."""
    return await _read(order, returns.c.status == ReturnStatus.INSPECTED.value)


async def customer_returns(order: LockedOrder) -> list[LockedReturn]:
    """The open returns of what the customer sends back, oldest first."""
    return await _read(order, (returns.c.kind == ReturnKind.CUSTOMER.value) & returns.c.ended_at.is_(None))


async def _read(order: LockedOrder, wanted: Any) -> list[LockedReturn]:
    rows = await order.connection.execute(
        select(returns).where(returns.c.order_id == order.id, wanted).order_by(returns.c.number)
    )
    return [LockedReturn(order, row, await _lines(order, row.id)) for row in rows.all()]


async def _lines(order: LockedOrder, return_id: str) -> dict[str, ReturnLine]:
    rows = await order.connection.execute(
        select(return_lines).where(return_lines.c.return_id == return_id).order_by(return_lines.c.line_id)
    )
    return {
        row.line_id: ReturnLine(row.line_id, row.sku, row.quantity, row.reason, row.received, row.inspected)
        for row in rows
    }
