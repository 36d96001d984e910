"""What carriers charge and how long they take: one service, its distance bands."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import carrier_services, service_bands


@dataclass(frozen=True, slots=True)
class RateBand:
    """A service's price up to `max_km`: base and per kg in minor units, fractions allowed."""

    service: str
    max_km: Decimal
    base: Decimal
    per_kg: Decimal
    transit_days: Decimal


async def put_rate_card(connection: AsyncConnection, service_level: str, bands: Sequence[RateBand]) -> None:
    """Put the services that the bands name; their former bands are replaced as a whole."""
    services = sorted({band.service for band in bands})
    if not services:
        return
    known = upsert(carrier_services).values(active=True, service_level=service_level)
    known = known.on_conflict_do_update(
        index_elements=["name"], set_={"active": True, "service_level": service_level}
    )
    await connection.execute(known, [{"name": name} for name in services])
    await connection.execute(delete(service_bands).where(service_bands.c.service.in_(services)))
    rows = [
        {
            "service": band.service,
            "max_km": band.max_km,
            "base": band.base,
            "per_kg": band.per_kg,
            "transit_days": band.transit_days,
        }
        for band in bands
    ]
    await connection.execute(insert(service_bands), rows)
