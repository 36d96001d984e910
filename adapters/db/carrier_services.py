"""What services charge and keep beyond their bands: hours, volume, zones, surcharges."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import time
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import carrier_services
from routing import Surcharge, ZoneRow


@dataclass(frozen=True, slots=True)
class CarrierService:
    """A service, without its prices; `dim_divisor` is cm³ per kg, pick-ups are local at the location."""

    name: str
    service_level: str = "standard"
    active: bool = True
    dim_divisor: Decimal | None = None
    calendar: str | None = None
    pickups: tuple[time, ...] = ()
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceZone:
    """One row of a service's zone map."""

    service: str
    row: ZoneRow


@dataclass(frozen=True, slots=True)
class ServiceSurcharge:
    """One surcharge of a service."""

    service: str
    surcharge: Surcharge


SERVICE_COLUMNS = frozenset(field.name for field in fields(CarrierService)) - {"name"}


async def put_services(
    connection: AsyncConnection, wanted: Sequence[CarrierService], *, columns: Collection[str]
) -> None:
    """Put services; of known ones only `columns` change. One without bands is not offered."""
    if not wanted:
        return
    statement = upsert(carrier_services)
    changed = {name: statement.excluded[name] for name in SERVICE_COLUMNS.intersection(columns)}
    named = {"name": statement.excluded.name}
    rows = [asdict(service) for service in sorted(wanted, key=lambda service: service.name)]
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_=changed or named), rows
    )


async def put_zones(connection: AsyncConnection, wanted: Sequence[ServiceZone]) -> None:
    """Make the zone map of each service named what is given here."""
    rows = ((one.service, _without_none(asdict(one.row))) for one in wanted)
    await _put(connection, "zones", rows)


async def put_surcharges(connection: AsyncConnection, wanted: Sequence[ServiceSurcharge]) -> None:
    """Make the surcharges of each service named those that are given here."""
    rows = (
        (one.service, _without_none(asdict(one.surcharge)) | {"amount": str(one.surcharge.amount)})
        for one in wanted
    )
    await _put(connection, "surcharges", rows)


async def known_services(connection: AsyncConnection) -> frozenset[str]:
    """The names of all services, offered or not."""
    return frozenset((await connection.execute(select(carrier_services.c.name))).scalars())


async def known_zones(connection: AsyncConnection) -> dict[str, frozenset[str]]:
    """The zones of each service that has a map of them."""
    mapped = carrier_services.c.zones.is_not(None)
    rows = await connection.execute(select(carrier_services.c.name, carrier_services.c.zones).where(mapped))
    return {row.name: frozenset(one["zone"] for one in row.zones) for row in rows}


async def _put(
    connection: AsyncConnection, column: str, rows: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    in_order = sorted(rows, key=lambda pair: pair[0])
    for service, listed in groupby(in_order, key=lambda pair: pair[0]):
        values = {column: [content for _, content in listed]}
        await connection.execute(
            update(carrier_services).where(carrier_services.c.name == service).values(values)
        )


def _without_none(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value is not None}
