"""Answers that come too late, many at once: the provider's own books show one effect of each step.

`LATE_ANSWERS` sets how many orders are paid so at once (10 by default).
"""

import asyncio
import os
from collections import Counter

import pytest

from tests.world import World, at

MANY = int(os.environ.get("LATE_ANSWERS", "10"))


@pytest.mark.timeout(120 + 10 * MANY)
async def test_each_step_that_is_answered_too_late_has_one_effect(service: World) -> None:
    skus = [await service.sku(north=2) for _ in range(MANY)]
    orders = [await service.place((sku, 2), token="tok_timeout_once") for sku in skus]

    await asyncio.gather(*(lived(service, order_id) for order_id in orders))

    for sku, order_id in zip(skus, orders, strict=True):
        books = await service.books(order_id)
        assert books == [
            ("authorize", 2500, "succeeded"),
            ("capture", 2500, "succeeded"),
            ("refund", 1000, "succeeded"),
        ]
        told = Counter(await service.history(order_id))
        assert [told[f"payment.{one}"] for one in ("authorized", "captured", "refunded")] == [1, 1, 1]
        totals = (await service.order(order_id))["totals"]
        assert (totals["authorized"], totals["captured"], totals["refunded"]) == (2500, 2500, 1000)
        assert await service.level("north", sku) == (1, 0)


async def lived(service: World, order_id: str) -> None:
    """Ship two units, and take one back."""
    order = await service.until(order_id, "in_fulfillment", 300)
    number = await service.ship(at(order, "north")["id"])
    await service.until(order_id, lambda o: o["payment_status"] == "captured", 300)
    await service.scan(number, "delivered")
    lines = [{"line_id": "1", "quantity": 1}]
    body = {"lines": [lines[0] | {"reason": "too small"}], "refund_to": "original"}
    returned = await service.post("storefront", f"/v1/orders/{order_id}/returns", body, status=201)
    path = f"/v1/returns/{returned['id']}"
    await service.post("ops", f"{path}/receive", {"location_id": "north", "lines": lines})
    await service.post("ops", f"{path}/inspect", {"lines": [lines[0] | {"disposition": "restock"}]})
    await service.until(order_id, lambda o: o["payment_status"] == "partially_refunded", 300)
