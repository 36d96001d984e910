"""The DOM alone over HTTP: the contract's arithmetic, and every network that makes no sense."""

import asyncio
import copy
import time
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest

from adapters.db.catalog import Location, Product, put_locations, put_product
from adapters.db.opening_stock import OpeningLevel, open_stock
from adapters.db.rate_cards import RateBand, put_rate_card
from api.state import Services

NETWORK: dict[str, Any] = {
    "locations": [
        {"id": "near", "kind": "dc", "lat": 40.0, "lng": -75.0, "handling_cost": 100.25},
        {
            "id": "far",
            "kind": "store",
            "lat": 40.0,
            "lng": -90.0,
            "handling_cost": 50,
            "handling_per_unit": 0.5,
            "capacity": 4,
        },
    ],
    "stock": [
        {"location_id": "near", "sku": "MUG", "available": 3},
        {"location_id": "far", "sku": "MUG", "available": 10},
    ],
    "services": [
        {
            "name": "ground",
            "bands": [
                {"max_km": 200, "base": 400, "per_kg": 10, "transit_days": 1},
                {"max_km": 3000, "base": 900, "per_kg": 20.5, "transit_days": 4},
            ],
        }
    ],
}
ASKED: dict[str, Any] = {
    "lines": [{"sku": "MUG", "quantity": 2, "weight_g": 500}],
    "destination": {"lat": 40.0, "lng": -75.1, "postal_code": "19103"},
    "network": NETWORK,
}


def asked(**changed: Any) -> dict[str, Any]:
    return copy.deepcopy(ASKED) | changed


async def planned(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/v1/routing/plan", json=body)
    assert answer.status_code == 200, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


async def test_a_plan_costs_what_the_contract_says_rounded_half_up(storefront: httpx.AsyncClient) -> None:
    plan = await planned(storefront, asked())

    # 100.25 handling + 400 base + 10 per kg x 1 kg = 510.25
    assert plan["shipments"] == [
        {"location_id": "near", "service": "ground", "lines": [{"sku": "MUG", "quantity": 2}], "cost": 510}
    ]
    assert plan["backorders"] == []
    assert plan["objective"] == 510
    assert plan["certificate"]["optimal"] is True
    assert plan["certificate"]["lower_bound"] == 510
    assert plan["certificate"]["gap"] == 0
    assert plan["certificate"].keys() == {"optimal", "lower_bound", "gap", "nodes", "seconds"}
    assert {verdict["location_id"]: verdict["outcome"] for verdict in plan["verdicts"]} == {
        "near": "chosen",
        "far": "dearer",
    }


async def test_lines_of_one_sku_are_one_line_of_a_shipment(storefront: httpx.AsyncClient) -> None:
    lines = [{"sku": "MUG", "quantity": 4, "weight_g": 500}, {"sku": "MUG", "quantity": 5, "weight_g": 250}]

    plan = await planned(storefront, asked(lines=lines))

    units = {shipment["location_id"]: shipment["lines"] for shipment in plan["shipments"]}
    assert units == {"near": [{"sku": "MUG", "quantity": 3}], "far": [{"sku": "MUG", "quantity": 4}]}
    assert plan["backorders"] == [{"sku": "MUG", "quantity": 2}]


async def test_half_a_minor_unit_goes_up(storefront: httpx.AsyncClient) -> None:
    body = asked()
    body["network"]["locations"][0]["handling_cost"] = 100.5

    assert (await planned(storefront, body))["objective"] == 511


@pytest.mark.parametrize(
    ("policy", "locations"),
    [
        ("lowest_cost", ["near"]),
        ("fewest_shipments", ["near"]),
        ({}, ["near"]),
        ({"exclude_locations": ["near"]}, ["far"]),
        ({"include_locations": ["far"]}, ["far"]),
        ({"include_locations": []}, []),
        ({"max_shipments": 1, "shipment_penalty": 12.5}, ["near"]),
    ],
)
async def test_a_policy_is_a_name_or_an_object(
    storefront: httpx.AsyncClient, policy: Any, locations: list[str]
) -> None:
    plan = await planned(storefront, asked(policy=policy))

    assert [shipment["location_id"] for shipment in plan["shipments"]] == locations


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in NETWORK.items() if key != name}


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"policy": "cheapest"}, "/policy"),
        ({"policy": 7}, "/policy"),
        ({"policy": {"max_shipments": 0}}, "/policy/max_shipments"),
        ({"policy": {"shipment_penalty": -1}}, "/policy/shipment_penalty"),
        ({"policy": {"carbon": 1}}, "/policy/carbon"),
        ({"lines": []}, "/lines"),
        ({"lines": ASKED["lines"] * 201}, "/lines"),
        ({"lines": [{"sku": "MUG", "quantity": 0, "weight_g": 1}]}, "/lines/0/quantity"),
        ({"lines": [{"sku": "MUG", "quantity": 1, "weight_g": -1}]}, "/lines/0/weight_g"),
        ({"destination": {"lat": 91, "lng": 0}}, "/destination/lat"),
        ({"destination": {"lat": 0}}, "/destination/lng"),
        ({"network": without("services")}, "/network/services"),
        ({"network": NETWORK | {"stock": NETWORK["stock"] * 2}}, "/network"),
        ({"network": NETWORK | {"locations": NETWORK["locations"] * 2}}, "/network"),
        ({"network": NETWORK | {"services": NETWORK["services"] * 2}}, "/network"),
        ({"network": NETWORK | {"locations": []}}, "/network"),
    ],
)
async def test_what_makes_no_sense_is_422_and_says_where(
    storefront: httpx.AsyncClient, changed: dict[str, Any], pointer: str
) -> None:
    answer = await storefront.post("/v1/routing/plan", json=asked(**changed))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("part", ["handling_cost", "handling_per_unit", "capacity"])
async def test_a_location_costs_and_holds_at_least_nothing(storefront: httpx.AsyncClient, part: str) -> None:
    body = asked()
    body["network"]["locations"][1][part] = -1

    answer = await storefront.post("/v1/routing/plan", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/network/locations/1/{part}"


@pytest.mark.parametrize("reach", [200, 100])
async def test_bands_stand_in_ascending_order(storefront: httpx.AsyncClient, reach: int) -> None:
    body = asked()
    body["network"]["services"][0]["bands"][1]["max_km"] = reach

    answer = await storefront.post("/v1/routing/plan", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/network/services/0/bands"


async def test_a_plan_needs_no_idempotency_key_but_a_key(http: httpx.AsyncClient) -> None:
    assert (await http.post("/v1/routing/plan", json=asked())).status_code == 401


async def test_without_a_network_the_live_one_is_planned_on(
    storefront: httpx.AsyncClient, services: Services
) -> None:
    sku, place = uuid4().hex, f"live-{uuid4().hex}"
    async with services.engine.begin() as connection:
        await put_product(connection, Product(sku, "Mug", 500))
        await put_locations(connection, [Location(place, place, "dc", 40.0, -75.0)])
        band = RateBand(f"svc-{sku}", Decimal(500), Decimal(400), Decimal(10), Decimal(2))
        await put_rate_card(connection, "standard", [band])
        now = services.now()
        await open_stock(connection, [OpeningLevel(place, sku, 5)], actor="test", counted_at=now, now=now)
    lines = [{"sku": sku, "quantity": 7, "weight_g": 500}]

    plan = await planned(storefront, asked(lines=lines, network=None))

    assert [(s["location_id"], s["lines"]) for s in plan["shipments"]] == [
        (place, [{"sku": sku, "quantity": 5}])
    ]
    assert plan["backorders"] == [{"sku": sku, "quantity": 2}]


async def test_other_requests_are_served_while_a_plan_is_searched(
    storefront: httpx.AsyncClient, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.routing_plan.plan", lambda *_args, **_more: time.sleep(0.5))
    search = asyncio.create_task(storefront.post("/v1/routing/plan", json=asked()))
    await asyncio.sleep(0.1)

    began = time.perf_counter()
    await http.get("/livez")

    assert time.perf_counter() - began < 0.3
    await search
