"""A location's day: what work takes of its capacity, and what is given back when it does not come to that.

How much work takes follows from its row alone, so whatever ended or shrank it (a cancel, a reject, a short
pick, a reroute, a count) is found by comparing. Rows are locked after orders and cells, in (location, day)
order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.order_rows import Work
from domain.fulfillment_status import FulfillmentStatus

_NEVER_SHIPPED: Final = {FulfillmentStatus.REJECTED, FulfillmentStatus.EXPIRED, FulfillmentStatus.CANCELLED}

_GIVE_BACK: Final = text("""
    WITH back AS (
        SELECT * FROM unnest(CAST(:places AS text[]), CAST(:days AS date[]), CAST(:units AS int[]),
                             CAST(:orders AS int[])) AS given (location_id, day, units, orders)
    ), held AS (
        SELECT u.location_id, u.day,
               CASE l.capacity_unit WHEN 'units' THEN back.units ELSE back.orders END AS freed
        FROM capacity_usage u JOIN back USING (location_id, day) JOIN locations l ON l.id = u.location_id
        ORDER BY u.location_id, u.day FOR UPDATE OF u
    )
    UPDATE capacity_usage u SET used = greatest(u.used - held.freed, 0)
    FROM held WHERE u.location_id = held.location_id AND u.day = held.day
""")


@dataclass(frozen=True, slots=True)
class Load:
    """What work takes of a day: in units, or as one of the orders that a location can do."""

    units: int = 0
    orders: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(self.units + other.units, self.orders + other.orders)

    def __sub__(self, other: "Load") -> "Load":
        return Load(self.units - other.units, self.orders - other.orders)


def load_of(work: Work) -> Load:
    """What work takes: the units that it asks for or shipped; nothing once it ended with nothing shipped."""
    if work.status in _NEVER_SHIPPED:
        return Load()
    return Load(sum(line.quantity for line in work.lines.values()), 1)


async def give_back(connection: AsyncConnection, works: Iterable[Work], before: Mapping[str, Load]) -> None:
    """Give back to each location's day what its work takes less than `before`, by the work's id."""
    freed: dict[tuple[str, date], Load] = {}
    for work in works:
        less = before[work.id] - load_of(work)
        if work.capacity_day is not None and less != Load():
            cell = (work.location_id, work.capacity_day)
            freed[cell] = freed.get(cell, Load()) + less
    if freed:
        columns = {
            "places": [place for place, _ in freed],
            "days": [day for _, day in freed],
            "units": [load.units for load in freed.values()],
            "orders": [load.orders for load in freed.values()],
        }
        await connection.execute(_GIVE_BACK, columns)
