"""Many orders at once for the last units of one product: each unit is sold once, and no client sees an error.

`SCARCE_ORDERS` sets how many orders come (40 by default), for half as many units at ten locations.
"""

import asyncio
import logging
import os
import time
from collections import Counter

import pytest

from tests.world import World, quantities

ORDERS = int(os.environ.get("SCARCE_ORDERS", "40"))
PLACES = 10
UNITS = ORDERS // 2


@pytest.mark.timeout(120 + 2 * ORDERS)
async def test_the_last_units_are_sold_once_each_and_the_rest_of_the_orders_waits(
    service: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "activities.routing")
    places = [await service.location(lat=38.0 + n / 5, handling_cost=100 + n) for n in range(PLACES)]
    shares = {place: UNITS // PLACES + (n < UNITS % PLACES) for n, place in enumerate(places)}
    sku = await service.sku(**shares)
    began = time.monotonic()

    orders = await asyncio.gather(*(service.place((sku, 1)) for _ in range(ORDERS)))

    ends = await asyncio.gather(
        *(
            service.until(one, lambda o: o["status"] in {"in_fulfillment", "awaiting_stock"}, 300)
            for one in orders
        )
    )
    misses = Counter(
        record.__dict__["order_id"] for record in caplog.records if record.message == "the plan missed"
    )
    told = f"{ORDERS} orders for {UNITS} units in {time.monotonic() - began:.1f} s"
    print(f"{told}; plans missed: {sum(misses.values())}, of {len(misses)} orders")  # noqa: T201 (for a note)
    assert Counter(next(iter(quantities(order))) for order in ends) == {
        "allocated": UNITS,
        "backordered": ORDERS - UNITS,
    }
    assert await service.levels(sku) == {place: (units, units) for place, units in shares.items()}
    sold = Counter(order["fulfillments"][0]["location_id"] for order in ends if order["fulfillments"])
    assert dict(sold) == shares
    assert [order["attention"] for order in ends if "attention" in order] == []

    for order_id in orders:
        await service.cancel(order_id)
    assert await service.levels(sku) == {place: (units, 0) for place, units in shares.items()}
