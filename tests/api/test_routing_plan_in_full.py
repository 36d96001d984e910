"""The DOM alone over HTTP with all that it can be asked: time, zones, weight, flags, regions and rules."""

import copy
from typing import Any

import httpx
import pytest

from tests.api.test_routing_plan import ASKED, planned

FULL: dict[str, Any] = {
    "lines": [
        {
            "sku": "LAMP",
            "quantity": 2,
            "weight_g": 900,
            "dims_mm": [300, 200, 100],
            "flags": ["fragile"],
            "keep_together": "set",
            "category": "lighting",
            "value": 4900,
        }
    ],
    "destination": {
        "lat": 52.52,
        "lng": 13.40,
        "postal_code": "10115",
        "country": "DE",
        "region": "BE",
        "residential": True,
    },
    "method": "ship",
    "service_level": "standard",
    "deliver_by": "2999-01-01T00:00:00Z",
    "channel": "web",
    "customer_tier": "gold",
    "rejects": {"leipzig": 1},
    "policy": {"rules": ["whole_lines", {"max_shipments": {"most": 1}}], "terms": ["shipping", "handling"]},
    "network": {
        "locations": [
            {
                "id": "leipzig",
                "kind": "dc",
                "lat": 51.34,
                "lng": 12.37,
                "handling_cost": 100,
                "postal_code": "04109",
                "time_zone": "Europe/Berlin",
                "calendar": "weekdays",
                "cutoff": "15:00",
                "processing_minutes": 90,
                "groups": ["east"],
                "services": ["parcel"],
                "methods": ["ship"],
                "serves": {"countries": ["DE"], "not_postal_prefixes": ["99"]},
                "handles": ["fragile"],
                "priority": 1,
            },
            {
                "id": "hamburg",
                "kind": "store",
                "lat": 53.55,
                "lng": 9.99,
                "handling_cost": 10,
                "postal_code": "20095",
                "offline": True,
                "cool_off_until": "2020-01-01T00:00:00Z",
            },
        ],
        "stock": [
            {"location_id": "leipzig", "sku": "LAMP", "available": 5},
            {"location_id": "hamburg", "sku": "LAMP", "available": 5},
        ],
        "services": [
            {
                "name": "parcel",
                "service_level": "standard",
                "methods": ["ship"],
                "dim_divisor": 5000,
                "surcharges": [
                    {"name": "long", "kind": "oversize", "amount": 250, "longest_mm": 250},
                    {"name": "home", "kind": "residential", "amount": 40},
                ],
                "calendar": "weekdays",
                "pickups": ["17:00"],
                "zones": [{"origin": "0", "destination": "1", "zone": "near"}],
                "currency": "EUR",
                "bands": [
                    {
                        "zone": "near",
                        "transit_days": 1,
                        "breaks": [{"max_kg": 2, "base": 500}, {"max_kg": 5, "base": 700, "per_kg": 0}],
                    }
                ],
            }
        ],
        "calendars": {"weekdays": {"open_weekdays": [0, 1, 2, 3, 4], "closed": ["2026-12-25"]}},
        "inbound": [
            {"location_id": "leipzig", "sku": "LAMP", "quantity": 4, "expected_at": "2999-01-01T00:00:00Z"}
        ],
        "positions": [
            {"location_id": "leipzig", "sku": "LAMP", "on_hand": 5, "maximum": 9, "daily_sales": 0.5}
        ],
        "transfers": [{"origin": "leipzig", "store": "hamburg", "base": 300, "days": 2}],
        "distances": {"leipzig": 190.5},
        "currency": "EUR",
        "exchange": {"USD": 0.9},
    },
}


def full(pointer: str = "", value: Any = None) -> dict[str, Any]:
    """The whole body, with another value where the pointer says."""
    body = copy.deepcopy(FULL)
    if pointer:
        *path, last = pointer.strip("/").split("/")
        found: Any = body
        for part in path:
            found = found[int(part) if isinstance(found, list) else part]
        found[int(last) if isinstance(found, list) else last] = value
    return body


async def test_a_plan_can_be_asked_with_all_that_the_dom_knows(storefront: httpx.AsyncClient) -> None:
    plan = await planned(storefront, full())

    (shipment,) = plan["shipments"]
    # two lamps of 1.2 kg by their size: 700; 2 x 250 for the long side, 40 to a home, 100 handling
    assert (shipment["location_id"], shipment["handling"], shipment["shipping"]) == ("leipzig", 100, 1240)
    assert (shipment["km"], shipment["transit_days"]) == (190.5, 1)
    assert shipment["ship_by"] < shipment["deliver_by"]
    assert {one["location_id"]: one["rule"] for one in plan["verdicts"]} == {
        "leipzig": None,
        "hamburg": "offline",
    }
    assert (plan["certificate"]["policy"], plan["certificate"]["policy_version"]) == ("custom", 1)
    assert plan["unsplit_cost"] == plan["objective"]
    assert plan["relaxed"] == []


@pytest.mark.parametrize(
    ("pointer", "value", "told"),
    [
        ("/lines/0/dims_mm", [1, 2], "/lines/0/dims_mm"),
        ("/lines/0/flags/0", "", "/lines/0/flags/0"),
        ("/destination/residential", "yes", "/destination/residential"),
        ("/method", "drone", "/method"),
        ("/deliver_by", "tomorrow", "/deliver_by"),
        ("/policy/rules/1/max_shipments/most", 0, "/policy/rules/1"),
        ("/policy/rules/0", "fewest_tears", "/policy/rules/0"),
        ("/policy/terms/0", {"shipping": {"weight": -1}}, "/policy/terms/0"),
        ("/network/locations/0/time_zone", "Europe/Atlantis", "/network/locations/0"),
        ("/network/locations/0/cutoff", "25:00", "/network/locations/0/cutoff"),
        ("/network/locations/0/calendar", "lunar", "/network"),
        ("/network/services/0/zones", None, "/network/services/0"),
        ("/network/services/0/surcharges/0/longest_mm", None, "/network/services/0/surcharges/0"),
        ("/network/services/0/bands/0/breaks/1/max_kg", 1, "/network/services/0/bands/0"),
        ("/network/services/0/bands/0/breaks", [], "/network/services/0/bands/0"),
        ("/network/services/0/pickups/0", "noon", "/network/services/0/pickups/0"),
        ("/network/services/0/currency", "CHF", "/network"),
        ("/network/transfers/0/store", "leipzig", "/network/transfers/0"),
        ("/network/positions/0/location_id", "nowhere", "/network"),
        ("/network/exchange/USD", 0, "/network/exchange/USD"),
        ("/network/distances/leipzig", -1, "/network/distances/leipzig"),
    ],
)
async def test_what_makes_no_sense_in_it_is_422_and_says_where(
    storefront: httpx.AsyncClient, pointer: str, value: Any, told: str
) -> None:
    answer = await storefront.post("/v1/routing/plan", json=full(pointer, value))

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith(told), answer.text


async def test_an_order_that_is_shipped_is_picked_up_nowhere(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.post("/v1/routing/plan", json=full() | {"pickup_location": "hamburg"})

    assert answer.status_code == 422
    assert "pickup_location" in answer.json()["detail"]


async def test_a_soft_rule_that_was_given_up_is_named(storefront: httpx.AsyncClient) -> None:
    rules = [{"max_shipments": {"most": 1, "soft": True}}]
    body = copy.deepcopy(ASKED) | {"policy": {"rules": rules}}
    body["lines"][0]["quantity"] = 5

    plan = await planned(storefront, body)

    assert (len(plan["shipments"]), plan["backorders"], plan["relaxed"]) == (2, [], ["max_shipments"])


async def test_a_stored_policy_is_asked_by_its_name(
    storefront: httpx.AsyncClient, ops: httpx.AsyncClient
) -> None:
    rules = [{"locations": {"exclude": {"ids": ["near"]}}}]
    put = await ops.put("/v1/routing/policies/no-near", json={"rules": rules})
    assert put.status_code == 200, put.text

    plan = await planned(storefront, ASKED | {"policy": "no-near"})

    assert [shipment["location_id"] for shipment in plan["shipments"]] == ["far"]
    assert plan["certificate"]["policy"] == "no-near"
    assert plan["certificate"]["policy_version"] == put.json()["version"]
