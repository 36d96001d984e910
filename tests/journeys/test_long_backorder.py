"""A backorder of thirty days at a provider whose authorizations hold for seven."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.journeys.conftest import copied
from tests.world import World, at, world


@pytest.fixture
async def patient(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world whose payment provider's time can be skipped: nobody else's authorizations end by it."""
    url = await copied(postgres_url, "patient")
    async with world(url, tmp_path_factory.mktemp("patient")) as running:
        yield running


async def settled(service: World, order_id: str, renewals: int) -> None:
    """Wait for so many renewals at least, and until only the newest authorization holds money."""
    deadline = asyncio.get_running_loop().time() + 60
    while True:
        kinds = [kind for kind, _, _ in await service.books(order_id)]
        if kinds.count("authorize") > renewals and kinds.count("authorize") == kinds.count("void") + 1:
            return
        assert asyncio.get_running_loop().time() < deadline, kinds
        await asyncio.sleep(0.1)


async def test_it_is_renewed_in_time_and_paid_for_when_it_ships(patient: World) -> None:
    sku = await patient.sku(north=0)
    order_id = await patient.place((sku, 2), token="tok_valid_7_days")
    await patient.until(order_id, "awaiting_stock")

    for day in range(2, 31, 2):
        await patient.both_skip(order_id, timedelta(days=2))
        await settled(patient, order_id, renewals=day // 6)
        assert (await patient.order(order_id))["payment_status"] == "authorized", f"day {day}"
    assert (await patient.order(order_id))["totals"]["captured"] == 0
    await patient.receive("north", sku, 2)

    order = await patient.until(order_id, "in_fulfillment")
    number = await patient.ship(at(order, "north")["id"])
    order = await patient.paid(order_id)
    assert order["totals"]["captured"] == 2500
    await patient.scan(number, "delivered")
    await patient.close(order_id)
    books = await patient.books(order_id)
    renewals = [one for one in books if one[0] == "authorize"]
    assert books[-1] == ("capture", 2500, "succeeded")
    assert len(renewals) == 6
    assert books.count(("void", 2500, "succeeded")) == len(renewals) - 1
    assert set(books) == {(kind, 2500, "succeeded") for kind in ("authorize", "void", "capture")}
    assert await patient.level("north", sku) == (0, 0)
    history = await patient.history(order_id)
    assert "payment.authorization_expired" not in history
    assert history.count("payment.captured") == 1
    assert history.index("payment.captured") > history.index("fulfillment.shipped")
