"""Orders that live on a running stack, played over HTTP: what gets no answer is asked again."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
from standardwebhooks import Webhook

from cli.audit import Answer
from cli.demo_run.caller import Caller, Reply
from cli.embedded.stack import Stack
from tests.chaos.bodies import cart, order

LOCATION: Final = "columbus-dc"
ON_HAND: Final = 5
UNITS: Final = 2
TOTAL: Final = 2500
SENT_BACK: Final = 1
PAID_BACK: Final = 1000
_PATIENCE: Final = 90.0
_FIRST_LOOK: Final = 0.1
_LONGEST_LOOK: Final = 1.5


@dataclass
class Counter:
    """Where storefront, location, carrier and operator talk to the service; it keeps what it was promised."""

    stack: Stack
    shop: Caller
    desk: Caller
    ops_key: str
    carrier_secret: str
    accepted: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def post(self, caller: Caller, path: str, body: Mapping[str, Any]) -> Reply:
        """POST until there is an answer, then once more: the repeat must get the same one."""
        key = uuid4().hex
        reply = await caller.post(path, body, key=key)
        again = await caller.post(path, body, key=key)
        assert again == reply, f"{path}: {reply} and then {again}"
        return reply

    async def books(self, order_id: str) -> list[tuple[str, int, str]]:
        """The provider's operations: (kind, amount, status)."""
        async with httpx.AsyncClient() as http:
            async for _ in looks():  # the provider dies in these tests, too
                with contextlib.suppress(httpx.TransportError):
                    answer = await http.get(f"{self.stack.psp_url}/operations", params={"order_id": order_id})
                    return [(one["kind"], one["amount"], one["status"]) for one in answer.json()["data"]]
        raise AssertionError("the provider's books are not shown")


@asynccontextmanager
async def counter(stack: Stack) -> AsyncIterator[Counter]:
    """Open for as long as the block lasts."""
    keys = json.loads((stack.data_dir / "keys.json").read_text())
    async with (
        Caller(stack.api_url, keys["storefront"], patience=_PATIENCE) as shop,
        Caller(stack.api_url, keys["ops"], patience=_PATIENCE) as desk,
    ):
        yield Counter(stack, shop, desk, keys["ops"], keys["carriers"]["generic"]["secret"])


async def looks() -> AsyncIterator[None]:
    """When to look again, until patience ends: many who wait must not starve those they wait for."""
    until, pause = time.monotonic() + _PATIENCE, _FIRST_LOOK
    while time.monotonic() < until:
        yield
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_LOOK)


class Life:
    """One order of two units of a product of its own; each method is a step of its life.

    A step first waits until its time has come (`ready`), so that a failpoint can be armed between the two.
    """

    def __init__(self, at: Counter, *, on_hand: int = ON_HAND, paid_with: str = "tok_ok") -> None:
        self._at = at
        self._on_hand = on_hand
        self._token = paid_with
        self._sku = f"sku-{uuid4().hex[:12]}"
        self.order_id = ""
        self._kept = ""

    async def ready(self, step: str) -> None:
        """Wait until the order has come to where the step can be taken."""
        match step:
            case "place" | "keep":
                await self._stock()
            case "restock" | "lapse":
                await self._until(lambda order: order["status"] == "awaiting_stock")
            case "confirm":
                await self._until(lambda order: order["payment_status"] == "action_required")
            case "accept" | "ship" | "cancel" | "oversleep":
                await self._until(lambda order: order["status"] == "in_fulfillment")
            case "deliver":
                await self._until(lambda order: order["payment_status"] == "captured")
            case "ask_back" | "give":
                reached = {"ask_back": "delivered", "give": "completed"}[step]
                await self._until(lambda order: order["status"] == reached)
            case "repaid":
                await self._until(lambda order: order["totals"]["refunded"] == PAID_BACK)
            case "forget" | "receive":
                await self._until(lambda order: _returns_are(order, "requested", "expired"))
            case "inspect":
                await self._until(lambda order: _returns_are(order, "received"))
            case _:
                raise AssertionError(step)

    async def take(self, step: str) -> None:
        """Take the step."""
        await getattr(self, f"_{step}")()

    async def show(self) -> dict[str, Any]:
        """The order as it is shown."""
        return dict((await self._at.desk.get(f"/v1/orders/{self.order_id}")).body)

    async def events(self) -> list[str]:
        """The types of all its events."""
        events = await self._at.desk.pages(f"/v1/orders/{self.order_id}/events")
        return [event["type"] for event in events]

    async def books(self) -> list[tuple[str, int, str]]:
        """What the provider did for it."""
        return await self._at.books(self.order_id)

    async def level(self) -> tuple[int, int]:
        """(on hand, reserved) of its product."""
        (row,) = await self._at.desk.pages("/v1/inventory", sku=self._sku)
        return row["on_hand"], row["reserved"]

    async def closed(self) -> None:
        """Wait until the order's life is over."""
        await self._until(lambda order: order["closed_at"] is not None)

    async def _until(self, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async for _ in looks():
            order = await self.show()
            if reached(order):
                return order
        raise AssertionError(f"stuck: {json.dumps(order)} {await self.events()}")

    async def _work(self) -> str:
        (work,) = (await self.show())["fulfillments"]
        return str(work["id"])

    async def _stock(self) -> None:
        await self._put(f"/v1/products/{self._sku}", {"name": "Thing", "weight_g": 500})
        await self._count(self._on_hand)

    async def _count(self, on_hand: int) -> None:
        body = {"on_hand": on_hand, "as_of": datetime.now(UTC).isoformat()}
        await self._put(f"/v1/inventory/{LOCATION}/{self._sku}", body)

    async def _put(self, path: str, body: Mapping[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self._at.ops_key}", "Content-Type": "application/json"}
        reply = await self._at.desk.send("PUT", path, content=json.dumps(body), headers=lambda: headers)
        assert reply.ok, reply

    async def _place(self) -> None:
        key, body = uuid4().hex, order(self._sku, UNITS, self._token)
        reply = await self._at.shop.post("/v1/orders", body, key=key)
        again = await self._at.shop.post("/v1/orders", body, key=key)
        assert reply.status in {200, 201}, reply
        assert (again.status, again.body["id"]) == (200, reply.body["id"])
        self.order_id = str(reply.body["id"])
        self._at.accepted.append(self.order_id)

    async def _keep(self) -> None:
        """Another customer's cart has all there is."""
        reply = await self._at.post(self._at.shop, "/v1/reservations", cart(self._sku, self._on_hand))
        assert reply.ok, reply
        self._kept = str(reply.body["id"])

    async def _lapse(self) -> None:
        connection = await asyncpg.connect(self._at.stack.database_url)
        await connection.execute("UPDATE reservations SET expires_at = now() WHERE id = $1", self._kept)
        await connection.close()

    async def _confirm(self) -> None:
        url = (await self.show())["payment_action"]["url"]
        async with httpx.AsyncClient() as http:
            async for _ in looks():
                with contextlib.suppress(httpx.TransportError):
                    (await http.post(url, json={"outcome": "passed"})).raise_for_status()
                    return
        raise AssertionError("the provider's page does not answer")

    async def _restock(self) -> None:
        await self._count(ON_HAND)

    async def _accept(self) -> None:
        reply = await self._at.post(self._at.desk, f"/v1/fulfillments/{await self._work()}/accept", {})
        assert reply.ok, reply

    async def _oversleep(self) -> None:
        async for _ in looks():
            if "fulfillment.overdue" in await self.events():
                return
        raise AssertionError("nobody noticed that it is late")

    async def _ship(self) -> None:
        number = f"TN{self.order_id}"
        body = {"carrier": "ups", "tracking_number": number}
        reply = await self._at.post(self._at.desk, f"/v1/fulfillments/{await self._work()}/ship", body)
        assert reply.ok, reply
        units = {one["line_id"]: one["quantity"] for one in reply.body["parcels"][0]["lines"]}
        now = datetime.now(UTC)
        self._at.answers.append(Answer("ship", self.order_id, now, units=units, tracking_number=number))

    async def _cancel(self) -> None:
        body = {"reason": "customer_request"}
        reply = await self._at.post(self._at.desk, f"/v1/orders/{self.order_id}/cancel", body)
        assert reply.ok, reply
        told = {line["line_id"]: line["quantities"]["cancelled"] for line in reply.body["lines"]}
        self._at.answers.append(Answer("cancel", self.order_id, datetime.now(UTC), told=told))

    async def _deliver(self) -> None:
        event_id, now = f"ev-{uuid4().hex}", datetime.now(UTC).isoformat()
        body = {"tracking_number": f"TN{self.order_id}", "status": "delivered"}
        text = json.dumps({**body, "occurred_at": now, "event_id": event_id})
        reply = await self._at.shop.send(
            "POST",
            "/v1/carriers/generic/events",
            content=text,
            headers=lambda: _signed(self._at.carrier_secret, event_id, text),
        )
        assert reply.ok, reply

    async def _ask_back(self) -> None:
        lines = [{"line_id": "1", "quantity": SENT_BACK, "reason": "too small"}]
        path = f"/v1/orders/{self.order_id}/returns"
        reply = await self._at.post(self._at.shop, path, {"lines": lines, "refund_to": "original"})
        assert reply.ok, reply

    async def _receive(self) -> None:
        lines = [{"line_id": "1", "quantity": SENT_BACK}]
        await self._on_return("receive", {"location_id": LOCATION, "lines": lines})

    async def _inspect(self) -> None:
        lines = [{"line_id": "1", "quantity": SENT_BACK, "disposition": "restock"}]
        await self._on_return("inspect", {"lines": lines})

    async def _on_return(self, step: str, body: Mapping[str, Any]) -> None:
        (sent_back,) = (await self.show())["returns"]
        reply = await self._at.post(self._at.desk, f"/v1/returns/{sent_back['id']}/{step}", body)
        assert reply.ok, reply

    async def _give(self) -> None:
        body = {"amount": PAID_BACK, "reason": "dented"}
        reply = await self._at.post(self._at.desk, f"/v1/orders/{self.order_id}/refunds", body)
        assert reply.ok, reply

    async def _repaid(self) -> None:
        """Nothing is left to do but to have waited for it."""

    async def _forget(self) -> None:
        await self._until(lambda order: _returns_are(order, "expired"))


def _returns_are(order: Mapping[str, Any], *statuses: str) -> bool:
    return bool(order["returns"]) and all(one["status"] in statuses for one in order["returns"])


def _signed(secret: str, name: str, content: str) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, now, content),
    }
