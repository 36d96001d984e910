"""Calendars of locations and carriers, with public holidays looked up."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import holidays
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import calendars
from routing import Calendar

WEEKDAYS: Final = (0, 1, 2, 3, 4)
HORIZON: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Open weekdays (Monday is 0), less the holidays of a country and other dates, plus extra ones."""

    name: str
    open_weekdays: tuple[int, ...] = WEEKDAYS
    holidays: str | None = None
    closed: tuple[date, ...] = ()
    extra_open: tuple[date, ...] = ()


async def put_calendars(connection: AsyncConnection, wanted: Sequence[WorkCalendar]) -> None:
    """Make each calendar what is given here, whether it was known or not."""
    if not wanted:
        return
    statement = upsert(calendars)
    changed = {field.name: statement.excluded[field.name] for field in fields(WorkCalendar)[1:]}
    rows = [asdict(calendar) for calendar in sorted(wanted, key=lambda calendar: calendar.name)]
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed), rows)


async def known_calendars(connection: AsyncConnection) -> frozenset[str]:
    """The names of all calendars."""
    return frozenset((await connection.execute(select(calendars.c.name))).scalars())


async def read_calendars(
    connection: AsyncConnection, names: Collection[str | None], now: datetime
) -> dict[str, Calendar]:
    """The calendars of these names, with the holidays of all years from yesterday's to the horizon's."""
    if not names:
        return {}
    rows = await connection.execute(select(calendars).where(calendars.c.name.in_(names)))
    years = ((now - timedelta(days=1)).year, (now + HORIZON).year)
    return {
        row.name: Calendar(
            open_weekdays=frozenset(row.open_weekdays),
            closed=holidays_of(row.holidays, *years).union(row.closed),
            extra_open=frozenset(row.extra_open),
        )
        for row in rows
    }


@lru_cache(maxsize=256)
def holidays_of(where: str | None, first_year: int, last_year: int) -> frozenset[date]:
    """The public holidays of a country ("DE") or a part of it ("DE-BY"); none of nowhere.

    Raises NotImplementedError where they are not known.
    """
    if where is None:
        return frozenset()
    country, _, part = where.partition("-")
    years = range(first_year, last_year + 1)
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=years))
