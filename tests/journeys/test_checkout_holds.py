"""A cart is kept while its customer checks out: nobody else gets its units, and its order does, once."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import func, update

from adapters.db.tables import reservations
from tests.world import World, at, quantities

SHIP_TO = {"postal_code": "68501", "country": "US", "lat": 39.0, "lng": -100.0}


async def hold(service: World, *lines: tuple[str, int], status: int = 201, **more: Any) -> dict[str, Any]:
    body = {
        "channel": "web",
        "lines": [{"sku": sku, "quantity": units} for sku, units in lines],
        "ship_to": SHIP_TO,
    }
    return await service.post("storefront", "/v1/reservations", body | more, status=status)


async def shown(service: World, name: str) -> dict[str, Any]:
    return await service.get("storefront", f"/v1/reservations/{name}")


async def until_over(service: World, name: str) -> None:
    deadline = asyncio.get_running_loop().time() + 10
    while (await shown(service, name))["status"] == "held":
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.05)


async def test_what_a_cart_keeps_nobody_else_gets_and_its_order_does(service: World) -> None:
    sku = await service.sku(north=3)
    kept = await hold(service, (sku, 2))
    assert kept["promise"]["shipments"][0]["lines"] == [{"sku": sku, "quantity": 2}]
    assert await service.level("north", sku) == (3, 2)
    other = await service.place((sku, 2))
    order = await service.until(other, lambda one: quantities(one) == {"allocated": 1, "backordered": 1})

    mine = await service.place((sku, 2), reservation=kept["id"])

    order = await service.until(mine, "in_fulfillment")
    assert quantities(order) == {"allocated": 2}
    assert at(order, "north")["status"] == "open"
    assert await service.level("north", sku) == (3, 3)
    after = await shown(service, kept["id"])
    assert (after["status"], after["order_id"]) == ("used", mine)
    assert (await service.events(mine))[0]["data"]["reservation"] == {"id": kept["id"], "status": "used"}


async def test_a_hold_serves_one_order_however_often_that_is_posted(service: World) -> None:
    sku = await service.sku(north=5)
    kept = await hold(service, (sku, 1))
    body = service.body((sku, 1), reservation=kept["id"])
    first = await service.post("storefront", "/v1/orders", body, status=201)

    again = await service.post("storefront", "/v1/orders", body, status=200)

    assert again["id"] == first["id"]
    other = service.body((sku, 1), reservation=kept["id"])
    refused = await service.post("storefront", "/v1/orders", other, status=409)
    assert refused["type"] == "/problems/reservation-used"


async def test_a_hold_of_other_things_is_refused_with_the_reason(service: World) -> None:
    sku, another = await service.sku(north=5), await service.sku(north=5)
    kept = (await hold(service, (sku, 1)))["id"]
    elsewhere = service.body((sku, 1))["ship_to"] | {"postal_code": "10001"}
    faster = {"method": "ship", "service_level": "expedited"}
    for body in (
        service.body((sku, 2), reservation=kept),
        service.body((another, 1), reservation=kept),
        service.body((sku, 1), reservation=kept, ship_to=elsewhere),
        service.body((sku, 1), reservation=kept, delivery=faster),
        service.body((sku, 1), reservation="rsv_of_nobody"),
    ):
        refused = await service.post("storefront", "/v1/orders", body, status=422)
        assert [fault["pointer"] for fault in refused["errors"]] == ["/reservation"]

    assert (await shown(service, kept))["status"] == "held"


async def test_a_hold_given_back_is_free_and_wakes_who_waits(service: World) -> None:
    sku = await service.sku(north=1)
    kept = await hold(service, (sku, 1))
    waiting = await service.place((sku, 1))
    await service.until(waiting, "awaiting_stock")
    path = f"/v1/reservations/{kept['id']}"
    key = {"Authorization": f"Bearer {service.keys['storefront']}"}

    answer = await service.http.delete(path, headers=key)

    assert answer.json()["status"] == "released"
    order = await service.until(waiting, "in_fulfillment")
    assert quantities(order) == {"allocated": 1}
    assert (await service.http.delete(path, headers=key)).json()["status"] == "released"


async def test_an_expired_hold_wakes_who_waits_without_anybody_asking(service: World) -> None:
    sku = await service.sku(north=1)
    kept = await hold(service, (sku, 1), ttl_seconds=600)
    waiting = await service.place((sku, 1))
    await service.until(waiting, "awaiting_stock")

    async with service.database() as connection:  # ten minutes are over
        over = update(reservations).where(reservations.c.id == kept["id"])
        await connection.execute(over.values(expires_at=func.now()))

    order = await service.until(waiting, "in_fulfillment", 20)

    assert quantities(order) == {"allocated": 1}
    assert (await shown(service, kept["id"]))["status"] == "expired"


async def test_an_expired_hold_counts_as_free_before_any_sweep(service: World) -> None:
    small = await service.location(daily_capacity=1)
    sku = await service.sku(**{small: 1})
    kept = await hold(service, (sku, 1), ttl_seconds=1)
    await service.crew.leave()
    try:
        await until_over(service, kept["id"])
        assert await service.level(small, sku) == (1, 1)

        next_one = await hold(service, (sku, 1))

        assert next_one["status"] == "held"
        assert await service.level(small, sku) == (1, 1)
    finally:
        service.crew.come_back()


async def test_an_order_that_comes_too_late_is_routed_as_any_other(service: World) -> None:
    sku = await service.sku(north=1)
    kept = await hold(service, (sku, 1), ttl_seconds=1)
    await until_over(service, kept["id"])

    late = await service.place((sku, 1), reservation=kept["id"])

    order = await service.until(late, "in_fulfillment")
    assert quantities(order) == {"allocated": 1}
    assert (await service.events(late))[0]["data"]["reservation"]["status"] == "expired"


async def test_all_of_a_cart_is_kept_or_nothing_unless_a_part_is_welcome(service: World) -> None:
    sku = await service.sku(north=2)

    refused = await hold(service, (sku, 3), status=409)

    assert refused["type"] == "/problems/not-available"
    assert await service.level("north", sku) == (2, 0)
    part = await hold(service, (sku, 3), partial=True)
    assert part["promise"]["backorders"] == [{"sku": sku, "quantity": 1, "expected_at": None}]
    assert part["promise"]["deliver_by"] is None
    assert await service.level("north", sku) == (2, 2)


async def test_a_hold_keeps_a_place_in_the_locations_day(service: World) -> None:
    small = await service.location(daily_capacity=1, handling_cost=1)
    sku = await service.sku(**{small: 9, "east": 9})
    kept = await hold(service, (sku, 1))
    assert kept["promise"]["shipments"][0]["location_id"] == small
    other = await service.place((sku, 1))
    assert at(await service.until(other, "in_fulfillment"), "east")["status"] == "open"

    mine = await service.place((sku, 1), reservation=kept["id"])

    order = await service.until(mine, "in_fulfillment")
    assert order["fulfillments"][0]["location_id"] == small
    await service.cancel(mine)
    third = await service.place((sku, 1))
    order = await service.until(third, "in_fulfillment")
    assert order["fulfillments"][0]["location_id"] == small


async def test_an_order_cancelled_before_it_is_routed_gives_its_hold_back(service: World) -> None:
    small = await service.location(daily_capacity=1)
    sku = await service.sku(**{small: 1})
    kept = await hold(service, (sku, 1))
    manual = await service.place((sku, 1), reservation=kept["id"], routing="manual")
    await service.told(manual, "payment.authorized")
    assert await service.level(small, sku) == (1, 1)

    await service.cancel(manual)

    assert await service.level(small, sku) == (1, 0)
    assert (await hold(service, (sku, 1)))["status"] == "held"


async def test_a_count_takes_from_carts_before_it_takes_from_orders(service: World) -> None:
    sku = await service.sku(north=3)
    sold = await service.place((sku, 1))
    await service.until(sold, "in_fulfillment")
    kept = await hold(service, (sku, 2))

    await service.count("north", sku, 2)

    assert (await shown(service, kept["id"]))["status"] == "withdrawn"
    assert quantities(await service.order(sold)) == {"allocated": 1}
    assert await service.level("north", sku) == (2, 1)


async def test_a_hold_may_not_last_longer_than_the_service_allows(service: World) -> None:
    sku = await service.sku(north=1)
    refused = await hold(service, (sku, 1), ttl_seconds=7200, status=422)
    assert refused["errors"][0]["pointer"] == "/ttl_seconds"
    assert service.settings.reservation_longest == timedelta(hours=1)
