"""The demo network, loaded once: what is there afterwards is the user's."""

from datetime import datetime
from importlib.resources import files
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.catalog import known_locations, put_locations, put_products
from adapters.db.legal_entities import name_seller
from adapters.db.opening_stock import open_stock
from adapters.db.rate_cards import put_rate_card
from adapters.files.locations import read_locations
from adapters.files.products import read_products
from adapters.files.rate_cards import read_rate_card
from adapters.files.stock import read_stock

HOME: Final = "columbus-dc"
"""The location that carries everything we stock; the location key is its key."""

SERVICE_LEVELS: Final = ("standard", "expedited", "same_day")


async def load_demo_network(connection: AsyncConnection, now: datetime) -> bool:
    """Load locations, products, rate cards, stock and who sells; returns False if they were loaded before."""
    if await known_locations(connection, [HOME]):
        return False
    await put_locations(connection, read_locations(*_file("locations.csv")).values)
    await put_products(connection, read_products(*_file("products.csv")).values)
    for level in SERVICE_LEVELS:
        bands = read_rate_card(*_file(f"rate_card_{level}.csv")).values
        await put_rate_card(connection, level, bands)
    levels = read_stock(*_file("stock.csv")).values
    await name_seller(connection, "Demo Mugs Inc.", "1 Kiln Lane, Columbus OH 43215, US")
    await open_stock(connection, levels, actor="seed", counted_at=now, now=now)
    return True


def _file(name: str) -> tuple[str, bytes]:
    return name, files("cli").joinpath("seed_data", name).read_bytes()
