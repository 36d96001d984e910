"""Currencies with no, two and three decimals: shipped in parts, cancelled, paid back, to the minor unit."""

from typing import Any

import pytest

from domain.pricing import value_of
from tests.world import World, at


def odd_order(service: World, sku: str, other: str, currency: str, unit: int) -> dict[str, Any]:
    """Seven and two units that nothing divides evenly: with a discount, a tax, and shipping."""
    body = service.body((sku, 7), (other, 2), currency=currency)
    lines = [line | {"unit_price": unit} for line in body["lines"]]
    shipping, discount, tax = unit // 3, unit + 1, unit // 2 + 3
    parts = {"lines": lines, "shipping_price": shipping, "discount": discount, "tax": tax}
    return body | parts | {"total": 9 * unit + shipping - discount + tax}


@pytest.mark.parametrize(("currency", "unit"), [("JPY", 1333), ("KWD", 4205), ("USD", 1999)])
async def test_what_leaves_is_captured_and_what_is_lost_paid_back_to_the_minor_unit(
    service: World, currency: str, unit: int
) -> None:
    sku, other = await service.sku(north=7), await service.sku(north=2)
    body = odd_order(service, sku, other, currency, unit)
    order_id = (await service.post("storefront", "/v1/orders", body, status=201))["id"]
    order = await service.until(order_id, "in_fulfillment")
    assert (order["currency"], order["totals"]["authorized"]) == (currency, body["total"])
    work = at(order, "north")["id"]
    part = {"carrier": "ups", "tracking_number": f"A{sku}", "lines": [{"line_id": "1", "quantity": 3}]}
    await service.step(work, "ship", {"parcels": [part]})
    await service.until(order_id, lambda o: o["totals"]["captured"] > 0)
    order = await service.cancel(order_id, ("1", 1), ("2", 1))
    rest = {"version": at(order, "north")["version"], "carrier": "ups", "tracking_number": f"B{sku}"}
    await service.step(work, "ship", rest)

    order = await service.paid(order_id)

    worth = [line["quantity"] * unit - line["discount"] + line["tax"] for line in order["lines"]]
    assert sum(worth) + body["shipping_price"] == body["total"]
    left = value_of(worth[0], 7, 6) + value_of(worth[1], 2, 1) + body["shipping_price"]
    assert order["totals"]["captured"] == left
    assert await taken(service, order_id, "capture") == left
    assert await taken(service, order_id, "void") == body["total"] - left
    for number in (f"A{sku}", f"B{sku}"):
        await service.scan(number, "failed")
    order = await service.until(order_id, lambda o: o["totals"]["refunded"] == left)
    assert order["payment_status"] == "refunded"
    assert await taken(service, order_id, "refund") == left
    assert await service.level("north", sku) == (1, 0)
    assert await service.level("north", other) == (1, 0)


async def taken(service: World, order_id: str, kind: str) -> int:
    """What the provider's books say of one kind of effect."""
    books = await service.books(order_id)
    return sum(amount for step, amount, status in books if (step, status) == (kind, "succeeded"))


async def test_a_wrong_line_is_named_and_nothing_is_taken(service: World) -> None:
    sku, other = await service.sku(north=7), await service.sku(north=2)
    body = odd_order(service, sku, other, "KWD", 4205)
    right = await service.post("storefront", "/v1/orders", body, status=201)
    stated = [
        line | {"tax": placed["tax"], "discount": placed["discount"]}
        for line, placed in zip(body["lines"], right["lines"], strict=True)
    ]
    wrong = [stated[0], stated[1] | {"tax": stated[1]["tax"] + 1}]
    over = [stated[0], stated[1] | {"discount": 2 * 4205 + 1}]

    async def refused(**changes: Any) -> str:
        other_order = body | {"order_number": f"{body['order_number']}-2"} | changes
        answer = await service.post("storefront", "/v1/orders", other_order, status=422)
        return str(answer["errors"][0]["pointer"])

    assert await refused(lines=wrong) == "/lines/1/tax"
    assert await refused(lines=over) == "/lines/1/discount"
    assert await refused(total=body["total"] - 1) == "/total"
    await service.cancel(right["id"])
