"""What waits for a person: the list of stopped orders, retry, skip and cancel, and the quarantine."""

import asyncio
import json
from datetime import timedelta

import httpx
from sqlalchemy import update

from adapters.db.tables import payment_intents
from domain.ids import effect_key
from tests.journeys.test_changes import answer, draft
from tests.passages import ARRIVED_BY, PAID_BY
from tests.world import World, at, quantities, sent_by

STOPPED = [
    *PAID_BY,
    ("fulfillment.created", "process"),
    ("fulfillment.shipped", "ops:test-ops"),
    ("payment.capture_declined", "process"),
    ("order.needs_attention", "process"),
]
"""What the history of an order tells whose capture was refused."""


async def stopped(service: World) -> tuple[str, str, str]:
    """An order whose capture was refused; its SKU, its id and its tracking number."""
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2), token="tok_capture_fails")
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.until(order_id, "needs_attention")
    return sku, order_id, number


async def test_stopped_orders_are_listed_longest_first_page_by_page(service: World) -> None:
    mine = [(await stopped(service))[1] for _ in range(3)]

    seen, cursor = [], ""
    while cursor is not None:
        path = "/v1/attention?limit=1&reason=capture_refused" + (f"&cursor={cursor}" if cursor else "")
        page = await service.get("ops", path)
        seen += page["data"]
        cursor = page["next_cursor"]

    assert [one["order_id"] for one in seen if one["order_id"] in mine] == mine
    assert [one["since"] for one in seen] == sorted(one["since"] for one in seen)
    assert {one["reason"] for one in seen} == {"capture_refused"}
    await service.get("storefront", "/v1/attention", status=403)


async def test_a_skipped_capture_is_written_off_and_the_order_ends(service: World) -> None:
    sku, order_id, number = await stopped(service)

    order = await service.attend(order_id, "skip")

    assert (order["totals"]["written_off"], order["totals"]["captured"]) == (2500, 0)
    await service.paid(order_id, "voided")
    await service.scan(number, "delivered")
    await service.until(order_id, "delivered")
    await service.skip(order_id, timedelta(days=31))
    await service.until(order_id, "completed")
    assert await service.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 2500, "failed"),
        ("void", 2500, "succeeded"),
    ]
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *STOPPED,
        ("order.step_skipped", "ops:test-ops"),
        ("payment.voided", "process"),
        *ARRIVED_BY,
        ("order.closed", "process"),
    ]
    assert events[len(STOPPED)]["data"]["amount"] == 2500
    assert await service.movements(sku) == sent_by("north", 2)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_cancelling_a_stopped_order_cancels_what_has_not_shipped(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2), token="tok_capture_fails")
    order = await service.until(order_id, "in_fulfillment")
    part = {"carrier": "ups", "tracking_number": f"1-{sku}", "lines": [{"line_id": "1", "quantity": 1}]}
    await service.step(at(order, "north")["id"], "ship", {"parcels": [part]})
    await service.until(order_id, "needs_attention")

    await service.attend(order_id, "cancel")

    order = await service.paid(order_id)
    assert quantities(order) == {"shipped": 1, "cancelled": 1}
    await service.told(order_id, "payment.voided")
    events = await service.events(order_id)
    assert [(one["type"], one["actor"]) for one in events] == [
        *STOPPED,
        ("order.resumed", "ops:test-ops"),
        ("fulfillment.shipped", "ops:test-ops"),  # all that is left of the work is
        ("lines.cancelled", "ops:test-ops"),
        ("payment.captured", "process"),
        ("payment.voided", "process"),
    ]
    assert await service.books(order_id) == [
        ("authorize", 2500, "succeeded"),
        ("capture", 1500, "failed"),
        ("capture", 1500, "succeeded"),
        ("void", 1000, "succeeded"),
    ]
    assert await service.movements(sku) == [
        ("north", "count", 2, 0),
        ("north", "reserved", 0, 2),
        ("north", "shipped", -1, -1),
        ("north", "cancelled", 0, -1),
    ]
    assert await service.levels(sku) == {"north": (1, 0)}


async def test_messages_that_nobody_can_read_are_listed_and_shown_as_they_came(service: World) -> None:
    text = json.dumps({"tracking_number": "T-unreadable", "status": "teleported"})
    await service.carrier(text)

    listed = (await service.get("ops", "/v1/carriers/quarantine?carrier=generic&limit=1"))["data"][0]

    shown = await service.get("ops", f"/v1/carriers/quarantine/{listed['id']}")
    assert shown["body"] == text
    assert "status" in shown["error"]
    assert listed["bytes"] == len(text)
    await service.get("location", "/v1/carriers/quarantine", status=403)
    await service.get("ops", "/v1/carriers/quarantine/999999999", status=404)


async def test_orders_are_found_by_payment_and_by_hold(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_review")
    await service.until(order_id, "on_hold")

    path = f"/v1/orders?sku={sku}"
    found = [
        [one["id"] for one in (await service.get("ops", f"{path}&{asked}"))["data"]]
        for asked in ("held=true", "held=false", "payment_status=review", "payment_status=captured")
    ]

    assert found == [[order_id], [], [order_id], []]
    await service.cancel(order_id)


async def untaken(service: World) -> str:
    """An order that was raised, and whose provider will not take the authorization of what lacks."""
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 1), token="tok_taken_once")
    await service.until(order_id, "in_fulfillment")
    change = await draft(service, order_id, lines=[{"line_id": "1", "quantity": 3}])
    await answer(service, order_id, change, "confirm")
    await lose_patience(service, order_id)
    return order_id


async def lose_patience(service: World, order_id: str) -> None:
    """Let all attempts but the last pass at once, and the order be parked."""
    mine = payment_intents.c.order_id == order_id
    spent = update(payment_intents).values(attempts=service.settings.psp_attempts).where(mine)
    affected = 0
    while not affected:
        async with service.database() as connection:
            affected = (await connection.execute(spent.where(payment_intents.c.status == "open"))).rowcount
        await asyncio.sleep(0.05)
    order = await service.until(order_id, "needs_attention")
    assert order["attention"]["reason"] == "payment_unavailable"


async def test_an_authorization_that_is_never_taken_is_given_up_with_its_order(service: World) -> None:
    order_id = await untaken(service)
    await service.attend(order_id, "skip", status=409)
    await service.attend(order_id, "retry")
    await lose_patience(service, order_id)

    await service.attend(order_id, "cancel")

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert await service.books(order_id) == [("authorize", 1500, "succeeded"), ("void", 1500, "succeeded")]


async def test_what_was_cancelled_while_nobody_answered_can_be_ended(service: World) -> None:
    order_id = await untaken(service)
    order = await service.cancel(order_id)
    assert (order["status"], quantities(order)) == ("needs_attention", {"cancelled": 1})

    await service.attend(order_id, "cancel")

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")


async def test_an_authorization_that_took_effect_unheard_is_found_and_let_go(service: World) -> None:
    order_id = await untaken(service)
    key = effect_key(order_id, "authorize", 2)
    body = {"order_id": order_id, "amount": 2000, "currency": "USD", "token": "tok_ok"}
    async with httpx.AsyncClient(base_url=service.settings.psp_url) as psp:
        taken = await psp.post("/authorizations", json=body, headers={"Idempotency-Key": key})
    assert taken.status_code == httpx.codes.CREATED

    await service.attend(order_id, "cancel")

    order = await service.until(order_id, lambda o: o["closed_at"] is not None)
    assert order["payment_status"] == "voided"
    books = await service.books(order_id)
    assert sorted(books) == sorted(
        (kind, amount, "succeeded") for kind in ("authorize", "void") for amount in (1500, 2000)
    )


async def test_what_left_unpaid_is_asked_about_when_its_authorization_is_given_up(service: World) -> None:
    sku = await service.sku(north=2)
    payment = {"provider": "sandbox_single", "token": "tok_taken_once"}
    order_id = await service.place((sku, 2), payment=payment)
    work = at(await service.until(order_id, "in_fulfillment"), "north")["id"]
    part = {"carrier": "ups", "tracking_number": f"1-{sku}", "lines": [{"line_id": "1", "quantity": 1}]}
    await service.step(work, "ship", {"parcels": [part]})
    await service.told(order_id, "payment.captured")
    rest = part | {"tracking_number": f"2-{sku}"}
    await service.step(work, "ship", {"parcels": [rest]})
    await lose_patience(service, order_id)

    order = await service.attend(order_id, "cancel")

    assert order["attention"]["reason"] == "authorization_declined"
    order = await service.attend(order_id, "skip")
    assert (order["totals"]["captured"], order["totals"]["written_off"]) == (1500, 1000)
    for parcel in (part, rest):
        await service.scan(str(parcel["tracking_number"]), "delivered")
    await service.until(order_id, "delivered")
    await service.close(order_id)
