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
from adapters.db.transfers import put_transfers
from api.state import Services
from routing import TransferLeg

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
    (shipment,) = plan["shipments"]
    assert shipment["lines"] == [{"sku": "MUG", "quantity": 2}]
    assert (shipment["location_id"], shipment["service"], shipment["cost"]) == ("near", "ground", 510)
    assert (shipment["handling"], shipment["shipping"], shipment["km"]) == (100, 410, 8.5)
    assert plan["backorders"] == []
    assert plan["objective"] == 510
    assert plan["certificate"]["optimal"] is True
    assert plan["certificate"]["lower_bound"] == 510
    assert plan["certificate"]["gap"] == 0
    assert plan["certificate"].keys() >= {"optimal", "lower_bound", "gap", "nodes", "seconds"}
    assert plan["certificate"]["policy"] == "lowest_cost"
    assert {verdict["location_id"]: verdict["outcome"] for verdict in plan["verdicts"]} == {
        "near": "chosen",
        "far": "dearer",
    }


async def test_lines_of_one_sku_are_one_line_of_a_shipment(storefront: httpx.AsyncClient) -> None:
    lines = [{"sku": "MUG", "quantity": 4, "weight_g": 500}, {"sku": "MUG", "quantity": 5, "weight_g": 250}]

    plan = await planned(storefront, asked(lines=lines))

    units = {shipment["location_id"]: shipment["lines"] for shipment in plan["shipments"]}
    assert units == {"near": [{"sku": "MUG", "quantity": 3}], "far": [{"sku": "MUG", "quantity": 4}]}
    assert plan["backorders"] == [{"sku": "MUG", "quantity": 2, "expected_at": None}]


async def test_what_would_have_made_a_location_ship_is_told_where_it_is_asked_for(
    storefront: httpx.AsyncClient,
) -> None:
    body = asked(changes=True)
    empty = {"id": "empty", "kind": "store", "lat": 40.0, "lng": -75.1, "handling_cost": 20, "capacity": 5}
    body["network"]["locations"].append(empty)

    plan = await planned(storefront, body)

    told = {one["location_id"]: one["changes"] for one in plan["verdicts"]}
    # Within 200 km both would come from far: 50 + 1 + 400 + 10. Of empty it needs both: 20 + 400 + 10.
    (nearer,) = told["far"]
    assert (nearer["kind"], nearer["to"], round(nearer["by"])) == ("distance", 200, 1068)
    assert told["empty"] == [{"kind": "stock", "sku": "MUG", "by": 2, "to": 2}]
    assert told["near"] is None
    body["network"]["stock"].append({"location_id": "empty", "sku": "MUG", "available": 2})
    assert (await planned(storefront, body))["shipments"][0]["location_id"] == "empty"


async def test_a_location_can_be_made_to_ship(storefront: httpx.AsyncClient) -> None:
    forced = await planned(storefront, asked(must_use="far"))
    free = await planned(storefront, asked(changes=True))

    assert [one["location_id"] for one in forced["shipments"]] == ["far"]
    (far,) = (one for one in free["verdicts"] if one["location_id"] == "far")
    # 971.5 and 510.25, and what is between: each is rounded by itself.
    assert (forced["objective"], free["objective"], far["extra_cost"]) == (972, 510, 461)


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
        ({"must_use": "nowhere"}, "/must_use"),
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
    assert plan["backorders"] == [{"sku": sku, "quantity": 2, "expected_at": None}]


async def test_other_requests_are_served_while_a_plan_is_searched(
    storefront: httpx.AsyncClient, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.routing_plan.answer", lambda *_args, **_more: time.sleep(0.5))
    search = asyncio.create_task(storefront.post("/v1/routing/plan", json=asked()))
    await asyncio.sleep(0.1)

    began = time.perf_counter()
    await http.get("/livez")

    assert time.perf_counter() - began < 0.3
    await search


async def test_a_pickup_is_planned_with_the_transfers_to_its_store(
    storefront: httpx.AsyncClient, services: Services
) -> None:
    sku, store, place = uuid4().hex, f"store-{uuid4().hex}", f"dc-{uuid4().hex}"
    async with services.engine.begin() as connection:
        await put_product(connection, Product(sku, "Mug", 500))
        await put_locations(connection, [Location(name, name, "dc", 40.0, -75.0) for name in (store, place)])
        await put_transfers(connection, [TransferLeg(place, store, Decimal(250), Decimal(10))])
        now = services.now()
        await open_stock(connection, [OpeningLevel(place, sku, 5)], actor="test", counted_at=now, now=now)
    lines = [{"sku": sku, "quantity": 2, "weight_g": 500}]

    plan = await planned(storefront, asked(lines=lines, network=None, method="pickup", pickup_location=store))

    [sent] = plan["shipments"]
    assert (sent["location_id"], sent["service"], sent["cost"]) == (place, "transfer", 270)
