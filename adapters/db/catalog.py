"""What is sold and where it lies: products and locations, read and put by name."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, time
from decimal import Decimal

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import locations, products
from domain.tax import STANDARD
from routing.model.network import CapacityUnit, LocationKind


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is sold; the weight is that of one unit, the tax category a word of the tax table."""

    sku: str
    name: str
    weight_g: int = 0
    tax_category: str = STANDARD
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    flags: tuple[str, ...] = ()
    category: str | None = None

    @property
    def dims_mm(self) -> tuple[int, int, int] | None:
        """The sides of a unit, where they are known."""
        if self.length_mm is None or self.width_mm is None or self.height_mm is None:
            return None
        return self.length_mm, self.width_mm, self.height_mm


PRODUCT_COLUMNS = frozenset(field.name for field in fields(Product)) - {"sku"}


@dataclass(frozen=True, slots=True)
class Location:
    """A place that ships. Costs are minor units, fractions allowed; no daily capacity = no limit."""

    id: str
    name: str
    kind: LocationKind
    lat: float
    lng: float
    time_zone: str = "UTC"
    handling_cost: Decimal = Decimal(0)
    handling_per_unit: Decimal = Decimal(0)
    daily_capacity: int | None = None
    capacity_unit: CapacityUnit = "orders"
    active: bool = True
    postal_code: str | None = None
    calendar: str | None = None
    cutoff: time | None = None
    processing_minutes: int = 0
    groups: tuple[str, ...] = ()
    services: tuple[str, ...] | None = None
    methods: tuple[str, ...] = ("ship", "pickup")
    serves: dict[str, list[str]] | None = None
    handles: tuple[str, ...] | None = None
    offline: bool = False
    priority: int | None = None
    cool_off_until: datetime | None = None


LOCATION_COLUMNS = frozenset(field.name for field in fields(Location)) - {"id"}


async def get_product(connection: AsyncConnection, sku: str) -> Product | None:
    """Look up one product; None when nobody knows the SKU."""
    found = await connection.execute(select(products).where(products.c.sku == sku))
    row = found.mappings().one_or_none()
    return None if row is None else Product(**row)


async def put_product(connection: AsyncConnection, product: Product) -> None:
    """Make a product what is given here, whether it was known or not."""
    await put_products(connection, [product])


async def put_products(
    connection: AsyncConnection, wanted: Sequence[Product], *, columns: Collection[str] = PRODUCT_COLUMNS
) -> None:
    """Put many products; of known ones only `columns` change, the rest stays as it is."""
    if not wanted:
        return
    statement = upsert(products)
    changed = {name: statement.excluded[name] for name in PRODUCT_COLUMNS.intersection(columns)}
    rows = [asdict(product) for product in sorted(wanted, key=lambda product: product.sku)]
    await connection.execute(statement.on_conflict_do_update(index_elements=["sku"], set_=changed), rows)


async def known_skus(connection: AsyncConnection, skus: Collection[str]) -> set[str]:
    """Those of the SKUs that are products."""
    return set(await product_weights(connection, skus))


async def product_weights(connection: AsyncConnection, skus: Collection[str]) -> dict[str, int]:
    """Grams per unit, by SKU; unknown SKUs are missing."""
    statement = text("SELECT sku, weight_g FROM products WHERE sku = ANY(:skus)")
    rows = await connection.execute(statement, {"skus": sorted(set(skus))})
    return {row.sku: row.weight_g for row in rows}


async def get_location(connection: AsyncConnection, location_id: str) -> Location | None:
    """Look up one location; None when there is none of that id."""
    found = await connection.execute(select(locations).where(locations.c.id == location_id))
    row = found.mappings().one_or_none()
    return None if row is None else Location(**row)


async def list_locations(
    connection: AsyncConnection, *, after: str | None = None, limit: int = 50
) -> list[Location]:
    """A page of locations in the order of their ids, those behind `after` only."""
    statement = select(locations).order_by(locations.c.id).limit(limit)
    if after is not None:
        statement = statement.where(locations.c.id > after)
    return [Location(**row) for row in (await connection.execute(statement)).mappings()]


async def known_locations(connection: AsyncConnection, location_ids: Collection[str]) -> set[str]:
    """Those of the ids that are locations, active or not."""
    statement = text("SELECT id FROM locations WHERE id = ANY(:ids)")
    return {row.id for row in await connection.execute(statement, {"ids": sorted(set(location_ids))})}


async def put_locations(
    connection: AsyncConnection, wanted: Sequence[Location], *, columns: Collection[str] = LOCATION_COLUMNS
) -> None:
    """Put many locations; of known ones only `columns` change, the rest stays as it is."""
    if not wanted:
        return
    statement = upsert(locations)
    changed = {name: statement.excluded[name] for name in LOCATION_COLUMNS.intersection(columns)}
    rows = [asdict(location) for location in sorted(wanted, key=lambda location: location.id)]
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
