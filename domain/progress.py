"""An order's progress: all that its process has to know, read off the rows in one piece."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from domain.fulfillment_status import OPEN_WORK, FulfillmentStatus
from domain.quantities import LineQuantities


@dataclass(frozen=True, slots=True)
class FulfillmentProgress:
    """One location's work: `shipments` counts its ship steps so far."""

    id: str
    open: bool
    shipments: int


@dataclass(frozen=True, slots=True)
class OrderProgress:
    """An order's state as of `version`; of two, the one with the higher version is true.

    `to_route`: units that no location has been asked for and some may serve now. `unshipped`: units that may
    still ship. `in_transit`: units between location and customer. `deadline`: when somebody should look next.
    """

    version: int
    to_route: int
    unshipped: int
    in_transit: int
    money_due: bool
    refused: bool
    attention: str | None
    payment_retry_at: datetime | None
    deadline: datetime | None
    delivered_at: datetime | None
    fulfillments: tuple[FulfillmentProgress, ...]
    closed: bool

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values, for a message."""
        content = asdict(self)
        for name in ("payment_retry_at", "deadline", "delivered_at"):
            moment = content[name]
            content[name] = moment.isoformat() if moment is not None else None
        return content


def course(progress: OrderProgress) -> tuple[object, ...]:
    """What must differ for the process to be told: everything but scans' and steps' noise.

    Units that arrive matter once none is left on the way.
    """
    quiet = progress.unshipped == 0 and progress.in_transit == 0
    return (
        progress.to_route,
        progress.unshipped,
        progress.money_due,
        quiet,
        progress.attention,
        progress.refused,
        progress.payment_retry_at,
        tuple((one.id, one.open, one.shipments) for one in progress.fulfillments),
    )


def is_open(status: FulfillmentStatus) -> bool:
    """Whether a location still has something to ship."""
    return status in OPEN_WORK


def units(lines: Sequence[LineQuantities]) -> LineQuantities:
    """The sum over an order's lines."""
    total = LineQuantities()
    for line in lines:
        total += line
    return total
