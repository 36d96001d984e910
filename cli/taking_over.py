"""Rows from files into the database: references are checked first, then all is written or nothing."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.carrier_services import (
    CarrierService,
    ServiceSurcharge,
    ServiceZone,
    known_services,
    known_zones,
    put_services,
    put_surcharges,
    put_zones,
)
from adapters.db.catalog import (
    Location,
    Product,
    known_locations,
    known_skus,
    put_locations,
    put_products,
)
from adapters.db.counting import StockCount, count_many
from adapters.db.engine import create_engine, in_transaction
from adapters.db.opening_stock import OpeningLevel, open_stock, skus_waited_for
from adapters.db.postal import PostalArea, put_postal_areas
from adapters.db.rate_cards import RateBand, put_rate_card
from adapters.db.stock import levels
from adapters.db.stock_targets import StockTargets, put_targets
from adapters.db.tax import put_tax_rates
from adapters.db.transfers import known_currencies, put_exchange_rates, put_transfers
from adapters.db.working_days import WorkCalendar, known_calendars, put_calendars
from adapters.files.locations import REGION_COLUMNS
from adapters.files.problems import Problem, UnusableFile
from adapters.files.sheet import Parsed
from adapters.files.transfers import ExchangeRate
from config.settings import Settings
from domain.tax import TaxRate
from routing import TransferLeg

T = TypeVar("T")
ACTOR: Final = "import"
_STATEMENT_TIMEOUT: Final = timedelta(minutes=5)


async def in_one_transaction(settings: Settings, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Connect to the service's database and do the work in one transaction, the only one."""
    engine = create_engine(settings.sqlalchemy_url, pool_size=1, statement_timeout=_STATEMENT_TIMEOUT)
    try:
        return await in_transaction(engine, work)
    finally:
        await engine.dispose()


async def take_over_locations(connection: AsyncConnection, parsed: Parsed[Location]) -> None:
    """Put the locations; what the file has no column for stays as it is at known ones."""
    _refuse(_unknown_calendars(parsed, await known_calendars(connection)))
    told = parsed.columns | ({"name"} if "city" in parsed.columns else set())
    if not parsed.columns.isdisjoint(REGION_COLUMNS):
        told |= {"serves"}
    await put_locations(connection, parsed.values, columns=told)


async def take_over_calendars(connection: AsyncConnection, parsed: Parsed[WorkCalendar]) -> None:
    """Put the calendars; those that the file does not name stay."""
    await put_calendars(connection, parsed.values)


async def take_over_products(connection: AsyncConnection, parsed: Parsed[Product]) -> None:
    """Put the products; known ones keep what the file has no column for."""
    await put_products(connection, parsed.values, columns=parsed.columns)


async def take_over_services(connection: AsyncConnection, parsed: Parsed[CarrierService]) -> None:
    """Put the services; known ones keep what the file has no column for."""
    _refuse(_unknown_calendars(parsed, await known_calendars(connection)))
    worth = await known_currencies(connection)
    _refuse(
        parsed.problem(row, "currency", f"there is no exchange rate of {row.value.currency}")
        for row in parsed.rows
        if row.value.currency is not None and row.value.currency not in worth
    )
    await put_services(connection, parsed.values, columns=parsed.columns)


async def take_over_exchange_rates(connection: AsyncConnection, parsed: Parsed[ExchangeRate]) -> None:
    """Put the rates; currencies that the file does not name stay."""
    await put_exchange_rates(connection, {one.currency: one.rate for one in parsed.values})


async def take_over_transfers(connection: AsyncConnection, parsed: Parsed[TransferLeg]) -> None:
    """Put the legs to the stores that the file names, instead of the former ones."""
    ends = {end for leg in parsed.values for end in (leg.origin, leg.store)}
    known = await known_locations(connection, ends)
    _refuse(
        parsed.problem(row, column, f"there is no location {end}")
        for row in parsed.rows
        for column, end in (("origin", row.value.origin), ("store", row.value.store))
        if end not in known
    )
    await put_transfers(connection, parsed.values)


async def take_over_zones(connection: AsyncConnection, parsed: Parsed[ServiceZone]) -> None:
    """Put the zone maps of the services that the file names, instead of the former ones."""
    _refuse(_unknown_services(parsed, await known_services(connection)))
    await put_zones(connection, parsed.values)


async def take_over_surcharges(connection: AsyncConnection, parsed: Parsed[ServiceSurcharge]) -> None:
    """Put the surcharges of the services that the file names, instead of the former ones."""
    _refuse(_unknown_services(parsed, await known_services(connection)))
    await put_surcharges(connection, parsed.values)


async def take_over_rate_card(
    connection: AsyncConnection, parsed: Parsed[RateBand], service_level: str | None
) -> None:
    """Put the services that the file names, each with its bands instead of the former ones."""
    if "postal_zone" in parsed.columns:
        zones = await known_zones(connection)
        _refuse(
            parsed.problem(row, "postal_zone", f"{row.value.service} has no zone {row.value.zone}")
            for row in parsed.rows
            if row.value.zone and row.value.zone not in zones.get(row.value.service, ())
        )
    await put_rate_card(connection, service_level, parsed.values)


async def take_over_tax_rates(connection: AsyncConnection, parsed: Parsed[TaxRate]) -> None:
    """Put the rates; those of countries that the file does not name stay."""
    await put_tax_rates(connection, parsed.values)


async def take_over_postal_areas(connection: AsyncConnection, parsed: Parsed[PostalArea]) -> None:
    """Put the postal areas; areas that the file does not name stay."""
    await put_postal_areas(connection, parsed.values)


async def take_over_stock(
    connection: AsyncConnection,
    parsed: Parsed[OpeningLevel],
    *,
    counted_at: datetime | None = None,
    skip_unknown_skus: bool = False,
) -> int:
    """Take the file over as a count of the cells it names; returns how many cells it said.

    Raises UnusableFile for locations and SKUs that do not exist; unknown SKUs may be skipped instead.
    Cells that exist are counted one by one, but not those that a count of this moment would not change.
    """
    now = datetime.now(UTC)
    wanted = await _known(connection, parsed, skip_unknown_skus=skip_unknown_skus)
    waited_for = await skus_waited_for(connection, [level.sku for level in wanted])
    fresh = [level for level in wanted if level.sku not in waited_for]
    opened = await open_stock(connection, fresh, actor=ACTOR, counted_at=counted_at or now, now=now)
    rest = [level for level in wanted if (level.location_id, level.sku) not in opened]
    there = await levels(connection, [(level.location_id, level.sku) for level in rest])
    counts = [
        StockCount(level.location_id, level.sku, level.on_hand, counted_at or now)
        for level in rest
        if counted_at is not None
        or (held := there.get((level.location_id, level.sku))) is None
        or held.on_hand != level.on_hand
    ]
    await count_many(connection, counts, actor=ACTOR, now=now)
    return len(wanted)


async def take_over_stock_targets(connection: AsyncConnection, parsed: Parsed[StockTargets]) -> None:
    """Set what cells should hold; orders that wait get what is not kept back any more."""
    locations = await known_locations(connection, {one.location_id for one in parsed.values})
    skus = await known_skus(connection, {one.sku for one in parsed.values})
    _refuse(_unknown(parsed, locations, skus))
    await put_targets(connection, parsed.values, actor=ACTOR, now=datetime.now(UTC))


async def _known(
    connection: AsyncConnection, parsed: Parsed[OpeningLevel], *, skip_unknown_skus: bool
) -> list[OpeningLevel]:
    locations = await known_locations(connection, {level.location_id for level in parsed.values})
    skus = await known_skus(connection, {level.sku for level in parsed.values})
    _refuse(_unknown(parsed, locations, None if skip_unknown_skus else skus))
    return [level for level in parsed.values if level.sku in skus]


_Cell = TypeVar("_Cell", OpeningLevel, StockTargets)


def _unknown(parsed: Parsed[_Cell], locations: set[str], skus: set[str] | None) -> Iterable[Problem]:
    for row in parsed.rows:
        if row.value.location_id not in locations:
            yield parsed.problem(row, "location_id", f"there is no location {row.value.location_id}")
        if skus is not None and row.value.sku not in skus:
            yield parsed.problem(row, "sku", f"there is no product {row.value.sku}")


def _unknown_calendars(
    parsed: Parsed[Location] | Parsed[CarrierService], known: Collection[str]
) -> Iterable[Problem]:
    for row in parsed.rows:
        calendar = row.value.calendar
        if calendar is not None and calendar not in known:
            yield Problem(parsed.file, row.line, "calendar", f"there is no calendar {calendar}")


def _unknown_services(
    parsed: Parsed[ServiceZone] | Parsed[ServiceSurcharge], known: Collection[str]
) -> Iterable[Problem]:
    for row in parsed.rows:
        if row.value.service not in known:
            yield Problem(parsed.file, row.line, "service", f"there is no service {row.value.service}")


def _refuse(problems: Iterable[Problem]) -> None:
    """Raise UnusableFile if there are any."""
    if found := list(problems):
        raise UnusableFile(found)
