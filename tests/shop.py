"""The service as its users see it, over HTTP: what tests do at the counter of a shop."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from standardwebhooks import Webhook

from adapters.db.engine import create_engine
from adapters.db.tables import locations, stock_movements, tracking_events
from config.settings import Settings
from tests.noon import zone_at_noon

SECRET = "whsec_" + "dGhyb3VnaGxpbmUtdGVzdC1zZWNyZXQtMDAwMQ=="
_PATIENCE = timedelta(seconds=10)


@dataclass
class Shop:
    """The service over HTTP: each test brings SKUs and orders of its own.

    `name` is what its products and locations are called after.
    """

    settings: Settings
    http: httpx.AsyncClient
    keys: Mapping[str, str]
    placed: list[str] = field(default_factory=list)
    name: str = "shop"

    async def sku(self, **stock: int) -> str:
        """A new product with stock at the named locations."""
        sku = f"{self.name}-{uuid4().hex[:12]}"
        await self.put("ops", f"/v1/products/{sku}", {"name": "Thing", "weight_g": 500})
        for location, on_hand in stock.items():
            await self.count(location, sku, on_hand)
        return sku

    async def location(self, **columns: Any) -> str:
        """A new location beside north, of which other products know nothing."""
        name = f"{self.name}-{uuid4().hex[:8]}"
        row = {"id": name, "name": name, "kind": "dc", "lat": 40.0, "lng": -100.0, "handling_cost": 100}
        async with self.database() as connection:
            await connection.execute(insert(locations).values(row | {"time_zone": zone_at_noon()} | columns))
        return name

    @asynccontextmanager
    async def database(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of the test's own, for what HTTP neither sets nor shows."""
        engine = create_engine(self.settings.sqlalchemy_url, pool_size=1, statement_timeout=_PATIENCE)
        async with engine.begin() as connection:
            yield connection
        await engine.dispose()

    @staticmethod
    async def heard(connection: AsyncConnection, number: str, at: datetime) -> None:
        """A carrier's scan that came in at a moment of a skipped clock."""
        await connection.execute(
            insert(tracking_events).values(
                carrier="ups", tracking_number=number, status="in_transit", occurred_at=at, place="",
                description="", received_at=at,
            )
        )  # fmt: skip

    async def count(
        self, location: str, sku: str, on_hand: int, as_of: datetime | None = None
    ) -> dict[str, Any]:
        """Count what is on hand, now or as of a moment."""
        body = {"on_hand": on_hand, "as_of": (as_of or datetime.now(UTC)).isoformat()}
        return await self.put("ops", f"/v1/inventory/{location}/{sku}", body)

    async def receive(self, location: str, sku: str, units: int) -> dict[str, Any]:
        """Book units in."""
        body = {"location_id": location, "sku": sku, "delta": units, "reason": "receipt"}
        return await self.post("ops", "/v1/inventory/adjustments", body)

    def body(self, *lines: tuple[str, int], **changes: Any) -> dict[str, Any]:
        """An order of (SKU, quantity) lines at 1000 each, 500 shipping."""
        token = changes.pop("token", "tok_ok")
        return {
            "channel": "web",
            "order_number": f"W-{uuid4().hex}",
            "currency": "USD",
            "customer": {"id": "c-1", "name": "Ada Field", "email": "ada@example.com"},
            "ship_to": {
                "name": "Ada Field", "line1": "1 Main Street", "city": "Lincoln", "region": "NE",
                "postal_code": "68501", "country": "US", "lat": 39.0, "lng": -100.0,
            },
            "lines": [{"sku": sku, "quantity": units, "unit_price": 1000} for sku, units in lines],
            "delivery": {"method": "ship", "service_level": "standard"},
            "shipping_price": 500,
            "payment": {"provider": "sandbox", "token": token},
        } | changes  # fmt: skip

    async def place(self, *lines: tuple[str, int], **changes: Any) -> str:
        """Place an order; returns its id."""
        order = await self.post("storefront", "/v1/orders", self.body(*lines, **changes), status=201)
        self.placed.append(order["id"])
        return str(order["id"])

    async def order(self, order_id: str) -> dict[str, Any]:
        """The order as it is shown."""
        return await self.get("ops", f"/v1/orders/{order_id}")

    async def until(
        self, order_id: str, reached: str | Callable[[dict[str, Any]], bool], seconds: float = 60
    ) -> dict[str, Any]:
        """Wait for a status, or for something that is true of the order."""
        wanted = reached if callable(reached) else (lambda order: order["status"] == reached)
        deadline = asyncio.get_running_loop().time() + seconds
        pause = 0.05
        while True:
            order = await self.order(order_id)
            if wanted(order):
                return order
            if asyncio.get_running_loop().time() > deadline:
                events = await self.events(order_id)
                raise AssertionError(f"not reached: {json.dumps(order)}\n{json.dumps(events)}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.5)  # many who wait must not starve those they wait for

    async def cancel(
        self, order_id: str, *lines: tuple[str, int], status: int | None = 200
    ) -> dict[str, Any]:
        """Cancel some (line id, quantity), or every unshipped unit."""
        named = [{"line_id": line, "quantity": quantity} for line, quantity in lines]
        body = {"reason": "changed her mind"} | ({"lines": named} if named else {})
        return await self.post("ops", f"/v1/orders/{order_id}/cancel", body, status=status)

    async def attend(self, order_id: str, action: str, *, status: int | None = 200) -> dict[str, Any]:
        """What a person decides on an order that stopped."""
        body = {"action": action, "reason": "looked at it"}
        return await self.post("ops", f"/v1/orders/{order_id}/attention", body, status=status)

    async def bring(self, order_id: str, token: str, *, status: int | None = 200) -> dict[str, Any]:
        """Pay with another token."""
        return await self.post(
            "storefront", f"/v1/orders/{order_id}/payment", {"token": token}, status=status
        )

    async def give(
        self, order_id: str, amount: int, *, status: int | None = 201, role: str = "ops", **more: Any
    ) -> dict[str, Any]:
        """Give money back though nothing comes back."""
        body = {"amount": amount, "reason": "the box arrived dented"} | more
        return await self.post(role, f"/v1/orders/{order_id}/refunds", body, status=status)

    async def refunds(self, order_id: str) -> list[dict[str, Any]]:
        """All that the customer is to get back."""
        return list((await self.get("ops", f"/v1/orders/{order_id}/refunds"))["data"])

    async def hold(
        self, order_id: str, *blocks: str, status: int | None = 201, **more: Any
    ) -> dict[str, Any]:
        """Hold some steps of an order."""
        body = {"type": "ops", "reason": "a question", "blocks": blocks} | more
        return await self.post("ops", f"/v1/orders/{order_id}/holds", body, status=status)

    async def lift(self, order_id: str, hold_id: str, *, status: int = 200) -> dict[str, Any]:
        """Lift a hold."""
        key = {"Authorization": f"Bearer {self.keys['ops']}"}
        answer = await self.http.delete(f"/v1/orders/{order_id}/holds/{hold_id}", headers=key)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def reroute(self, order_id: str, *, status: int | None = 200, **how: Any) -> dict[str, Any]:
        """Have units asked of other locations."""
        body = {"reason": "closed by snow"} | how
        return await self.post("ops", f"/v1/orders/{order_id}/reroute", body, status=status)

    async def until_books(self, order_id: str, entries: int, seconds: float = 30) -> None:
        """Wait until the provider has so many operations of an order."""
        deadline = asyncio.get_running_loop().time() + seconds
        while len(books := await self.books(order_id)) < entries:
            assert asyncio.get_running_loop().time() < deadline, books
            await asyncio.sleep(0.05)

    async def paid(self, order_id: str, status: str = "captured") -> dict[str, Any]:
        """Wait for the money."""
        return await self.until(order_id, lambda order: bool(order["payment_status"] == status))

    async def deliver(self, order_id: str) -> dict[str, Any]:
        """Ship and deliver whatever is asked of locations, until all has arrived."""
        for work in (await self.order(order_id))["fulfillments"]:
            if work["status"] in {"open", "accepted", "picking", "packed", "partially_shipped"}:
                await self.step(work["id"], "accept")
                await self.ship(work["id"])
        for work in (await self.order(order_id))["fulfillments"]:
            for parcel in work["parcels"]:
                await self.scan(parcel["tracking_number"], "delivered")
        return await self.until(order_id, "delivered")

    async def events(self, order_id: str) -> list[dict[str, Any]]:
        """The whole history."""
        return list((await self.get("ops", f"/v1/orders/{order_id}/events?limit=200"))["data"])

    async def told(self, order_id: str, event: str, seconds: float = 60) -> None:
        """Wait until something has happened to the order."""
        deadline = asyncio.get_running_loop().time() + seconds
        while event not in (happened := await self.history(order_id)):
            assert asyncio.get_running_loop().time() < deadline, happened
            await asyncio.sleep(0.05)

    async def history(self, order_id: str) -> list[str]:
        """The types of all events."""
        return [event["type"] for event in await self.events(order_id)]

    async def step(
        self, work: str, step: str, body: Mapping[str, Any] | None = None, *, status: int | None = 200
    ) -> dict[str, Any]:
        """A location's step."""
        return await self.post("ops", f"/v1/fulfillments/{work}/{step}", body, status=status)

    async def ship(self, work: str, **changes: Any) -> str:
        """Ship everything in one parcel; returns its tracking number."""
        number = f"TN{uuid4().hex}"
        await self.step(work, "ship", {"carrier": "ups", "tracking_number": number} | changes)
        return number

    async def scan(self, number: str, status: str, **changes: Any) -> dict[str, Any]:
        """A signed event of the generic carrier."""
        now = datetime.now(UTC)
        body = {"tracking_number": number, "status": status, "occurred_at": now.isoformat()} | changes
        return await self.carrier(json.dumps(body))

    async def carrier(
        self, text: str, *, secret: str = SECRET, status: int = 200, **headers: str
    ) -> dict[str, Any]:
        """Any body, signed as the generic carrier signs."""
        now = datetime.now(UTC)
        name = f"msg_{uuid4().hex}"
        signed = {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(name, now, text),
            "content-type": "application/json",
        } | headers
        answer = await self.http.post("/v1/carriers/generic/events", content=text, headers=signed)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    async def books(self, order_id: str) -> list[tuple[str, int, str]]:
        """The provider's operations: (kind, amount, status)."""
        answer = await self.http.get(f"{self.settings.psp_url}/operations", params={"order_id": order_id})
        return [(one["kind"], one["amount"], one["status"]) for one in answer.json()["data"]]

    async def level(self, location: str, sku: str) -> tuple[int, int]:
        """(on hand, reserved) of a cell."""
        found = await self.get("ops", f"/v1/inventory?location_id={location}&sku={sku}")
        return (found["data"][0]["on_hand"], found["data"][0]["reserved"]) if found["data"] else (0, 0)

    async def levels(self, sku: str) -> dict[str, tuple[int, int]]:
        """(on hand, reserved) of a product, wherever there ever was some."""
        found = (await self.get("ops", f"/v1/inventory?sku={sku}"))["data"]
        return {cell["location_id"]: (cell["on_hand"], cell["reserved"]) for cell in found}

    async def movements(self, sku: str) -> list[tuple[str, str, int, int]]:
        """The ledger of a product's stock, oldest first: (location, reason, on hand, reserved)."""
        moves = stock_movements.c
        query = select(moves.location_id, moves.reason, moves.on_hand_delta, moves.reserved_delta)
        async with self.database() as connection:
            rows = await connection.execute(query.where(moves.sku == sku).order_by(moves.id))
            return [(row[0], row[1], row[2], row[3]) for row in rows]

    async def get(self, role: str, path: str, *, status: int | None = 200) -> dict[str, Any]:
        """GET with a role's key."""
        return await self._ask("GET", role, path, None, status)

    async def put(self, role: str, path: str, body: Any) -> dict[str, Any]:
        """PUT with a role's key."""
        return await self._ask("PUT", role, path, body, None)

    async def post(
        self, role: str, path: str, body: Any = None, *, key: str | None = None, status: int | None = 200
    ) -> dict[str, Any]:
        """POST with a role's key, under a new Idempotency-Key unless one is given."""
        return await self._ask("POST", role, path, body, status, key=key)

    async def _ask(  # noqa: PLR0913 (a request has many parts)
        self, method: str, role: str, path: str, body: Any, status: int | None, *, key: str | None = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.keys[role]}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid4().hex
        answer = await self.http.request(method, path, json=body, headers=headers)
        for _ in range(5):  # an unknown outcome is asked for again under its key, as every client should
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            answer = await self.http.request(method, path, json=body, headers=headers)
        good = answer.status_code == status if status else answer.is_success
        assert good, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json())
