"""Steps of money that were refused and skipped: nothing is given back twice, or that was never paid."""

from tests.returning import ask_back, delivered, inspect, receive
from tests.world import World, at


async def until_refused(service: World, order_id: str) -> None:
    order = await service.until(order_id, lambda one: "attention" in one)
    assert order["attention"]["reason"] == "refund_refused"


async def credited(service: World, order_id: str) -> tuple[int, int]:
    """What was invoiced and credited of the order, by the ledger."""
    balances = (await service.get("ops", f"/v1/orders/{order_id}/payments"))["balances"]
    return balances["invoiced"], balances["credited"]


async def test_what_a_return_was_paid_back_with_by_other_means_is_not_given_again(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1), token="tok_refund_fails")
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await receive(service, name, "north", ("1", 1))
    await inspect(service, name, ("1", 1, "restock"))
    await until_refused(service, order_id)

    await service.attend(order_id, "skip")

    refused = await service.give(order_id, 501, role="admin", status=409)
    assert refused["type"] == "/problems/not-refundable"
    assert refused["detail"].startswith("500 can be refunded")
    await service.give(order_id, 500, role="admin")
    assert await credited(service, order_id) == (1500, 1500)


async def test_what_was_skipped_counts_against_the_cap_of_the_role_that_gave_it(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=6), 6), token="tok_refund_fails")
    await service.give(order_id, 5000)
    await until_refused(service, order_id)

    await service.attend(order_id, "skip")

    assert (await service.give(order_id, 1, status=403))["type"] == "/problems/above-cap"
    await service.give(order_id, 1501, role="admin", status=409)


async def test_units_that_come_back_after_a_skipped_appeasement_bring_what_is_left(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1), token="tok_refund_fails")
    await service.give(order_id, 1400)
    await until_refused(service, order_id)
    await service.attend(order_id, "skip")
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await receive(service, name, "north", ("1", 1))

    inspected = await inspect(service, name, ("1", 1, "restock"))

    assert inspected["refund"] == 100
    assert [(one["kind"], one["amount"]) for one in inspected["adjustments"]] == [("given_before", -900)]
    assert await credited(service, order_id) == (1500, 1500)


async def test_order_and_ledger_say_the_same_of_what_was_skipped(service: World) -> None:
    order_id = await delivered(service, (await service.sku(north=1), 1), token="tok_refund_fails")
    await service.give(order_id, 700)
    await until_refused(service, order_id)

    order = await service.attend(order_id, "skip")

    assert (order["totals"]["refunds_written_off"], order["totals"]["written_off"]) == (700, 0)
    balances = (await service.get("ops", f"/v1/orders/{order_id}/payments"))["balances"]
    assert (balances["refunds_written_off"], balances["written_off"]) == (700, 0)
    assert (balances["credited"], balances["refunds_payable"]) == (700, 0)


async def test_units_that_nobody_paid_for_bring_nothing_and_the_return_says_why(service: World) -> None:
    order_id = await service.place((await service.sku(north=1), 1), token="tok_capture_fails")
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.until(order_id, "needs_attention")
    await service.scan(number, "delivered")
    await service.attend(order_id, "skip")
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await receive(service, name, "north", ("1", 1))

    inspected = await inspect(service, name, ("1", 1, "restock"))

    assert inspected["refund"] == 0
    assert [(one["kind"], one["amount"]) for one in inspected["adjustments"]] == [("not_paid", -1000)]
