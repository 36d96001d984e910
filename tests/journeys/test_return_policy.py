"""What a shop keeps of a return, and what goes with it: fees by reason and grade, shipping by whose fault."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cli.audit import Evidence, documents, refunds
from cli.audit.tables import read_tables
from domain.refund_policy import ShippingBack
from tests.databases import migrated
from tests.returning import ask_back, delivered, receive, refunded
from tests.world import World, world


@pytest.fixture(scope="module")
async def strict_shop(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A shop that keeps a tenth and 50 a unit, half of what comes back as grade C, nothing for its faults.

    In the end the auditor looks at all that was refunded there.
    """
    url = await migrated(postgres_url, "strict_shop")
    terms: dict[str, Any] = {
        "restocking_fee_per_mille": 100,
        "restocking_fee_per_unit": {"USD": 50},
        "restocking_fee_by_grade": {"C": 500, "A": 0},
        "shipping_back": ShippingBack.SELLERS_FAULT,
    }
    async with world(url, tmp_path_factory.mktemp("strict"), **terms) as running:
        yield running
    tables = await read_tables(url)
    assert [*refunds.check(Evidence(tables)), *documents.check(Evidence(tables))] == []


async def sent_back(
    shop: World, order_id: str, units: int, reason: str, *, grade: str | None = None, **changes: Any
) -> dict[str, Any]:
    """Units come back for a reason, and are looked at; the return after that."""
    lines = [{"line_id": "1", "quantity": units, "reason": reason}]
    name = (await ask_back(shop, order_id, ("1", units), lines=lines, **changes))["id"]
    await receive(shop, name, "north", ("1", units))
    judged = {"line_id": "1", "quantity": units, "disposition": "restock"}
    judged |= {"grade": grade} if grade else {}
    return await shop.post("ops", f"/v1/returns/{name}/inspect", {"lines": [judged]})


def adjusted(shown: dict[str, Any]) -> list[tuple[str, int, str]]:
    """What makes the refund differ from what the units cost."""
    return [(one["kind"], one["amount"], one["reason"]) for one in shown["adjustments"]]


async def test_a_fee_is_kept_of_what_the_customer_did_not_like(strict_shop: World) -> None:
    order_id = await delivered(strict_shop, (await strict_shop.sku(north=3), 3))

    shown = await sent_back(strict_shop, order_id, 2, "too small")

    assert shown["refund"] == 2000 - 200 - 100
    assert adjusted(shown) == [("restocking_fee", -300, "too small")]
    order = await refunded(strict_shop, order_id, 1700)
    assert order["payment_status"] == "partially_refunded"
    (refund,) = await strict_shop.refunds(order_id)
    assert (refund["amount"], refund["return_id"]) == (1700, shown["id"])
    assert adjusted(refund) == adjusted(shown)
    told = [one for one in await strict_shop.events(order_id) if one["type"] == "refund.adjusted"]
    assert (told[0]["data"]["amount"], told[0]["data"]["reason"]) == (-300, "too small")
    assert (await strict_shop.books(order_id))[-1] == ("refund", 1700, "succeeded")
    await strict_shop.close(order_id)


async def test_the_grade_says_how_much_is_kept(strict_shop: World) -> None:
    order_id = await delivered(strict_shop, (await strict_shop.sku(north=3), 3))

    refunds = [
        (await sent_back(strict_shop, order_id, 1, "too small", grade=grade))["refund"]
        for grade in ("A", "B", "C")
    ]

    assert refunds == [950, 850, 450]
    await refunded(strict_shop, order_id, sum(refunds))


@pytest.mark.parametrize("reason", ["damaged", "Wrong item", "not-as-described"])
async def test_the_sellers_fault_costs_no_fee_and_the_last_unit_brings_the_shipping(
    strict_shop: World, reason: str
) -> None:
    order_id = await delivered(strict_shop, (await strict_shop.sku(north=2), 2))

    first = await sent_back(strict_shop, order_id, 1, reason)
    last = await sent_back(strict_shop, order_id, 1, reason)

    assert (first["refund"], adjusted(first)) == (1000, [])
    assert (last["refund"], adjusted(last)) == (1500, [("shipping", 500, "sellers_fault")])
    order = await strict_shop.paid(order_id, "refunded")
    assert order["totals"]["refunded"] == 2500


async def test_the_shipping_is_kept_when_one_unit_was_merely_not_liked(strict_shop: World) -> None:
    order_id = await delivered(strict_shop, (await strict_shop.sku(north=2), 2))

    await sent_back(strict_shop, order_id, 1, "too small")
    last = await sent_back(strict_shop, order_id, 1, "damaged")

    assert (last["refund"], adjusted(last)) == (1000, [])
    await refunded(strict_shop, order_id, 1850)


async def test_a_fee_never_exceeds_what_the_units_cost(strict_shop: World) -> None:
    line = {"quantity": 2, "unit_price": 20}
    sku = await strict_shop.sku(north=2)
    order_id = await delivered(strict_shop, (sku, 2), lines=[line | {"sku": sku}])

    shown = await sent_back(strict_shop, order_id, 2, "too small")

    assert (shown["status"], shown["refund"]) == ("completed", 0)
    assert adjusted(shown) == [("restocking_fee", -40, "too small")]
    assert await strict_shop.refunds(order_id) == []


async def test_a_return_for_credit_pays_its_fee_as_well(strict_shop: World) -> None:
    order_id = await delivered(strict_shop, (await strict_shop.sku(north=1), 1))

    shown = await sent_back(strict_shop, order_id, 1, "too small", refund_to="store_credit")

    assert (shown["status"], shown["refund"]) == ("completed", 850)
    assert (await strict_shop.order(order_id))["totals"]["store_credit"] == 850


async def test_after_an_appeasement_shipping_and_units_are_paid_back_as_far_as_is_left(
    strict_shop: World,
) -> None:
    order_id = await delivered(strict_shop, (await strict_shop.sku(north=1), 1))
    await strict_shop.give(order_id, 600)

    shown = await sent_back(strict_shop, order_id, 1, "damaged")

    assert shown["refund"] == 900
    assert [kind for kind, _, _ in adjusted(shown)] == ["shipping", "given_before"]
    await strict_shop.paid(order_id, "refunded")
