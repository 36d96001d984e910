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
    """A service's price up to `max_km`, and up to `max_kg` where it goes by weight breaks.

    With a `zone`, within that zone of the service's map. Base and per kg are minor units, fractions allowed.
    """

    service: str
    max_km: Decimal
    base: Decimal
    per_kg: Decimal
    transit_days: Decimal
    max_kg: Decimal | None = None
    zone: str = ""


async def put_rate_card(
    connection: AsyncConnection, service_level: str | None, bands: Sequence[RateBand]
) -> None:
    """Put the services that the bands name; their former bands are replaced as a whole.

    Without a service level known services keep theirs, and new ones are of the standard one.
    """
    services = sorted({band.service for band in bands})
    if not services:
        return
    said = {"active": True} | ({} if service_level is None else {"service_level": service_level})
    known = upsert(carrier_services).values(said)
    known = known.on_conflict_do_update(index_elements=["name"], set_=said)
    await connection.execute(known, [{"name": name} for name in services])
    await connection.execute(delete(service_bands).where(service_bands.c.service.in_(services)))
    steps: dict[tuple[str, str, Decimal], list[RateBand]] = {}
    for band in bands:
        steps.setdefault((band.service, band.zone, band.max_km), []).append(band)
    await connection.execute(insert(service_bands), [_stored(together) for together in steps.values()])


def _stored(steps: Sequence[RateBand]) -> dict[str, object]:
    """One band, with the weight breaks of all rows that are of it, the lightest first."""
    first = steps[0]
    breaks = sorted((step for step in steps if step.max_kg is not None), key=lambda step: step.max_kg or 0)
    return {
        "service": first.service,
        "zone": first.zone,
        "max_km": first.max_km,
        "base": first.base,
        "per_kg": first.per_kg,
        "transit_days": first.transit_days,
        "breaks": [
            {"max_kg": str(step.max_kg), "base": str(step.base), "per_kg": str(step.per_kg)}
            for step in breaks
        ],
    }
