"""Commands and facts at the same moment: one of them is first, and both sides are told the truth.

`RACED_ORDERS` sets how many orders are raced (24 by default).
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx

from tests.world import World, quantities

N = int(os.environ.get("RACED_ORDERS", "24"))
Orders = dict[str, dict[str, Any]]


async def ask(service: World, path: str, body: Mapping[str, Any]) -> httpx.Response:
    """A POST that is repeated under its key for as long as its outcome is unknown."""
    headers = {"Authorization": f"Bearer {service.keys['ops']}", "Idempotency-Key": uuid4().hex}
    while True:
        answer = await service.http.post(path, json=body, headers=headers)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer


async def cancel(service: World, order_id: str) -> httpx.Response:
    return await ask(service, f"/v1/orders/{order_id}/cancel", {"reason": "raced"})


async def ship(service: World, work: str) -> httpx.Response:
    number = {"carrier": "ups", "tracking_number": f"N-{work}"}
    return await ask(service, f"/v1/fulfillments/{work}/ship", number)


async def both(first: Awaitable[httpx.Response], second: Awaitable[httpx.Response]) -> list[httpx.Response]:
    """Two requests at the same moment, the one or the other a little earlier."""
    if random.random() < 0.5:
        return list(await asyncio.gather(first, second))
    return list(await asyncio.gather(second, first))[::-1]


async def in_parallel(jobs: Sequence[Awaitable[Any]], at_once: int = 16) -> list[Any]:
    gate = asyncio.Semaphore(at_once)

    async def one(job: Awaitable[Any]) -> Any:
        async with gate:
            return await job

    return list(await asyncio.gather(*(one(job) for job in jobs)))


async def orders_of(service: World, query: str) -> Orders:
    found: Orders = {}
    cursor = ""
    while True:
        page = await service.get("ops", f"/v1/orders?{query}&limit=200{cursor}")
        found |= {one["id"]: one for one in page["data"]}
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def until_all(
    service: World, query: str, reached: Callable[[dict[str, Any]], bool], seconds: float = 60 + N / 2
) -> Orders:
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        orders = await orders_of(service, query)
        behind = [order for order in orders.values() if not reached(order)]
        if not behind:
            return orders
        assert asyncio.get_running_loop().time() < deadline, (len(behind), behind[0])
        await asyncio.sleep(0.75)


def settled(order: Mapping[str, Any]) -> bool:
    return order["payment_status"] in {"captured", "voided", "none"}


async def test_cancel_and_ship_at_the_same_moment_never_both_say_yes(service: World) -> None:
    skus = [await service.sku(north=N) for _ in range(8)]
    who = {"id": f"c-{uuid4().hex}", "name": "Racer", "email": "racer@example.com"}
    await in_parallel([service.place((skus[n % 8], 1), customer=who) for n in range(N)])
    everyone = f"customer={who['id']}"
    orders = await until_all(service, everyone, lambda order: order["status"] == "in_fulfillment")

    raced = await in_parallel(
        [
            both(cancel(service, name), ship(service, order["fulfillments"][0]["id"]))
            for name, order in orders.items()
        ]
    )

    said = Counter((one.status_code, other.status_code) for one, other in raced)
    assert set(said) <= {(200, 409), (409, 200)}
    assert len(said) == 2, f"one side always won: {said}"
    assert all("put back" in late.json()["detail"] for _, late in raced if late.status_code == 409)
    orders = await until_all(service, everyone, settled)
    for (cancelled, _), order in zip(raced, orders.values(), strict=True):
        won = cancelled.status_code == 200
        assert quantities(order) == ({"cancelled": 1} if won else {"shipped": 1})
        assert await service.books(order["id"]) == [
            ("authorize", 1500, "succeeded"),
            ("void" if won else "capture", 1500, "succeeded"),
        ]
    levels = [await service.level("north", sku) for sku in skus]
    assert sum(on_hand for on_hand, _ in levels) == 8 * N - said[409, 200]
    assert {reserved for _, reserved in levels} == {0}


async def test_orders_that_race_for_scarce_units_get_each_unit_once(service: World) -> None:
    sku = await service.sku(north=7, south=7, east=6)

    answers = await in_parallel(
        [service.post("storefront", "/v1/orders", service.body((sku, 1)), status=201) for _ in range(60)], 60
    )
    orders = await until_all(
        service, f"sku={sku}", lambda order: order["status"] in {"in_fulfillment", "awaiting_stock"}
    )

    assert len(answers) == len(orders) == 60
    held = Counter(bucket for order in orders.values() for bucket in quantities(order))
    assert held == {"allocated": 20, "backordered": 40}
    levels = [await service.level(place, sku) for place in ("north", "south", "east")]
    assert levels == [(7, 7), (7, 7), (6, 6)]


async def test_cancels_that_race_the_routing_leave_nothing_reserved(service: World) -> None:
    sku = await service.sku(north=20, south=20)

    async def placed_and_cancelled() -> None:
        order_id = await service.place((sku, 2))
        await asyncio.sleep(random.random() * 0.4)
        assert (await cancel(service, order_id)).status_code == 200

    await in_parallel([placed_and_cancelled() for _ in range(40)])
    orders = await until_all(service, f"sku={sku}", lambda order: order["closed_at"] is not None)

    assert all(quantities(order) == {"cancelled": 2} for order in orders.values())
    assert all(settled(order) for order in orders.values())
    assert await service.level("north", sku) == await service.level("south", sku) == (20, 0)


async def test_receipts_that_race_cancels_leave_nobody_waiting_beside_stock(service: World) -> None:
    sku = await service.sku()
    names = [await service.place((sku, 1)) for _ in range(30)]
    await until_all(service, f"sku={sku}", lambda order: order["status"] == "awaiting_stock")

    received = [service.receive(random.choice(["north", "south", "east"]), sku, 1) for _ in range(15)]
    cancelled = [cancel(service, name) for name in random.sample(names, 10)]
    jobs: list[Awaitable[Any]] = [*received, *cancelled]
    random.shuffle(jobs)
    await in_parallel(jobs, 25)

    final = {"in_fulfillment", "awaiting_stock", "cancelled"}
    orders = await until_all(service, f"sku={sku}", lambda order: order["status"] in final)
    held = Counter(bucket for order in orders.values() for bucket in quantities(order))
    assert held == {"allocated": 15, "cancelled": 10, "backordered": 5}
