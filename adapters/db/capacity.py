"""A location's day: what work takes of its capacity, and what is given back when it does not come to that.

How much work takes follows from its row alone, so whatever ended or shrank it (a cancel, a reject, a short
pick, a reroute, a count) is found by comparing. Rows are locked after orders and cells, in (location, day)
order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.order_rows import Work
from adapters.db.stock import Miss
from adapters.db.tables import capacity_usage, locations
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


def capacity_day(time_zone: str, now: datetime) -> date:
    """The day whose capacity a location in this time zone is using up; `now` must be aware."""
    return now.astimezone(ZoneInfo(time_zone)).date()


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


@dataclass(frozen=True, slots=True)
class TakenCapacity:
    """What is taken of a location's day, in the location's own unit."""

    location_id: str
    day: date
    taken: int


async def take_capacity(
    connection: AsyncConnection, loads: Mapping[str, Load], now: datetime
) -> list[TakenCapacity]:
    """Take loads, by location, of each location's own day; raises Miss when one has too little left.

    Returns what was taken; of a location without a limit nothing is.
    """
    limited = await connection.execute(
        select(locations)
        .where(locations.c.id.in_(loads), locations.c.daily_capacity.is_not(None))
        .order_by(locations.c.id)
    )
    taken = []
    for place in limited.all():
        load = loads[place.id]
        units = load.units if place.capacity_unit == "units" else load.orders
        day = capacity_day(place.time_zone, now)
        row = upsert(capacity_usage).values(location_id=place.id, day=day, used=units)
        grown = row.on_conflict_do_update(
            index_elements=["location_id", "day"],
            set_={"used": capacity_usage.c.used + units},
            where=capacity_usage.c.used + units <= place.daily_capacity,
        ).returning(capacity_usage.c.used)
        used = (await connection.execute(grown)).scalar()
        if used is None or used > place.daily_capacity:
            raise Miss(f"{place.id} has no capacity left on {day}")
        taken.append(TakenCapacity(place.id, day, units))
    return taken


async def return_taken(connection: AsyncConnection, taken: Iterable[TakenCapacity]) -> None:
    """Give back what was taken of locations' days and is not needed any more."""
    for one in sorted(taken, key=lambda one: (one.location_id, one.day)):
        here = (capacity_usage.c.location_id == one.location_id) & (capacity_usage.c.day == one.day)
        await connection.execute(
            update(capacity_usage).where(here).values(used=capacity_usage.c.used - one.taken)
        )
