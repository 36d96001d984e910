"""What comes back: received anywhere, inspected, and paid back to the minor unit."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.db.tables import store_credits
from tests.passages import DELIVERED
from tests.returning import ask_back, delivered, ended, inspect, ledger, receive, refunded
from tests.world import World, at, quantities, sent_by


async def test_units_come_back_within_the_window_and_are_paid_back(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await delivered(service, (sku, 3))

    asked = await ask_back(service, order_id, ("1", 2))
    name = asked["id"]
    assert (asked["status"], asked["refund"], asked["kind"]) == ("requested", 0, "customer")
    await receive(service, name, "north", ("1", 2))
    await inspect(service, name, ("1", 2, "restock"))
    order = await refunded(service, order_id, 2000)

    (shown,) = order["returns"]
    assert shown["status"] == "completed"
    assert shown == await service.get("storefront", f"/v1/returns/{name}")
    assert quantities(order) == {"delivered": 1, "returned": 2}
    assert order["payment_status"] == "partially_refunded"
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 3500, "succeeded"),
        ("refund", 2000, "succeeded"),
    ]
    assert await ledger(service, order_id) == [("authorize", 3500), ("capture", 3500), ("refund", 2000)]
    assert await service.movements(sku) == [
        *sent_by("north", 3),
        ("north", "return restocked", 2, 0),
    ]
    assert await service.levels(sku) == {"north": (2, 0)}
    assert await service.history(order_id) == [
        *DELIVERED,
        "return.requested",
        "return.received",
        "return.inspected",
        "refund.owed",
        "payment.refunded",
        "return.completed",
    ]
    await ended(service, name)


async def test_units_come_in_in_parts_at_locations_that_did_not_ship_them(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await delivered(service, (sku, 3))
    name = (await ask_back(service, order_id, ("1", 3)))["id"]

    first = await receive(service, name, "south", ("1", 1))
    second = await receive(service, name, "east", ("1", 2))

    assert (first["status"], second["status"]) == ("partially_received", "received")
    assert [(one["location_id"], one["quantity"]) for one in second["receipts"]] == [
        ("south", 1),
        ("east", 2),
    ]
    assert quantities(await service.order(order_id)) == {"returned": 3}
    await inspect(service, name, ("1", 3, "restock"))
    await refunded(service, order_id, 3000)
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events[len(DELIVERED) :]] == [
        ("return.requested", "storefront:test-storefront"),
        ("return.received", "ops:test-ops"),
        ("return.received", "ops:test-ops"),
        ("return.inspected", "ops:test-ops"),
        ("refund.owed", "ops:test-ops"),
        ("payment.refunded", "process"),
        ("return.completed", "process"),
    ]
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 3500, "succeeded"),
        ("refund", 3000, "succeeded"),
    ]
    assert await service.movements(sku) == [
        *sent_by("north", 3),
        ("south", "return restocked", 1, 0),
        ("east", "return restocked", 2, 0),
    ]
    assert await service.levels(sku) == {"north": (0, 0), "south": (1, 0), "east": (2, 0)}


async def test_only_what_is_restocked_becomes_stock(service: World) -> None:
    sku = await service.sku(north=4)
    order_id = await delivered(service, (sku, 4))
    name = (await ask_back(service, order_id, ("1", 4)))["id"]
    await receive(service, name, "south", ("1", 4))

    part = await inspect(service, name, ("1", 1, "restock"), ("1", 1, "scrap"))
    assert (part["status"], part["refund"]) == ("received", 2000)
    await refunded(service, order_id, 2000)
    whole = await inspect(service, name, ("1", 1, "refurbish"), ("1", 1, "return_to_vendor"))

    assert (whole["status"], whole["refund"]) == ("inspected", 4000)
    assert [one["disposition"] for one in whole["inspections"]] == [
        "restock",
        "scrap",
        "refurbish",
        "return_to_vendor",
    ]
    await refunded(service, order_id, 4000)
    assert await service.history(order_id) == [
        *DELIVERED,
        "return.requested",
        "return.received",
        *["return.inspected", "refund.owed", "payment.refunded"] * 2,
        "return.completed",
    ]
    assert await service.books(order_id) == [
        ("authorize", 4500, "succeeded"),
        ("capture", 4500, "succeeded"),
        ("refund", 2000, "succeeded"),
        ("refund", 2000, "succeeded"),
    ]
    assert await service.movements(sku) == [
        *sent_by("north", 4),
        ("south", "return restocked", 1, 0),
    ]
    assert await service.levels(sku) == {"north": (0, 0), "south": (1, 0)}


async def test_a_restocked_unit_is_given_to_the_order_that_waits_for_it(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    waiting = await service.place((sku, 1))
    await service.until(waiting, "awaiting_stock")
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await receive(service, name, "east", ("1", 1))

    await inspect(service, name, ("1", 1, "restock"))

    order = await service.until(waiting, "in_fulfillment")
    assert at(order, "east")["lines"][0]["quantity"] == 1
    assert await service.level("east", sku) == (1, 1)
    assert "line.supplied" in await service.history(waiting)


async def test_partial_returns_of_a_discounted_line_sum_to_what_was_paid(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await delivered(service, (sku, 3), discount=100, shipping_price=0)

    refunds = []
    for _ in range(3):
        name = (await ask_back(service, order_id, ("1", 1)))["id"]
        await receive(service, name, "north", ("1", 1))
        refunds.append((await inspect(service, name, ("1", 1, "restock")))["refund"])

    assert refunds == [967, 966, 967]
    await refunded(service, order_id, 2900)
    assert sum(amount for kind, amount, _ in await service.books(order_id) if kind == "refund") == 2900
    assert sum(amount for kind, amount in await ledger(service, order_id) if kind == "refund") == 2900


async def test_an_order_of_which_everything_came_back_is_returned_and_refunded(service: World) -> None:
    skus = [await service.sku(north=1), await service.sku(north=1)]
    order_id = await delivered(service, (skus[0], 1), (skus[1], 1), shipping_price=0)
    name = (await ask_back(service, order_id, ("1", 1), ("2", 1)))["id"]
    await receive(service, name, "north", ("1", 1), ("2", 1))
    await inspect(service, name, ("1", 1, "restock"), ("2", 1, "restock"))

    order = await service.paid(order_id, "refunded")

    assert order["status"] == "returned"
    await service.skip(order_id, timedelta(days=31))
    order = await service.until(order_id, lambda one: one["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("returned", "refunded")


@pytest.mark.parametrize("refund_to", ["store_credit", "exchange"])
async def test_credit_is_there_at_once_and_leaves_the_instrument_alone(
    service: World, refund_to: str
) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))
    name = (await ask_back(service, order_id, ("1", 1), refund_to=refund_to))["id"]
    await receive(service, name, "north", ("1", 1))

    over = await inspect(service, name, ("1", 1, "restock"))

    assert (over["status"], over["refund"]) == ("completed", 1000)
    order = await service.order(order_id)
    assert (order["totals"]["store_credit"], order["totals"]["refunded"]) == (1000, 0)
    async with service.database() as connection:
        credit = await connection.execute(
            select(store_credits.c.customer_id, store_credits.c.amount, store_credits.c.currency).where(
                store_credits.c.order_id == order_id
            )
        )
        assert [tuple(row) for row in credit] == [("c-1", 1000, "USD")]
    await service.close(order_id)
    assert await service.history(order_id) == [
        *DELIVERED,
        "return.requested",
        "return.received",
        "return.inspected",
        "store_credit.issued",
        "return.completed",
        "order.closed",
    ]
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert await service.movements(sku) == [
        *sent_by("north", 2),
        ("north", "return restocked", 1, 0),
    ]
    assert await service.levels(sku) == {"north": (1, 0)}


async def test_a_receipt_that_is_told_twice_under_its_key_counts_once(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await delivered(service, (sku, 2))
    name = (await ask_back(service, order_id, ("1", 2)))["id"]
    body = {"location_id": "north", "lines": [{"line_id": "1", "quantity": 1}]}

    first = await service.post("ops", f"/v1/returns/{name}/receive", body, key=f"receipt-{name}")
    again = await service.post("ops", f"/v1/returns/{name}/receive", body, key=f"receipt-{name}")

    assert first == again
    assert quantities(await service.order(order_id)) == {"delivered": 1, "returned": 1}


async def test_a_unit_that_was_lost_and_found_is_not_paid_back_twice(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]
    numbers = [f"{number}-{sku}" for number in (1, 2)]
    parcels = [
        {"carrier": "ups", "tracking_number": number, "lines": [{"line_id": "1", "quantity": 1}]}
        for number in numbers
    ]
    await service.step(work, "ship", {"parcels": parcels})
    await service.scan(numbers[0], "delivered")
    await service.scan(numbers[1], "failed")
    await refunded(service, order_id, 1000)
    await service.scan(numbers[1], "delivered")
    name = (await ask_back(service, order_id, ("1", 2)))["id"]
    await receive(service, name, "north", ("1", 2))

    over = await inspect(service, name, ("1", 2, "restock"))

    assert over["refund"] == 1000
    order = await refunded(service, order_id, 2000)
    assert order["totals"]["captured"] == 2500


async def test_what_nobody_paid_for_is_not_paid_back(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_capture_fails")
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.until(order_id, "needs_attention")
    await service.scan(number, "delivered")
    await service.attend(order_id, "skip")
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await receive(service, name, "north", ("1", 1))

    over = await inspect(service, name, ("1", 1, "restock"))

    assert (over["status"], over["refund"]) == ("completed", 0)
    assert "refund.owed" not in await service.history(order_id)
    assert [kind for kind, _, status in await service.books(order_id) if status == "succeeded"] == [
        "authorize",
        "void",
    ]


async def test_returns_are_listed_by_status_order_and_place_page_by_page(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await delivered(service, (sku, 3))
    names = [(await ask_back(service, order_id, ("1", 1)))["id"] for _ in range(3)]
    await receive(service, names[1], "south", ("1", 1))

    async def listed(filters: str, role: str = "ops") -> tuple[list[str], str | None]:
        page = await service.get(role, f"/v1/returns?order={order_id}{filters}")
        return [one["id"] for one in page["data"]], page["next_cursor"]

    assert await listed("") == (names[::-1], None)
    assert await listed("", "storefront") == (names[::-1], None)
    assert await listed("&status=requested") == ([names[2], names[0]], None)
    assert await listed("&status=requested&status=received") == (names[::-1], None)
    assert await listed("&location=south") == ([names[1]], None)
    first, cursor = await listed("&limit=2")
    assert first == [names[2], names[1]]
    assert await listed(f"&limit=2&cursor={cursor}") == ([names[0]], None)
    await service.get("ops", "/v1/returns/ret_nobody_1", status=404)
