"""A scan and the shipment of its parcel in two transactions at once: neither misses the other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.db.carriage import lock_numbers, record_scan
from adapters.db.locked_order import lock_order
from adapters.db.shipping import ShippedParcel, ship
from adapters.db.tables import fulfillment_lines, fulfillment_orders, locations, order_lines, orders, products
from adapters.db.tables import stock as levels
from domain.tracking import Scan, TrackingStatus

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DELIVERED = Scan(NOW, TrackingStatus.DELIVERED)


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    async with engine.begin() as connection:
        await _one_order(connection)
    yield engine
    await engine.dispose()


async def _one_order(connection: AsyncConnection) -> None:
    """An order of one unit, reserved at one location."""
    place = {"id": "north", "name": "North", "kind": "dc", "lat": 40, "lng": -100}
    await connection.execute(insert(locations).values(place))
    await connection.execute(insert(products).values(sku="TENT", name="Tent", weight_g=1))
    await connection.execute(
        insert(levels).values(location_id="north", sku="TENT", on_hand=1, reserved=1, as_of=NOW)
    )
    await connection.execute(
        insert(orders).values(
            id="ord_1", channel="web", order_number="1", content_hash="-", currency="USD",
            status="in_fulfillment", payment_status="authorized", placed_at=NOW, created_at=NOW,
            customer_id="c", customer_name="c", customer_email="c", ship_to={}, delivery_method="ship",
            service_level="standard", items=5, shipping=0, shipping_charged=0, discount=0, tax=0, total=5,
            authorized=5, payment_provider="sandbox", payment_token="tok_ok",
        )
    )  # fmt: skip
    line = {"line_id": "1", "sku": "TENT", "quantity": 1}
    await connection.execute(
        insert(order_lines).values(
            order_id="ord_1", position=1, unit_price=5, discount=0, tax=0, amount=5, allocated=1, **line
        )
    )
    await connection.execute(
        insert(fulfillment_orders).values(
            id="ful_1_1", order_id="ord_1", number=1, decision=1, location_id="north", service="ground",
            status="open", cost="1", created_at=NOW, ship_by=NOW,
        )
    )  # fmt: skip
    await connection.execute(insert(fulfillment_lines).values(fulfillment_id="ful_1_1", **line))


async def _ship(connection: AsyncConnection) -> None:
    await lock_numbers(connection, ["N-1"])
    order = await lock_order(connection, "ord_1", actor="test", now=NOW)
    await ship(order, order.works["ful_1_1"], [ShippedParcel("ups", "N-1")])
    await order.save()


async def _status(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        return str((await connection.execute(text("SELECT status FROM orders"))).scalar_one())


async def test_a_scan_that_comes_while_its_parcel_ships_is_read(engine: AsyncEngine) -> None:
    async with engine.begin() as scanning:
        async with engine.begin() as shipping:
            await _ship(shipping)
            scan = asyncio.create_task(record_scan(scanning, "ups", "N-1", DELIVERED, NOW))
            await asyncio.sleep(0.2)
        await scan

    assert await _status(engine) == "delivered"


async def test_a_parcel_that_ships_while_its_scan_is_written_is_delivered(engine: AsyncEngine) -> None:
    async with engine.begin() as shipping:
        async with engine.begin() as scanning:
            await record_scan(scanning, "ups", "N-1", DELIVERED, NOW)
            shipped = asyncio.create_task(_ship(shipping))
            await asyncio.sleep(0.2)
        await shipped

    assert await _status(engine) == "delivered"
