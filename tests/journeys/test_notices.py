"""What a payment provider tells by itself: proven, kept once, applied once, in whatever order it comes."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from adapters.db.tables import payment_notices
from domain.ids import effect_key
from tests.world import SECRET, World, at

PATH = "/v1/payments/sandbox/notices"


@pytest.fixture
def service(usual_world: World) -> World:
    """The world, not audited: the provider's books know nothing of what is told here in its name."""
    return usual_world


def decided(key: str, order_id: str, kind: str = "authorize", status: str = "succeeded") -> dict[str, Any]:
    """A notice as the sandbox provider sends it."""
    no = {"code": "card_declined", "hard": True}
    yes = {"reference": f"r-{uuid4().hex}", "risk": "normal", "expires_at": None}
    return {
        "id": f"evt-{uuid4().hex}",
        "type": "payment.decided",
        "time": datetime.now(UTC).isoformat(),
        "data": {
            "order_id": order_id,
            "kind": kind,
            "idempotency_key": key,
            "status": status,
            "answer": yes if status == "succeeded" else no,
        },
    }


async def tell(service: World, body: Any, path: str = PATH, secret: str = SECRET) -> httpx.Response:
    """Send a notice, signed as the provider signs."""
    text = body if isinstance(body, str) else json.dumps(body)
    now, name = datetime.now(UTC), f"msg_{uuid4().hex}"
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, now, text),
    }
    return await service.http.post(path, content=text, headers=headers)


async def told(service: World, body: Any) -> str:
    """Send a notice; returns how it was taken."""
    answer = await tell(service, body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["status"])


async def test_a_notice_without_proof_is_refused(service: World) -> None:
    notice = decided("ord_x:authorize:1", "ord_x")

    unsigned = await service.http.post(PATH, content=json.dumps(notice))
    forged = await tell(service, notice, secret="whsec_" + "b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC0wMDAx")

    assert (unsigned.status_code, forged.status_code) == (401, 401)
    assert unsigned.json()["type"].endswith("bad-proof")


async def test_a_provider_that_nobody_knows_is_not_found(service: World) -> None:
    answer = await tell(service, decided("x", "x"), path="/v1/payments/nobody/notices")

    assert answer.status_code == 404


async def test_a_notice_that_is_too_large_is_refused(service: World) -> None:
    assert (await tell(service, " " * (1024 * 1024 + 1))).status_code == 413


async def test_what_cannot_be_read_is_kept_for_a_person(service: World) -> None:
    junk = json.dumps({"id": uuid4().hex, "type": "payment.decided", "time": "never"})

    assert await told(service, junk) == "quarantined"
    assert await told(service, junk) == "duplicate"

    async with service.database() as connection:
        rows = await connection.execute(
            select(payment_notices).where(payment_notices.c.body == junk.encode())
        )
        (row,) = rows.all()
    assert (row.state, row.provider) == ("quarantined", "sandbox")


async def test_news_of_an_effect_that_nobody_asked_for_is_kept_and_changes_nothing(service: World) -> None:
    notice = decided("ord_nobody:authorize:1", "ord_nobody")

    assert await told(service, notice) == "unknown"
    assert await told(service, notice) == "duplicate"


async def test_news_of_what_was_decided_before_changes_nothing(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    before = await service.history(order_id)
    key = effect_key(order_id, "authorize", 1)

    assert await told(service, decided(key, order_id)) == "known"
    assert await told(service, decided(key, order_id, status="declined")) == "known"

    assert await service.history(order_id) == before
    order = await service.order(order_id)
    assert (order["payment_status"], order["totals"]["authorized"]) == ("authorized", 1500)


async def test_a_hundred_deliveries_of_one_notice_count_once(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_3ds")
    await service.paid(order_id, "action_required")
    notice = decided(effect_key(order_id, "authorize", 1), order_id)

    taken = await asyncio.gather(*(told(service, notice) for _ in range(100)))

    assert sorted(set(taken)) == ["applied", "duplicate"]
    assert taken.count("applied") == 1
    assert (await service.history(order_id)).count("payment.authorized") == 1


async def test_a_yes_and_a_no_at_once_end_as_the_first_said(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_3ds")
    await service.paid(order_id, "action_required")
    key = effect_key(order_id, "authorize", 1)

    taken = await asyncio.gather(
        *(told(service, decided(key, order_id, status=said)) for said in ("succeeded", "declined") * 10)
    )

    assert taken.count("applied") == 1
    assert set(taken) == {"applied", "known"}
    assert (await service.order(order_id))["payment_status"] in {"authorized", "declined"}


@pytest.mark.parametrize("status", ["succeeded", "declined"])
async def test_a_notice_is_taken_with_no_process_alive(service: World, status: str) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1), token="tok_3ds")
    await service.paid(order_id, "action_required")
    away = asyncio.create_task(service.crew.relieve(pause=1.0))
    await asyncio.sleep(0.5)

    assert await told(service, decided(effect_key(order_id, "authorize", 1), order_id, status=status)) == (
        "applied"
    )
    order = await service.order(order_id)
    await away

    assert order["payment_status"] == {"succeeded": "authorized"}.get(status, status)
    if status == "succeeded":
        order = await service.until(order_id, "in_fulfillment")
        assert at(order, "north")["status"] == "open"
    else:
        await service.skip(order_id, timedelta(hours=49))
        await service.until(order_id, "cancelled")
