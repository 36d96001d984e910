"""A change that makes an order cost more has it judged again, with what is set aside for it."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.databases import migrated
from tests.journeys.test_changes import answer, draft
from tests.world import World, at, quantities, world

RULES: list[dict[str, Any]] = [
    {"name": "far too large", "when": {"amount": {"USD": 900_000}}, "then": "decline"},
    {"name": "large", "when": {"amount": {"USD": 100_000}}, "then": "review"},
]


@pytest.fixture(scope="module")
async def wary(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("wary")
    policy = folder / "risk.json"
    policy.write_text(json.dumps({"rules": RULES}))
    url = await migrated(postgres_url, "wary")
    async with world(url, folder, risk_policy_file=policy) as running:
        running.name = f"wary{uuid4().hex[:8]}"
        yield running


async def accepted(service: World, units: int = 1) -> str:
    """An order that was accepted, at its location."""
    sku = await service.sku(north=9)
    order_id = await service.place((sku, units))
    await service.until(order_id, "in_fulfillment")
    return order_id


async def add(service: World, order_id: str, price: int) -> None:
    """One more unit, at any price: a storefront says what things cost."""
    sku = (await service.order(order_id))["lines"][0]["sku"]
    line = {"sku": sku, "quantity": 1, "unit_price": price}
    await answer(service, order_id, await draft(service, order_id, add=[line]), "confirm")


async def judged(service: World, order_id: str) -> list[tuple[str, str | None, int]]:
    return [
        (one["type"], one["data"]["rule"], one["data"]["amount"])
        for one in await service.events(order_id)
        if one["type"].startswith("risk.")
    ]


async def test_what_a_change_makes_large_waits_for_a_reviewer(wary: World) -> None:
    order_id = await accepted(wary)

    await add(wary, order_id, 500_000)

    order = await wary.until(order_id, "on_hold")
    assert (order["payment_status"], order["fulfillments"][0]["status"]) == ("review", "planned")
    assert await judged(wary, order_id) == [
        ("risk.accepted", None, 1500),
        ("risk.review", "large", 501_500),
    ]
    parcel = {"carrier": "ups", "tracking_number": uuid4().hex}
    await wary.step(at(order, "north")["id"], "ship", parcel, status=409)
    body = {"decision": "release", "reason": "the customer confirmed by phone"}
    await wary.post("ops", f"/v1/orders/{order_id}/review", body)
    order = await wary.until(order_id, lambda o: quantities(o, 1) == {"allocated": 1})
    assert order["payment_status"] == "authorized"
    await wary.cancel(order_id)


async def test_what_has_left_stays_paid_for_while_the_rest_is_reviewed(wary: World) -> None:
    order_id = await accepted(wary, 2)
    order = await wary.order(order_id)
    part = {"carrier": "ups", "tracking_number": uuid4().hex, "lines": [{"line_id": "1", "quantity": 1}]}
    await wary.step(at(order, "north")["id"], "ship", {"parcels": [part]})
    await wary.paid(order_id, "partially_captured")
    await add(wary, order_id, 500_000)
    order = await wary.paid(order_id, "review")

    await wary.lift(order_id, order["holds"][0]["id"])

    order = await wary.order(order_id)
    assert (order["payment_status"], order["totals"]["captured"]) == ("partially_captured", 1500)
    await wary.cancel(order_id)
    await wary.paid(order_id, "captured")


async def test_what_a_change_makes_unacceptable_is_cancelled_and_its_money_let_go(wary: World) -> None:
    order_id = await accepted(wary)

    await add(wary, order_id, 900_000)

    order = await wary.until(order_id, lambda o: o["closed_at"] is not None)
    assert (order["status"], order["payment_status"]) == ("cancelled", "voided")
    assert (await judged(wary, order_id))[-1] == ("risk.declined", "far too large", 901_500)
    assert sorted(await wary.books(order_id)) == sorted(
        (kind, amount, "succeeded") for kind in ("authorize", "void") for amount in (1500, 900_000)
    )


async def test_a_change_is_judged_only_when_the_order_never_cost_so_much(wary: World) -> None:
    order_id = await accepted(wary, 3)
    fewer = await draft(wary, order_id, lines=[{"line_id": "1", "quantity": 1}])
    await answer(wary, order_id, fewer, "confirm")

    await add(wary, order_id, 1000)
    await add(wary, order_id, 5000)

    await wary.until(order_id, lambda o: o["totals"]["authorized"] == 7500)
    await wary.paid(order_id, "authorized")
    assert await judged(wary, order_id) == [("risk.accepted", None, 3500), ("risk.accepted", None, 7500)]
    await wary.cancel(order_id)


async def test_a_change_while_a_reviewer_is_asked_does_not_answer_for_them(wary: World) -> None:
    order_id = await accepted(wary)
    await add(wary, order_id, 100_000)
    await wary.until(order_id, "on_hold")
    await add(wary, order_id, 1000)
    await wary.until(order_id, lambda o: o["totals"]["authorized"] == o["totals"]["total"])

    order = await wary.order(order_id)

    assert (order["payment_status"], len(order["holds"])) == ("review", 2)
    body = {"decision": "reject", "reason": "nobody knows them"}
    await wary.post("ops", f"/v1/orders/{order_id}/review", body)
    order = await wary.until(order_id, lambda o: o["closed_at"] is not None)
    assert order["payment_status"] == "voided"
