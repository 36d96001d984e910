"""An order's progress: all that its process has to know, read off the rows in one piece."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from domain.quantities import LineQuantities


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """An order's state as of `version`; of two, the one with the higher version is true.

    `unpaid`: nothing may be asked of locations before the money is sure. `to_route`: units that the DOM may
    be asked for now; `decisions`: how often it was. `unshipped`: units that may still ship. `in_transit`:
    units between location and customer. `busy`: something is left to do before the order can close.
    `awaited`: the provider decides an effect that it took, and is asked what became of it, also while the
    order waits for a person. `deadline`: when somebody should look next.
    """

    version: int
    unpaid: bool
    to_route: int
    decisions: int
    unshipped: int
    in_transit: int
    money_due: bool
    busy: bool
    attention: str | None
    payment_retry_at: datetime | None
    deadline: datetime | None
    delivered_at: datetime | None
    closed: bool
    awaited: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values, for a message."""
        content = asdict(self)
        for name in ("payment_retry_at", "deadline", "delivered_at"):
            moment = content[name]
            content[name] = moment.isoformat() if moment is not None else None
        return content


def must_know(before: OrderProgress, after: OrderProgress) -> bool:
    """Whether an order's process must be told: scans, steps and later deadlines are not its matter."""
    sooner = after.deadline is not None and (before.deadline is None or after.deadline < before.deadline)
    return sooner or _course(before) != _course(after)


def _course(progress: OrderProgress) -> tuple[object, ...]:
    """Units that arrive matter once none is left on the way."""
    return (
        progress.unpaid,
        progress.to_route,
        progress.unshipped > 0,
        progress.unshipped == 0 and progress.in_transit == 0,
        progress.money_due,
        progress.busy,
        progress.attention,
        progress.payment_retry_at,
    )


def units(lines: Sequence[LineQuantities]) -> LineQuantities:
    """The sum over an order's lines."""
    total = LineQuantities()
    for line in lines:
        total += line
    return total
