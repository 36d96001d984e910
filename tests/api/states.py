"""Orders in many states, for requests to meet."""

from typing import Final

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.tables import carrier_services, locations, orders, service_bands
from tests.properties.network import PLACES, Happening, SmallNetwork

_STORY: Final[list[Happening]] = [
    ("receive", 0, 0, 4), ("receive", 0, 1, 4), ("receive", 1, 2, 4),
    *[("place", 1 + n % 3, n % 2, n) for n in range(5)], ("route", 0, 0, 0), ("route", 1, 0, 0),
    ("route", 2, 0, 0), ("accept", 0, 0, 0), ("pick", 1, 0, 0), ("ship", 2, 0, 0), ("ship_part", 3, 0, 0),
    ("deliver", 2, 0, 0), ("place", 2, 2, 1),
]  # fmt: skip
_SHIP_TO: Final = {
    "name": "Ada Field",
    "line1": "1 Main Street",
    "city": "Denver",
    "region": "CO",
    "postal_code": "80202",
    "country": "US",
}


async def lived(engine: AsyncEngine) -> dict[str, list[str]]:
    """Let a story happen; returns the names that there are then, by the fields that they stand in."""
    async with engine.begin() as opening:
        for number, name in enumerate(PLACES):
            row = {"id": name, "name": name, "kind": "dc", "lat": 40 - number, "lng": -100}
            await opening.execute(insert(locations).values(row))
        await opening.execute(insert(carrier_services).values(name="ground"))
        await opening.execute(
            insert(service_bands).values(service="ground", max_km=20000, base=500, per_kg=100, transit_days=3)
        )
    network = SmallNetwork(engine)
    await network.open()
    for happening in _STORY:
        await network.happens(happening)
    async with engine.begin() as connection:
        await connection.execute(update(orders).values(ship_to=_SHIP_TO))
        works = list(await connection.scalars(text("SELECT id FROM fulfillment_orders ORDER BY id")))
        numbers = list(await connection.scalars(text("SELECT tracking_number FROM parcels")))
    assert works
    assert numbers
    return {
        "order_id": network.orders,
        "fulfillment_id": works,
        "tracking_number": [*numbers, "T-unheard-of"],
        "location_id": list(PLACES),
        "pickup_location": list(PLACES),
        "sku": list(network.skus),
        "line_id": ["1", "2"],
        "channel": ["web"],
        "carrier": ["generic"],
        "provider": ["sandbox"],
        "currency": ["USD", "JPY"],
        "country": ["US", "DE"],
    }
