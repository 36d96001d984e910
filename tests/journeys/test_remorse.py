"""The remorse window: routed and reserved, but kept from its locations while the customer may rue it."""

from datetime import timedelta
from pathlib import Path

from tests.one_story import OF_ITS_PRODUCTS, prepare, wrongs_of
from tests.passages import AUTHORIZED
from tests.world import at, quantities, world


async def test_an_order_is_released_when_the_remorse_window_is_over(
    fresh_database_url: str, tmp_path: Path
) -> None:
    async with world(fresh_database_url, tmp_path, remorse_window=timedelta(minutes=30)) as service:
        await prepare(fresh_database_url, OF_ITS_PRODUCTS)
        sku = await service.sku(north=2)
        kept = await service.place((sku, 1))
        rued = await service.place((sku, 1))
        for order_id in (kept, rued):
            order = await service.until(order_id, lambda o: quantities(o) == {"allocated": 1})
            assert (order["status"], at(order, "north")["status"]) == ("on_hold", "planned")
            assert [hold["type"] for hold in order["holds"]] == ["remorse"]
        assert await service.level("north", sku) == (2, 2)

        await service.cancel(rued)
        await service.skip(kept, timedelta(minutes=31))

        order = await service.until(kept, "in_fulfillment")
        assert at(order, "north")["status"] == "open"
        assert await service.history(kept) == [
            "order.placed",
            "hold.placed",
            *AUTHORIZED,
            "fulfillment.created",
            "hold.expired",
            "fulfillment.released",
        ]
        await service.paid(rued, "voided")
        await service.until(rued, lambda o: o["closed_at"] is not None)
        assert await service.history(rued) == [
            "order.placed",
            "hold.placed",
            *AUTHORIZED,
            "fulfillment.created",
            "fulfillment.cancelled",
            "order.cancelled",
            "payment.voided",
            "hold.ended",
            "order.closed",
        ]
        assert await service.books(kept) == [("authorize", 1500, "succeeded")]
        assert await service.books(rued) == [("authorize", 1500, "succeeded"), ("void", 1500, "succeeded")]
        assert await service.movements(sku) == [
            ("north", "count", 2, 0),
            ("north", "reserved", 0, 1),
            ("north", "reserved", 0, 1),
            ("north", "cancelled", 0, -1),
        ]
        assert await service.levels(sku) == {"north": (2, 1)}
        assert await wrongs_of(fresh_database_url, service.name) == []
