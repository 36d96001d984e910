"""When waiting units can be promised: the queue for one product, covered by what is on its way."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple


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
    return {one.line: one.lot.expected_at for one in _given_out(queue, inbound) if not one.left}


def supply_dates(queue: Sequence[Waiting], inbound: Iterable[Inbound]) -> dict[Line, datetime]:
    """When the first unit for each line comes, by the same rules; lines that get none are missing."""
    dates: dict[Line, datetime] = {}
    for one in _given_out(queue, inbound):
        dates.setdefault(one.line, one.lot.expected_at)
    return dates


def unclaimed(queue: Sequence[Waiting], inbound: Sequence[Inbound]) -> list[Inbound]:
    """What of the lots is left for who comes behind the queue."""
    claimed: Counter[Inbound] = Counter()
    for one in _given_out(queue, inbound):
        claimed[one.lot] += one.units
    left = []
    for lot in inbound:
        gone = min(claimed[lot], lot.quantity)
        claimed[lot] -= gone
        if lot.quantity > gone:
            left.append(replace(lot, quantity=lot.quantity - gone))
    return left


class _Gift(NamedTuple):
    """Units of a lot for a line, and how many it then still waits for."""

    line: Line
    lot: Inbound
    units: int
    left: int


def _given_out(queue: Sequence[Waiting], inbound: Iterable[Inbound]) -> Iterator[_Gift]:
    """Each time that a line gets units, the earliest first."""
    left = {_line(one): one.quantity for one in queue}
    waiting = list(queue)
    for lot in sorted(inbound, key=lambda lot: (lot.expected_at, lot.location_id)):
        units = lot.quantity
        for one in waiting:
            if units <= 0:
                break
            if lot.location_id in one.locations:
                given = min(units, left[_line(one)])
                units -= given
                left[_line(one)] -= given
                yield _Gift(_line(one), lot, given, left[_line(one)])
        waiting = [one for one in waiting if left[_line(one)]]
        if not waiting:
            break


def _line(one: Waiting) -> Line:
    return one.order_id, one.line_id
