"""Several authorizations of one order: each holds what it holds, and each draw names one."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from adapters.db.locked_order import lock_order
from adapters.db.tables import order_lines
from tests.world import World, at


async def reprice(service: World, order_id: str, unit_price: int, token: str | None = None) -> None:
    """The order's one line costs something else from now on, as after a change that customers agree to."""
    async with service.database() as connection:
        order = await lock_order(connection, order_id, actor="test", now=datetime.now(UTC))
        (line,) = order.lines.values()
        units = line.quantities.ordered
        await connection.execute(
            update(order_lines)
            .where(order_lines.c.order_id == order_id)
            .values(unit_price=unit_price, amount=units * unit_price)
        )
        line.sold = replace(line.sold, unit_price=unit_price, amount=units * unit_price)
        order.set(items=line.amount, total=line.amount + order.values["shipping"])
        if token is not None:
            order.set(payment_token=token)
        await order.save()


async def at_a_location(service: World, units: int = 1, **changes: object) -> str:
    """An order that is at a location, its money set aside."""
    sku = await service.sku(north=units)
    order_id = await service.place((sku, units), **changes)
    await service.until(order_id, "in_fulfillment")
    return order_id


async def with_one_that_ends(service: World) -> str:
    """An accepted order with two authorizations, the second of which holds for seven days."""
    order_id = await at_a_location(service)
    await service.step(at(await service.order(order_id), "north")["id"], "accept")
    await reprice(service, order_id, 2000, token="tok_valid_7_days")
    await service.until(order_id, lambda o: o["totals"]["authorized"] == 2500)
    return order_id


def moved(books: list[tuple[str, int, str]]) -> list[tuple[str, int]]:
    """What took effect."""
    return [(kind, amount) for kind, amount, status in books if status == "succeeded"]


async def test_a_higher_total_asks_for_what_lacks(service: World) -> None:
    order_id = await at_a_location(service)

    await reprice(service, order_id, 2000)
    await service.until_books(order_id, 2)

    order = await service.until(order_id, lambda o: o["totals"]["authorized"] == 2500)
    assert order["payment_status"] == "authorized"
    await service.deliver(order_id)
    order = await service.close(order_id)
    assert order["totals"]["captured"] == 2500
    assert moved(await service.books(order_id)) == [
        ("authorize", 1500),
        ("authorize", 1000),
        ("capture", 1500),
        ("capture", 1000),
    ]


async def test_all_that_is_set_aside_is_let_go_when_the_order_is_cancelled(service: World) -> None:
    order_id = await at_a_location(service)
    await reprice(service, order_id, 2000)
    await service.until_books(order_id, 2)

    await service.cancel(order_id)

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert moved(await service.books(order_id))[2:] == [("void", 1500), ("void", 1000)]


async def test_a_lower_total_keeps_what_is_set_aside_until_shipping_is_over(service: World) -> None:
    order_id = await at_a_location(service, units=3)

    await service.cancel(order_id, ("1", 1))
    await reprice(service, order_id, 900)
    await asyncio.sleep(1)

    assert moved(await service.books(order_id)) == [("authorize", 3500)]
    await service.deliver(order_id)
    await service.paid(order_id)
    await service.close(order_id)
    assert moved(await service.books(order_id)) == [("authorize", 3500), ("capture", 2300), ("void", 1200)]


async def test_what_lacks_is_declined_and_nothing_leaves_until_it_is_there(service: World) -> None:
    order_id = await at_a_location(service)

    await reprice(service, order_id, 2000, token="tok_declined")

    order = await service.paid(order_id, "declined")
    assert at(order, "north")["status"] == "planned"
    assert moved(await service.books(order_id)) == [("authorize", 1500)]
    await service.bring(order_id, "tok_ok")
    order = await service.paid(order_id, "authorized")
    await service.until(order_id, lambda o: at(o, "north")["status"] == "open")
    await service.deliver(order_id)
    await service.close(order_id)
    assert moved(await service.books(order_id)) == [
        ("authorize", 1500),
        ("authorize", 1000),
        ("capture", 1500),
        ("capture", 1000),
    ]


async def test_what_lacks_and_never_comes_ends_the_order_and_lets_the_rest_go(service: World) -> None:
    order_id = await at_a_location(service)
    await reprice(service, order_id, 2000, token="tok_declined")
    await service.told(order_id, "payment.another_needed")

    await service.skip(order_id, timedelta(hours=49))

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert order["status"] == "cancelled"
    assert moved(await service.books(order_id)) == [("authorize", 1500), ("void", 1500)]


async def test_an_authorization_that_ends_takes_only_its_own_amount_away(service: World) -> None:
    order_id = await with_one_that_ends(service)
    await reprice(service, order_id, 2000, token="tok_declined")

    await service.skip(order_id, timedelta(days=6, hours=1))
    await service.told(order_id, "payment.renewal_declined")
    await service.skip(order_id, timedelta(days=1))

    order = await service.paid(order_id, "declined")
    assert order["totals"]["authorized"] == 1500
    history = await service.history(order_id)
    assert history.index("payment.renewal_declined") < history.index("payment.authorization_expired")
    await service.bring(order_id, "tok_ok")
    await service.paid(order_id, "authorized")
    await service.deliver(order_id)
    order = await service.close(order_id)
    assert order["totals"]["captured"] == 2500
    assert moved(await service.books(order_id)) == [
        ("authorize", 1500),
        ("authorize", 1000),
        ("authorize", 1000),
        ("capture", 1500),
        ("capture", 1000),
    ]


async def test_a_renewal_takes_the_place_of_all(service: World) -> None:
    order_id = await with_one_that_ends(service)
    await reprice(service, order_id, 2000, token="tok_ok")

    await service.skip(order_id, timedelta(days=6, hours=1))

    await service.until(order_id, lambda o: o["totals"]["authorized"] == 5000)
    await service.until_books(order_id, 5)
    await service.deliver(order_id)
    await service.close(order_id)
    books = moved(await service.books(order_id))
    assert books[:3] == [("authorize", 1500), ("authorize", 1000), ("authorize", 2500)]
    assert sorted(books[3:5]) == [("void", 1000), ("void", 1500)]
    assert books[5:] == [("capture", 2500)]


async def test_a_refund_is_given_back_where_it_was_captured(service: World) -> None:
    order_id = await at_a_location(service)
    await reprice(service, order_id, 2000)
    await service.until(order_id, lambda o: o["totals"]["authorized"] == 2500)
    await service.deliver(order_id)
    await service.paid(order_id)
    lines = [{"line_id": "1", "quantity": 1}]
    body = {"lines": [lines[0] | {"reason": "too small"}], "refund_to": "original"}

    returned = await service.post("storefront", f"/v1/orders/{order_id}/returns", body, status=201)
    path = f"/v1/returns/{returned['id']}"
    await service.post("ops", f"{path}/receive", {"location_id": "north", "lines": lines})
    await service.post("ops", f"{path}/inspect", {"lines": [lines[0] | {"disposition": "restock"}]})

    await service.until(order_id, lambda o: o["totals"]["refunded"] == 2000)
    assert moved(await service.books(order_id))[4:] == [("refund", 1500), ("refund", 500)]
