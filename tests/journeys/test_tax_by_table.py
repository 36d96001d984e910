"""Taxed by the table: what is worked out at intake is set aside, captured, invoiced and paid back exactly."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from adapters.db.tables import invoices
from adapters.db.tax import put_tax_rates
from adapters.files.tax_rates import read_tax_rates
from cli.audit import gather, taxes
from cli.audit.documents import check as documents_check
from tests.databases import migrated
from tests.world import World, at, world

RATES = b"""country,region,postal_prefix,category,percent,included,on_shipping
US,NE,,,5.5,no,yes
US,NE,685,,7.25,no,yes
JP,,,,10,yes,yes
KW,,,,2.5,no,yes
"""


@pytest.fixture(scope="module")
async def taxing(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    url = await migrated(postgres_url, "taxing")
    async with world(url, tmp_path_factory.mktemp("taxing"), tax="table") as running:
        async with running.database() as rates:
            await put_tax_rates(rates, read_tax_rates("rates.csv", RATES).values)
        yield running


def body_to(
    service: World, country: str, region: str, *lines: tuple[str, int], **changes: Any
) -> dict[str, Any]:
    body = service.body(*lines, **changes)
    return body | {"ship_to": body["ship_to"] | {"country": country, "region": region}}


async def documents(service: World, order_id: str) -> list[tuple[str, int, int, int]]:
    """The order's invoices and credit notes: kind, tax, shipping without tax, total."""
    async with service.database() as connection:
        columns = (invoices.c.kind, invoices.c.tax, invoices.c.shipping, invoices.c.total)
        found = await connection.execute(
            select(*columns).where(invoices.c.order_id == order_id).order_by(invoices.c.at, invoices.c.id)
        )
        return [(row.kind, row.tax, row.shipping, row.total) for row in found]


async def money(service: World, order_id: str) -> list[tuple[str, int]]:
    return [(kind, amount) for kind, amount, _ in await service.books(order_id)]


async def test_tax_on_shipping_goes_with_the_first_shipment_and_comes_back_with_shipping(
    taxing: World,
) -> None:
    sku = await taxing.sku(north=3)
    body = body_to(taxing, "US", "NE", (sku, 3))
    order = await taxing.post("storefront", "/v1/orders", body, status=201)
    order_id = order["id"]
    assert (order["totals"]["tax"], order["totals"]["total"]) == (218 + 36, 3754)
    order = await taxing.until(order_id, "in_fulfillment")
    work = at(order, "north")["id"]

    part = {"carrier": "ups", "tracking_number": f"A{sku}", "lines": [{"line_id": "1", "quantity": 1}]}
    await taxing.step(work, "ship", {"parcels": [part]})
    await taxing.until(order_id, lambda o: o["totals"]["captured"] == 1073 + 536)
    version = at(await taxing.order(order_id), "north")["version"]
    await taxing.step(work, "ship", {"version": version, "carrier": "ups", "tracking_number": f"B{sku}"})
    await taxing.paid(order_id)

    assert await money(taxing, order_id) == [("authorize", 3754), ("capture", 1609), ("capture", 2145)]
    assert await documents(taxing, order_id) == [("invoice", 73 + 36, 500, 1609), ("invoice", 145, 0, 2145)]
    for number in (f"A{sku}", f"B{sku}"):
        await taxing.scan(number, "failed")
    await taxing.until(order_id, lambda o: o["totals"]["refunded"] == 3754)
    notes = (await documents(taxing, order_id))[2:]
    assert sum(tax for _, tax, _, _ in notes) == 218 + 36
    assert sum(shipping for _, _, shipping, _ in notes) == 500
    assert sum(total for _, _, _, total in notes) == 3754
    assert await taxing.level("north", sku) == (0, 0)


@pytest.mark.parametrize(
    ("currency", "country", "tax", "document"),
    [
        ("JPY", "JP", 0, ("invoice", 182 + 45, 455, 2500)),
        ("KWD", "KW", 75 + 13, ("invoice", 50 + 13, 500, 2563)),
    ],
)
async def test_prices_with_and_without_the_tax_are_paid_in_their_currency(
    taxing: World, currency: str, country: str, tax: int, document: tuple[str, int, int, int]
) -> None:
    sku, total = await taxing.sku(north=3), 3500 + tax
    body = body_to(taxing, country, "-", (sku, 3), currency=currency, total=total)
    order = await taxing.post("storefront", "/v1/orders", body, status=201)
    order_id = order["id"]
    assert order["totals"]["tax"] == tax
    order = await taxing.until(order_id, "in_fulfillment")

    await taxing.cancel(order_id, ("1", 1))
    version = at(await taxing.order(order_id), "north")["version"]
    await taxing.ship(at(order, "north")["id"], version=version)

    order = await taxing.paid(order_id)
    kept = document[-1]
    assert order["totals"]["captured"] == kept
    assert await documents(taxing, order_id) == [document]
    assert await money(taxing, order_id) == [("authorize", total), ("capture", kept), ("void", total - kept)]
    assert await taxing.level("north", sku) == (1, 0)


async def test_another_tax_is_refused_and_nothing_is_set_aside(taxing: World) -> None:
    sku = await taxing.sku(north=1)
    body = body_to(taxing, "US", "NE", (sku, 1))
    body["lines"][0]["tax"] = 72

    refused = await taxing.post("storefront", "/v1/orders", body, status=422)
    nowhere = body_to(taxing, "US", "WY", (sku, 1))
    unknown = await taxing.post("storefront", "/v1/orders", nowhere, status=422)

    assert refused["errors"] == [{"pointer": "/lines/0/tax", "message": "the tax of this line is 73"}]
    assert unknown["errors"][0]["pointer"] == "/ship_to"
    assert await taxing.level("north", sku) == (1, 0)


async def drafted(service: World, order_id: str, status: int = 201, **change: Any) -> dict[str, Any]:
    body = {"reason": "the customer called"} | change
    return await service.post("storefront", f"/v1/orders/{order_id}/changes", body, status=status)


async def test_a_changed_order_is_taxed_at_its_new_place_and_with_its_new_lines(taxing: World) -> None:
    sku = await taxing.sku(north=5)
    body = body_to(taxing, "US", "NE", (sku, 3))
    order_id = (await taxing.post("storefront", "/v1/orders", body, status=201))["id"]
    taxing.placed.append(order_id)
    await taxing.until(order_id, "in_fulfillment")
    new_line = {"sku": sku, "quantity": 1, "unit_price": 1000}

    elsewhere = await drafted(taxing, order_id, ship_to=body["ship_to"] | {"postal_code": "69001"})
    refused = await drafted(taxing, order_id, 422, add=[new_line | {"tax": 55}])
    nowhere = await drafted(taxing, order_id, 422, ship_to=body["ship_to"] | {"region": "WY"})
    assert elsewhere["preview"]["to_pay"] == {"before": 3754, "after": 3000 + 500 + 165 + 28}
    assert refused["errors"][0] == {"pointer": "/add/0/tax", "message": "the tax of this line is 73"}
    assert nowhere["errors"][0]["pointer"] == "/ship_to"
    await taxing.post("storefront", f"/v1/orders/{order_id}/changes/{elsewhere['id']}/confirm")
    more = await drafted(taxing, order_id, add=[new_line], lines=[{"line_id": "1", "quantity": 4}])
    assert more["preview"]["to_pay"]["after"] == 3693 + 2 * 1055
    await taxing.post("storefront", f"/v1/orders/{order_id}/changes/{more['id']}/confirm")

    order = await taxing.until(
        order_id, lambda o: sum(one["quantities"]["allocated"] for one in o["lines"]) == 5
    )
    assert order["totals"]["total"] == 3693 + 2 * 1055
    assert [line["tax"] for line in order["lines"]] == [165, 55, 55]
    assert {part["rate"]["percent"] for part in order["taxes"]} == {"5.5"}
    assert [part["line_id"] for part in order["taxes"]] == ["1", "2", "3", None]
    await taxing.deliver(order_id)
    order = await taxing.paid(order_id)
    assert order["totals"]["captured"] == 3693 + 2 * 1055
    assert sum(tax for _, tax, _, _ in await documents(taxing, order_id)) == 165 + 110 + 28
    await taxing.close(order_id)
    found = await gather(taxing.settings.database_url)
    assert taxes.check(found) == []
    assert [one for one in documents_check(found) if one.order_id == order_id] == []
