"""One story: a few orders for products of their own, what was asked for them, and what was answered."""

import asyncio
import itertools
import json
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
from standardwebhooks import Webhook

from cli.audit import Answer
from tests.one_story import see_one_story
from tests.properties.whole_life.luck import Luck
from tests.world import SECRET, World

Json = dict[str, Any]

DONE: Final = (200, 201)
TAKEN: Final = (200, 409)
"""What a sound command may be answered: it is done, or the state of things forbids it."""

_EVENTS: Final = "/v1/carriers/generic/events"
_REPEATS: Final = 12
_HASTY: Final = 0.004
_BUSY: Final = """SELECT count(*) FROM orders o WHERE o.id = ANY($1) AND (
    o.status IN ('received', 'routing')
    OR o.adjusting AND o.attention IS NULL
    OR o.status = 'payment_pending' AND o.payment_retry_at IS NULL AND o.payment_due_by IS NULL
    OR EXISTS (SELECT FROM outbox b WHERE b.order_id = o.id AND b.done_at IS NULL))"""
_LATEST: Final = "SELECT greatest(updated_at, now()) FROM orders WHERE id = $1"
_numbers: Final = itertools.count(1)


class Broken(AssertionError):  # noqa: N818 (the story is broken; it is an error by its base)
    """Something is not as it must be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A POST and its answer, to be repeated."""

    role: str
    path: str
    body: Mapping[str, Any] | None
    key: str
    answer: httpx.Response


@dataclass
class Story:
    """What one sequence of moves knows. `trace` tells it to a person.

    `challenges`: where customers were asked to confirm. `troubles`: the provider's plan of faults by order.
    """

    world: World
    watch: asyncpg.Pool
    auditors: asyncpg.Pool
    name: str = field(default_factory=lambda: f"s{next(_numbers)}-{uuid4().hex[:8]}")
    skus: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    challenges: list[str] = field(default_factory=list)
    troubles: dict[str, Json] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    _auditor: asyncpg.Connection | None = None

    async def seen(self) -> asyncpg.Connection:
        """A connection to which only this story's rows are there."""
        if self._auditor is None:
            self._auditor = await see_one_story(await self.auditors.acquire(), self.name)
        return self._auditor

    async def forget(self) -> None:
        """End it."""
        if self._auditor is not None:
            await self.auditors.release(self._auditor)
            self._auditor = None

    def tell(self, line: str) -> None:
        """Note what happened."""
        self.trace.append(f"{time.monotonic() - self.began:7.2f}  {line}")

    async def ask(  # noqa: PLR0913 (a request has many parts)
        self,
        role: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        expect: Collection[int] = TAKEN,
        key: str | None = None,
        hasty: bool = False,
        remember: bool = True,
    ) -> httpx.Response:
        """POST, again under the same key for as long as the outcome is unknown.

        `hasty`: the first answer is not waited for, as by a client that lost its connection. `remember`: it
        may be repeated.
        """
        key = key or uuid4().hex
        headers = {"Authorization": f"Bearer {self.world.keys[role]}", "Idempotency-Key": key}
        if hasty:
            with suppress(httpx.TimeoutException):
                await self.world.http.post(path, json=body, headers=headers, timeout=_HASTY)
        for attempt in range(1, _REPEATS):
            answer = await self.world.http.post(path, json=body, headers=headers)
            if not _unknown(answer):
                break
            await asyncio.sleep(0.1 * attempt)
        self.tell(f"{role} {path} {_short(body)} -> {_outcome(answer)}")
        if answer.status_code not in expect:
            raise Broken(f"{path} {_short(body)}: {answer.status_code} {answer.text}")
        if remember:
            self.asked.append(Asked(role, path, body, key, answer))
        return answer

    async def put(self, path: str, body: Mapping[str, Any]) -> None:
        """PUT as ops, again for as long as the outcome is unknown."""
        headers = {"Authorization": f"Bearer {self.world.keys['ops']}"}
        for attempt in range(1, _REPEATS):
            answer = await self.world.http.put(path, json=body, headers=headers)
            if not _unknown(answer):
                break
            await asyncio.sleep(0.1 * attempt)
        self.tell(f"PUT {path} {_short(body)} -> {_outcome(answer)}")
        if not answer.is_success:
            raise Broken(f"PUT {path} {_short(body)}: {answer.status_code} {answer.text}")

    async def delete(self, path: str) -> None:
        """DELETE as ops, again for as long as the outcome is unknown."""
        headers = {"Authorization": f"Bearer {self.world.keys['ops']}"}
        for attempt in range(1, _REPEATS):
            answer = await self.world.http.delete(path, headers=headers)
            if not _unknown(answer):
                break
            await asyncio.sleep(0.1 * attempt)
        self.tell(f"DELETE {path} -> {_outcome(answer)}")
        if not answer.is_success:
            raise Broken(f"DELETE {path}: {answer.status_code} {answer.text}")

    async def carrier(self, text: str) -> None:
        """A signed event of the generic carrier, again for as long as the outcome is unknown."""
        for attempt in range(1, _REPEATS):
            answer = await self.world.http.post(_EVENTS, content=text, headers=_signed(text))
            if not _unknown(answer):
                break
            await asyncio.sleep(0.1 * attempt)
        self.tell(f"carrier {text} -> {_outcome(answer)}")
        if not answer.is_success:
            raise Broken(f"{text}: {answer.status_code} {answer.text}")

    async def provider(
        self, method: str, url: str, body: Mapping[str, Any], expect: Collection[int] = DONE
    ) -> None:
        """Tell the payment provider something, again for as long as it cannot be asked."""
        for attempt in range(1, _REPEATS):
            answer = await self.world.http.request(method, url, json=body)
            if not _unknown(answer):
                break
            await asyncio.sleep(0.1 * attempt)
        self.tell(f"provider {url} {_short(body)} -> {_outcome(answer)}")
        if answer.status_code not in expect:
            raise Broken(f"{url} {_short(body)}: {answer.status_code} {answer.text}")

    async def get(self, path: str) -> Json:
        """GET as ops."""
        headers = {"Authorization": f"Bearer {self.world.keys['ops']}"}
        for attempt in range(1, _REPEATS):
            answer = await self.world.http.get(path, headers=headers)
            if not _unknown(answer):
                break
            await asyncio.sleep(0.1 * attempt)
        if not answer.is_success:
            raise Broken(f"GET {path}: {answer.status_code} {answer.text}")
        return dict(answer.json())

    async def order(self, order_id: str) -> Json:
        """The order as it is shown."""
        order = await self.get(f"/v1/orders/{order_id}")
        if "payment_action" in order and order["payment_action"]["url"] not in self.challenges:
            self.challenges.append(order["payment_action"]["url"])
        return order

    async def some_order(self, luck: Luck) -> Json | None:
        """One of the orders, mostly once it has come to rest, sometimes in the middle of something."""
        if not self.orders:
            return None
        order_id = luck.pick(self.orders)
        if luck.smiles(0.8):
            await self.rest([order_id])
        return await self.order(order_id)

    async def rest(self, order_ids: Sequence[str], seconds: float = 1.0) -> bool:
        """Wait until the processes of orders have nothing to do but to wait; False when that takes longer."""
        deadline = time.monotonic() + seconds
        pause = 0.02
        while await self.watch.fetchval(_BUSY, list(order_ids)):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.2)
        return True

    async def note_cancel(self, order_id: str, units: Mapping[str, int], answer: httpx.Response) -> None:
        """A cancel was answered: what it says must stay true. `units` by line when they were named."""
        if answer.is_success:
            told = {line["line_id"]: line["quantities"]["cancelled"] for line in answer.json()["lines"]}
            # Of an order for which time was skipped, everything is as late as that.
            at = await self.watch.fetchval(_LATEST, order_id)
            self.answers.append(Answer("cancel", order_id, at, units=units, told=told))

    def note_shipment(self, numbers: Collection[str], answer: httpx.Response) -> None:
        """A shipment was answered: its parcels are on their way, and stay so."""
        if not answer.is_success:
            return
        work = answer.json()
        for parcel in work["parcels"]:
            if parcel["tracking_number"] in numbers:
                units = {line["line_id"]: line["quantity"] for line in parcel["lines"]}
                self.answers.append(
                    Answer(
                        "ship",
                        work["order_id"],
                        datetime.now(UTC),
                        units=units,
                        tracking_number=parcel["tracking_number"],
                    )
                )


def _signed(text: str) -> dict[str, str]:
    now, name = datetime.now(UTC), f"msg_{uuid4().hex}"
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(name, now, text),
        "content-type": "application/json",
    }


def _unknown(answer: httpx.Response) -> bool:
    """Whether the request must be repeated under its key to learn what became of it."""
    under_way = answer.status_code == httpx.codes.CONFLICT and "request-under-way" in answer.text
    return under_way or answer.status_code == httpx.codes.SERVICE_UNAVAILABLE


def _short(body: Mapping[str, Any] | None) -> str:
    return "" if body is None else json.dumps(body, separators=(",", ":"), default=str)


def _outcome(answer: httpx.Response) -> str:
    if answer.is_success:
        return str(answer.status_code)
    return f"{answer.status_code} {answer.text}"
