"""Orders in many states, for requests to meet."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import httpx
from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.numbering import number_documents
from adapters.db.tables import carrier_services, locations, orders, service_bands
from tests.api.asking import proof
from tests.properties.network import PLACES, Happening, SmallNetwork

_STORY: Final[list[Happening]] = [
    ("receive", 0, 0, 4), ("receive", 0, 1, 4), ("receive", 1, 2, 4),
    *[("place", 1 + n % 3, n % 2, n) for n in range(5)], ("route", 0, 0, 0), ("route", 1, 0, 0),
    ("route", 2, 0, 0), ("accept", 0, 0, 0), ("pick", 1, 0, 0), ("ship", 2, 0, 0), ("ship_part", 3, 0, 0),
    ("deliver", 2, 0, 0), ("place", 2, 2, 1),
]  # fmt: skip
_SHIP_TO: Final = {
    "name": "Ada Field",
    "line1": "1 Main Street",
    "city": "Denver",
    "region": "CO",
    "postal_code": "80202",
    "country": "US",
}
_HOLD: Final = {"type": "fraud", "reason": "looks odd", "blocks": ["routing", "release", "capture"]}
_SUPPLY: Final = {"quantity": 9, "expected_at": "2031-05-01T12:00:00Z", "reference": "PO-1"}
_CHANGE: Final = {"lines": [{"line_id": "1", "quantity": 9}], "reason": "one more"}
_CART: Final = {
    "channel": "web",
    "ship_to": {"postal_code": "80202", "country": "US", "lat": 39, "lng": -100},
}
_RETURN: Final = {"lines": [{"line_id": "1", "quantity": 1, "reason": "too small"}]}


async def lived(engine: AsyncEngine) -> dict[str, list[str]]:
    """Let a story happen; returns the names that there are then, by the fields that they stand in."""
    async with engine.begin() as opening:
        for number, name in enumerate(PLACES):
            row = {"id": name, "name": name, "kind": "dc", "lat": 40 - number, "lng": -100}
            await opening.execute(insert(locations).values(row))
        await opening.execute(insert(carrier_services).values(name="ground"))
        await opening.execute(
            insert(service_bands).values(service="ground", max_km=20000, base=500, per_kg=100, transit_days=3)
        )
    network = SmallNetwork(engine)
    await network.open()
    for happening in _STORY:
        await network.happens(happening)
    await number_documents(engine, datetime.now(UTC))
    async with engine.begin() as connection:
        await connection.execute(update(orders).values(ship_to=_SHIP_TO))
        works = list(await connection.scalars(text("SELECT id FROM fulfillment_orders ORDER BY id")))
        numbers = list(await connection.scalars(text("SELECT tracking_number FROM parcels")))
        documents = list(await connection.scalars(text("SELECT id FROM invoices ORDER BY position")))
    assert works
    assert numbers
    return {
        "order_id": network.orders,
        "fulfillment_id": works,
        "tracking_number": [*numbers, "T-unheard-of"],
        "invoice_id": documents,
        "entity_id": ["default", "mugs"],
        "location_id": list(PLACES),
        "pickup_location": list(PLACES),
        "sku": list(network.skus),
        "line_id": ["1", "2"],
        "channel": ["web"],
        "carrier": ["generic"],
        "provider": ["sandbox"],
        "currency": ["USD", "JPY"],
        "country": ["US", "DE"],
    }


async def lived_on(client: httpx.AsyncClient, known: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Let more happen over HTTP: a hold, supply, returns of what arrived, a message that nobody can read."""
    returned = [await _posted(client, f"/v1/orders/{one}/returns", _RETURN) for one in known["order_id"]]
    held = [await _posted(client, f"/v1/orders/{known['order_id'][-1]}/holds", _HOLD)]
    drafted = [await _posted(client, f"/v1/orders/{one}/changes", _CHANGE) for one in known["order_id"]]
    cell = {"location_id": known["location_id"][0], "sku": known["sku"][0]}
    coming = [await _posted(client, "/v1/inventory/inbound", _SUPPLY | cell)]
    carts = [_CART | {"lines": [{"sku": sku, "quantity": 1}]} for sku in known["sku"] for _ in range(3)]
    kept = [await _posted(client, "/v1/reservations", cart) for cart in carts]
    await client.post("/v1/carriers/generic/events", content=b"{}", headers=proof(b"{}"))
    quarantine = (await client.get("/v1/carriers/quarantine")).raise_for_status().json()
    return {
        "return_id": [one["id"] for one in returned if one],
        "inbound_id": [one["id"] for one in coming if one],
        "reservation_id": [one["id"] for one in kept if one],
        "change_id": [one["id"] for one in drafted if one],
        "hold_id": [one["id"] for one in held if one],
        "message_id": [str(one["id"]) for one in quarantine["data"]],
    }


async def _posted(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
    answer = await client.post(path, json=body, headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code in {201, 409}, answer.text
    return answer.json() if answer.status_code == httpx.codes.CREATED else None
