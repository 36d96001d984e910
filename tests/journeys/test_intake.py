"""Taking orders: once each, whoever repeats them, and finding them again."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx

from tests.world import World


async def post(service: World, body: object, key: str | None = None) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {service.keys['storefront']}",
        "Idempotency-Key": key or uuid4().hex,
    }
    return await service.http.post("/v1/orders", json=body, headers=headers)


async def test_the_same_order_fifty_times_at_once_is_one_order(service: World) -> None:
    sku = await service.sku(north=100)
    body = service.body((sku, 1))

    answers = await asyncio.gather(*(post(service, body) for _ in range(50)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 49}
    (order_id,) = {answer.json()["id"] for answer in answers}
    await service.until(order_id, "in_fulfillment")
    assert await service.level("north", sku) == (100, 1)
    assert await service.books(order_id) == [("authorize", 1500, "succeeded")]
    other = await post(service, body | {"shipping_price": 501})
    assert other.status_code == 409
    assert other.json()["type"].endswith("order-number-taken")


async def test_another_payment_token_is_no_other_order(service: World) -> None:
    sku = await service.sku(north=1)
    body = service.body((sku, 1))
    first = await post(service, body)

    again = await post(service, body | {"payment": {"provider": "sandbox", "token": "tok_declined"}})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


async def test_one_key_for_two_orders_is_refused(service: World) -> None:
    sku = await service.sku(north=5)
    body, key = service.body((sku, 1)), uuid4().hex
    assert (await post(service, body, key)).status_code == 201

    assert (await post(service, body, key)).status_code == 200
    assert (await post(service, service.body((sku, 2)), key)).status_code == 422


async def test_an_order_of_unknown_goods_or_a_wrong_total_leaves_nothing(service: World) -> None:
    sku = await service.sku(north=1)
    body = service.body((sku, 1))

    unknown = await post(service, service.body((sku, 1), ("no-such-sku", 1)))
    wrong = await post(service, body | {"total": 1})
    right = await post(service, body | {"total": 1500})

    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/lines/1/sku")
    assert wrong.status_code == 422
    assert right.status_code == 201


async def test_orders_are_found_by_each_filter_and_page_by_page(service: World) -> None:
    sku, customer = await service.sku(north=9), f"c-{uuid4().hex}"
    who = {"id": customer, "name": f"Mara {customer}", "email": f"{customer}@example.com"}
    placed = [
        await service.place((sku, 1), customer=who, placed_at=f"2026-03-0{day}T12:00:00Z")
        for day in (1, 2, 3, 4, 5)
    ]
    for order_id in placed:
        await service.until(order_id, "in_fulfillment")
    await service.cancel(placed[0])

    async def found(query: str) -> list[str]:
        answer = await service.get("ops", f"/v1/orders?{query}")
        return [one["id"] for one in answer["data"]]

    assert await found(f"customer={customer}") == placed[::-1]
    assert await found(f"sku={sku}&status=cancelled") == placed[:1]
    assert await found(f"sku={sku}&status=in_fulfillment&location=north") == placed[:0:-1]
    assert await found(f"sku={sku}&location=south") == []
    assert await found(f"q=mara {customer}") == placed[::-1]
    assert await found(f"q={placed[2]}") == [placed[2]]
    window = "placed_from=2026-03-02T00:00:00Z&placed_to=2026-03-04T00:00:00Z"
    assert await found(f"customer={customer}&{window}") == [placed[2], placed[1]]
    pages, cursor = [], ""
    while True:
        page = await service.get("ops", f"/v1/orders?customer={customer}&limit=2{cursor}")
        pages.append([one["id"] for one in page["data"]])
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert pages == [placed[4:2:-1], placed[2:0:-1], placed[:1]]


async def test_a_history_is_complete_and_numbered_without_gaps(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    await service.deliver(order_id)
    await service.paid(order_id)
    await service.close(order_id)
    whole = await service.events(order_id)

    paged, cursor = [], ""
    while cursor is not None:
        page = await service.get("ops", f"/v1/orders/{order_id}/events?limit=2{cursor}")
        paged += page["data"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"

    assert paged == whole
    assert [event["seq"] for event in whole] == list(range(1, len(whole) + 1))
    assert [event["at"] for event in whole] == sorted(event["at"] for event in whole)
    actors = {event["type"]: event["actor"] for event in whole}
    assert actors["payment.authorized"] == "process"
    assert actors["parcel.tracked"] == "carrier:generic"
