"""What carriers charge, as routing reads it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import carrier_services, service_bands
from routing import Band, RegionRule, Service, Surcharge, WeightBreak, ZoneMap, ZoneRow


async def read_services(connection: AsyncConnection, service_level: str) -> tuple[Service, ...]:
    """The active services of a level, by name, with their bands."""
    named = carrier_services.c.name == service_bands.c.service
    offered = carrier_services.c.active & (carrier_services.c.service_level == service_level)
    bands = await connection.execute(
        select(service_bands)
        .join(carrier_services, named)
        .where(offered)
        .order_by(service_bands.c.service, service_bands.c.max_km, service_bands.c.zone)
    )
    by_service = {name: tuple(map(_band, rows)) for name, rows in groupby(bands, key=lambda row: row.service)}
    found = await connection.execute(
        select(carrier_services).where(offered).order_by(carrier_services.c.name)
    )
    return tuple(_service(row, by_service[row.name]) for row in found if row.name in by_service)


def region_rule(stored: Mapping[str, Any]) -> RegionRule:
    """Read a location's region rule back; what it does not name is open."""
    countries, regions = stored.get("countries"), stored.get("regions")
    prefixes = stored.get("postal_prefixes")
    return RegionRule(
        countries=None if countries is None else frozenset(countries),
        regions=None if regions is None else frozenset(regions),
        postal_prefixes=None if prefixes is None else tuple(prefixes),
        not_countries=frozenset(stored.get("not_countries", ())),
        not_regions=frozenset(stored.get("not_regions", ())),
        not_postal_prefixes=tuple(stored.get("not_postal_prefixes", ())),
    )


def _band(row: Row[Any]) -> Band:
    breaks = tuple(
        WeightBreak(Decimal(one["max_kg"]), Decimal(one["base"]), Decimal(one["per_kg"]))
        for one in row.breaks
    )
    return Band(row.max_km, row.base, row.per_kg, row.transit_days, row.zone or None, breaks)


def _service(row: Row[Any], bands: Sequence[Band]) -> Service:
    charged = (Surcharge(**{**one, "amount": Decimal(one["amount"])}) for one in row.surcharges)
    return Service(
        name=row.name,
        bands=tuple(bands),
        service_level=row.service_level,
        dim_divisor=row.dim_divisor,
        surcharges=tuple(charged),
        calendar=row.calendar,
        pickups=tuple(row.pickups),
        currency=row.currency,
        zones=None if row.zones is None else ZoneMap(tuple(ZoneRow(**one) for one in row.zones)),
    )
