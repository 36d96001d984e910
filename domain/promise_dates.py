"""When waiting units can be promised: the queue for one product, covered by what is on its way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units of an order's line that wait for stock at one of some locations."""

    order_id: str
    line_id: str
    quantity: int
    locations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Inbound:
    """Units that are to come to a location."""

    location_id: str
    quantity: int
    expected_at: datetime


Line = tuple[str, str]
"""(order id, line id)."""


def promise_dates(queue: Sequence[Waiting], inbound: Iterable[Inbound]) -> dict[Line, datetime]:
    """When the last unit of each line is covered; lines that never are, are missing.

    `queue` stands in the order in which it is served, the oldest promise first. Whatever comes is given to
    those who may be served from where it comes, as it will be when it comes.
    """
    left = {_line(one): one.quantity for one in queue}
    waiting = list(queue)
    dates: dict[Line, datetime] = {}
    for lot in sorted(inbound, key=lambda lot: (lot.expected_at, lot.location_id)):
        units = lot.quantity
        for one in waiting:
            if units <= 0:
                break
            if lot.location_id in one.locations:
                given = min(units, left[_line(one)])
                units -= given
                left[_line(one)] -= given
                if not left[_line(one)]:
                    dates[_line(one)] = lot.expected_at
        waiting = [one for one in waiting if left[_line(one)]]
        if not waiting:
            break
    return dates


def _line(one: Waiting) -> Line:
    return one.order_id, one.line_id
