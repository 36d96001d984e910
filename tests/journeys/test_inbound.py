"""Supply on its way: announced once, received in parts, and a date for those who wait for it."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.passages import PAID_BY, SENT_BY
from tests.world import World, at, quantities

FIRST, SECOND, THIRD = "2031-05-01T12:00:00Z", "2031-05-08T12:00:00Z", "2031-05-15T12:00:00Z"


async def announce(
    service: World, sku: str, quantity: int, expected_at: str, *, status: int = 201, **changes: Any
) -> dict[str, Any]:
    body = {
        "location_id": "north",
        "sku": sku,
        "quantity": quantity,
        "expected_at": expected_at,
        "reference": f"PO-{uuid4().hex}",
    } | changes
    return await service.post("ops", "/v1/inventory/inbound", body, status=status)


async def waits(service: World, sku: str, quantity: int, **changes: Any) -> str:
    order_id = await service.place((sku, quantity), **changes)
    await service.until(order_id, "awaiting_stock")
    return order_id


async def promised(service: World, order_id: str, line: int = 0) -> str | None:
    """The date that a line is shown with; none of its units may wait without saying so."""
    order = await service.order(order_id)
    date: str | None = order["lines"][line]["backorder"]["expected_at"]
    return date


async def recorded(service: World, order_id: str) -> str | None:
    """The date that the decision said of the order's only line."""
    decision = (await service.get("ops", f"/v1/orders/{order_id}/routing"))["data"][-1]
    date: str | None = decision["record"]["backorders"][0].get("expected_at")
    return date and datetime.fromisoformat(date).strftime("%Y-%m-%dT%H:%M:%SZ")


async def told(service: World, order_id: str) -> list[str | None]:
    """The dates that an order's history tells, in order."""
    dates: list[str | None] = []
    for event in await service.events(order_id):
        if event["type"] == "lines.backordered":
            dates += [line["expected_at"] for line in event["data"]["lines"]]
        if event["type"] == "line.promise_dated":
            assert event["actor"] == "stock"
            dates.append(event["data"]["expected_at"])
    return [date and datetime.fromisoformat(date).strftime("%Y-%m-%dT%H:%M:%SZ") for date in dates]


async def receive(service: World, inbound: str, quantity: int, *, status: int = 200) -> dict[str, Any]:
    path = f"/v1/inventory/inbound/{inbound}/receive"
    return await service.post("ops", path, {"quantity": quantity}, status=status)


async def test_an_order_that_waits_is_promised_the_date_of_what_is_on_its_way(service: World) -> None:
    sku = await service.sku()
    order_id = await waits(service, sku, 2)
    assert await promised(service, order_id) is None

    supply = await announce(service, sku, 5, FIRST)

    order = await service.order(order_id)
    assert order["lines"][0]["backorder"] == {"quantity": 2, "expected_at": FIRST}
    assert order["promise"]["expected_at"] == FIRST
    assert await told(service, order_id) == [None, FIRST]
    received = await receive(service, supply["id"], 5)
    assert (received["received"], received["status"]) == (5, "received")
    order = await service.until(order_id, "in_fulfillment")
    assert "backorder" not in order["lines"][0]
    assert order["promise"]["expected_at"] is None
    await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *PAID_BY,
        ("lines.backordered", "process"),
        ("line.promise_dated", "stock"),
        ("line.supplied", "stock"),
        ("fulfillment.created", "process"),
        *SENT_BY,
    ]
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert await service.movements(sku) == [
        ("north", f"adjustment: inbound {supply['reference']}", 5, 0),
        ("north", "earmarked", 0, 2),
        ("north", "earmark released", 0, -2),
        ("north", "reserved", 0, 2),
        ("north", "shipped", -2, -2),
    ]
    assert await service.levels(sku) == {"north": (3, 0)}
    assert await told(service, order_id) == [None, FIRST]


async def test_whoever_comes_into_the_queue_is_told_a_date_at_once(service: World) -> None:
    sku = await service.sku()
    await announce(service, sku, 2, FIRST)
    await announce(service, sku, 2, SECOND)

    first, second = await waits(service, sku, 2), await waits(service, sku, 3)

    assert await promised(service, first) == FIRST
    assert await promised(service, second) is None
    assert (await recorded(service, first), await recorded(service, second)) == (FIRST, None)
    third = await waits(service, sku, 1, deliver_by="2026-01-01T00:00:00Z")
    assert await promised(service, third) == FIRST
    assert await promised(service, first) == SECOND
    assert (await told(service, first), await told(service, third)) == ([FIRST], [FIRST])


async def test_an_order_has_a_date_when_all_of_its_lines_have(service: World) -> None:
    one, two = await service.sku(), await service.sku()
    order_id = await service.place((one, 1), (two, 1))
    await service.until(order_id, "awaiting_stock")

    await announce(service, one, 1, SECOND)
    assert (await service.order(order_id))["promise"]["expected_at"] is None
    await announce(service, two, 1, FIRST, location_id="east")

    assert (await service.order(order_id))["promise"]["expected_at"] == SECOND
    assert [await promised(service, order_id, line) for line in (0, 1)] == [SECOND, FIRST]


async def test_a_date_that_moves_is_told_and_one_that_does_not_is_not(service: World) -> None:
    sku = await service.sku()
    order_id = await waits(service, sku, 2)
    supply = await announce(service, sku, 3, FIRST)
    path = f"/v1/inventory/inbound/{supply['id']}"

    await service.put("ops", path, {"quantity": 2, "expected_at": FIRST})
    assert await told(service, order_id) == [None, FIRST]
    changed = await service.put("ops", path, {"quantity": 2, "expected_at": THIRD})
    assert (changed["expected_at"], await promised(service, order_id)) == (THIRD, THIRD)
    await announce(service, sku, 9, SECOND, location_id="south")
    cancelled = await service.post("ops", f"{path}/cancel")
    assert await promised(service, order_id) == SECOND

    assert cancelled["status"] == "cancelled"
    assert await service.post("ops", f"{path}/cancel") == cancelled
    await receive(service, supply["id"], 1, status=409)
    assert await told(service, order_id) == [None, FIRST, THIRD, SECOND]
    seqs = [event["seq"] for event in await service.events(order_id)]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_part_that_comes_serves_the_oldest_promise_and_the_rest_keeps_its_date(
    service: World,
) -> None:
    sku = await service.sku()
    first, second = await waits(service, sku, 2), await waits(service, sku, 2)
    supply = await announce(service, sku, 4, FIRST)

    part = await receive(service, supply["id"], 3)

    assert (part["received"], part["status"]) == (3, "open")
    await service.until(first, "in_fulfillment")
    order = await service.until(second, lambda o: quantities(o) == {"allocated": 1, "backordered": 1})
    assert order["lines"][0]["backorder"] == {"quantity": 1, "expected_at": FIRST}
    late = await receive(service, supply["id"], 3)
    assert (late["received"], late["status"]) == (6, "received")
    await service.until(second, lambda o: quantities(o) == {"allocated": 2})
    assert await service.level("north", sku) == (6, 4)
    await receive(service, supply["id"], 1, status=409)


async def test_those_ahead_who_cancel_bring_a_date_forward(service: World) -> None:
    sku = await service.sku()
    first, second = await waits(service, sku, 2), await waits(service, sku, 2)
    await announce(service, sku, 2, FIRST)
    await announce(service, sku, 2, SECOND)
    assert await promised(service, second) == SECOND

    await service.cancel(first)

    assert await promised(service, second) == FIRST
    await service.paid(first, "voided")


async def test_an_announcement_is_the_same_however_often_it_is_sent(service: World) -> None:
    sku = await service.sku()
    supply = await announce(service, sku, 4, FIRST, reference="PO-1")

    again = await announce(service, sku, 4, FIRST, reference="PO-1", status=200)
    await announce(service, sku, 5, FIRST, reference="PO-1", status=409)
    other = await announce(service, sku, 4, FIRST, reference="PO-1", location_id="south")

    assert again == supply
    assert other["id"] != supply["id"]
    rows = (await service.get("ops", f"/v1/inventory/inbound?sku={sku}&status=open"))["data"]
    assert {row["id"] for row in rows} == {supply["id"], other["id"]}
    page = await service.get("ops", f"/v1/inventory/inbound?sku={sku}&limit=1")
    rest = await service.get("ops", f"/v1/inventory/inbound?sku={sku}&cursor={page['next_cursor']}")
    assert [page["data"][0]["id"], rest["data"][0]["id"]] == sorted([supply["id"], other["id"]])


async def test_a_location_announces_and_receives_for_itself_only(service: World) -> None:
    sku = await service.sku()
    body = {"sku": sku, "quantity": 1, "expected_at": FIRST, "reference": "PO-2"}
    elsewhere = await announce(service, sku, 1, FIRST, location_id="south")

    mine = body | {"location_id": "north"}
    supply = await service.post("location", "/v1/inventory/inbound", mine, status=201)
    await service.post("location", "/v1/inventory/inbound", body | {"location_id": "south"}, status=422)
    path = f"/v1/inventory/inbound/{elsewhere['id']}"
    await service.post("location", f"{path}/receive", {"quantity": 1}, status=404)
    await service.get("location", path, status=404)
    await service.get("location", "/v1/inventory/inbound?location=south", status=404)

    seen = await service.get("location", f"/v1/inventory/inbound?sku={sku}")
    assert [row["id"] for row in seen["data"]] == [supply["id"]]
    await service.post("location", f"/v1/inventory/inbound/{supply['id']}/receive", {"quantity": 1})
    assert await service.level("north", sku) == (1, 0)


async def test_supply_that_comes_while_orders_come_and_go_is_given_out_once(service: World) -> None:
    sku = await service.sku()
    supplies = [await announce(service, sku, 4, date) for date in (FIRST, SECOND, THIRD)]
    orders = await asyncio.gather(*(service.place((sku, 2)) for _ in range(6)))
    for order_id in orders:
        await service.until(order_id, "awaiting_stock")

    await asyncio.gather(
        *(receive(service, supply["id"], 4) for supply in supplies),
        *(service.cancel(order_id) for order_id in orders[:2]),
        *(service.cancel(order_id, ("1", 1)) for order_id in orders[2:4]),
    )

    for order_id in orders[2:]:
        await service.until(order_id, "in_fulfillment")
    assert await service.level("north", sku) == (12, 1 + 1 + 2 + 2)
    for order_id in orders:
        events = await service.events(order_id)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert all(datetime.fromisoformat(event["at"]) <= datetime.now(UTC) for event in events)
