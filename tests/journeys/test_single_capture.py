"""Providers that capture once per authorization: the rest is authorized anew, or all waits for the end."""

from datetime import timedelta

from tests.world import World, at


async def in_two_parts(service: World, **changes: object) -> tuple[str, str]:
    """An order of three units at one location, paid where there is one capture; and its work."""
    sku = await service.sku(north=3)
    payment = {"provider": "sandbox_single", "token": "tok_ok"} | changes
    order_id = await service.place((sku, 3), payment=payment)
    order = await service.until(order_id, "in_fulfillment")
    return order_id, at(order, "north")["id"]


async def ship_one(service: World, work: str) -> None:
    """One of three units leaves."""
    part = {"carrier": "ups", "tracking_number": f"1-{work}", "lines": [{"line_id": "1", "quantity": 1}]}
    await service.step(work, "ship", {"parcels": [part]})


async def ship_rest(service: World, work: str, version: int = 1) -> None:
    """What is left leaves."""
    body = {"version": version, "carrier": "ups", "tracking_number": f"2-{work}"}
    await service.step(work, "ship", body)


async def delivered(service: World, order_id: str, *numbers: str) -> None:
    """Everything arrives."""
    for number in numbers:
        await service.scan(number, "delivered")
    await service.until(order_id, "delivered")


async def test_what_a_capture_releases_is_authorized_anew(service: World) -> None:
    order_id, work = await in_two_parts(service)

    await ship_one(service, work)
    order = await service.until(order_id, lambda o: o["totals"]["authorized"] == 5500)
    assert (order["payment_status"], order["totals"]["captured"]) == ("partially_captured", 1500)
    await ship_rest(service, work)

    await service.paid(order_id)
    await delivered(service, order_id, f"1-{work}", f"2-{work}")
    order = await service.close(order_id)
    assert order["totals"]["captured"] == 3500
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 1500, "succeeded"),
        ("authorize", 2000, "succeeded"),
        ("capture", 2000, "succeeded"),
    ]
    history = await service.history(order_id)
    assert [one for one in history if one.startswith("payment.")] == [
        "payment.authorized",
        "payment.captured",
        "payment.released",
        "payment.authorized",
        "payment.captured",
    ]


async def test_what_was_released_and_is_declined_then_starts_a_grace(service: World) -> None:
    order_id, work = await in_two_parts(service)
    async with service.database() as connection:
        await connection.exec_driver_sql(
            "UPDATE orders SET payment_token = 'tok_declined' WHERE id = $1", (order_id,)
        )

    await ship_one(service, work)

    order = await service.paid(order_id, "declined")
    assert order["totals"]["captured"] == 1500
    assert at(order, "north")["status"] == "partially_shipped"
    await service.bring(order_id, "tok_ok")
    await service.paid(order_id, "partially_captured")
    await ship_rest(service, work)
    await service.paid(order_id)


async def test_a_cancel_after_a_final_capture_has_nothing_to_void(service: World) -> None:
    order_id, work = await in_two_parts(service)
    await ship_one(service, work)
    await service.until(order_id, lambda o: o["totals"]["authorized"] == 5500)

    await service.cancel(order_id)

    await delivered(service, order_id, f"1-{work}")
    await service.close(order_id)
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 1500, "succeeded"),
        ("authorize", 2000, "succeeded"),
        ("void", 2000, "succeeded"),
    ]


async def test_a_cancel_finds_nothing_to_void_where_a_capture_let_go_of_the_rest_untold(
    service: World,
) -> None:
    order_id, work = await in_two_parts(service, provider="sandbox", token="tok_single_capture")
    await ship_one(service, work)
    await service.until(order_id, lambda o: o["totals"]["captured"] == 1500)

    await service.cancel(order_id)

    await delivered(service, order_id, f"1-{work}")
    order = await service.close(order_id)
    assert (order["payment_status"], order["totals"]["captured"]) == ("captured", 1500)
    assert await service.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 1500, "succeeded"),
        ("void", 2000, "failed"),
    ]


async def test_by_policy_nothing_is_captured_before_shipping_is_over(elsewhere: World) -> None:
    order_id, work = await in_two_parts(elsewhere)
    await ship_one(elsewhere, work)
    await elsewhere.skip(order_id, timedelta(hours=1))
    order = await elsewhere.order(order_id)
    assert (order["status"], order["totals"]["captured"]) == ("partially_shipped", 0)

    await ship_rest(elsewhere, work)

    await elsewhere.paid(order_id)
    await delivered(elsewhere, order_id, f"1-{work}", f"2-{work}")
    await elsewhere.close(order_id)
    assert await elsewhere.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 3500, "succeeded"),
    ]


async def test_the_one_capture_releases_what_was_cancelled(elsewhere: World) -> None:
    order_id, work = await in_two_parts(elsewhere)
    await ship_one(elsewhere, work)

    await elsewhere.cancel(order_id)

    order = await elsewhere.paid(order_id)
    assert order["totals"]["captured"] == 1500
    await delivered(elsewhere, order_id, f"1-{work}")
    await elsewhere.close(order_id)
    assert await elsewhere.books(order_id) == [
        ("authorize", 3500, "succeeded"),
        ("capture", 1500, "succeeded"),
    ]
