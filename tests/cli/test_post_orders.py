"""Orders from a file, sent to an API."""

from collections.abc import Callable

import httpx
import pytest

from adapters.files.orders import OrderDraft, OrderTerms, read_orders
from adapters.files.sheet import Parsed
from cli.post_orders import Posted, post_orders

Answers = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def drafts() -> Parsed[OrderDraft]:
    lines = "".join(f"o{number},TENT,1,5,c,80203\n" for number in range(5))
    return read_orders("f", f"order_id,sku,quantity,price,customer,zip\n{lines}".encode(), OrderTerms())


async def send(drafts: Parsed[OrderDraft], answer: Answers, at_once: int = 2) -> Posted:
    transport = httpx.MockTransport(answer)
    return await post_orders(drafts, api="http://oms", key="secret", at_once=at_once, transport=transport)


async def test_every_order_is_sent_once_with_a_key_of_its_own(drafts: Parsed[OrderDraft]) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201 if len(seen) > 2 else 200)

    posted = await send(drafts, answer)

    assert posted.counts == {"created": 3, "already there": 2}
    assert len({request.headers["Idempotency-Key"] for request in seen}) == 5
    assert {request.headers["Authorization"] for request in seen} == {"Bearer secret"}


async def test_a_second_run_sends_the_same_keys(drafts: Parsed[OrderDraft]) -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(200)

    await send(drafts, answer)
    await send(drafts, answer)

    assert sorted(keys[:5]) == sorted(keys[5:])


async def test_a_busy_api_is_asked_again(drafts: Parsed[OrderDraft]) -> None:
    answers = iter([503, 429, 201, 201, 201, 201, 201])

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(next(answers), headers={"Retry-After": "0"})

    posted = await send(drafts, answer, at_once=1)

    assert posted.counts == {"created": 5}


async def test_a_refused_order_is_told_by_its_line_and_keeps_no_other_back(
    drafts: Parsed[OrderDraft],
) -> None:
    problem = {"detail": "Invalid.", "errors": [{"pointer": "/lines/0/sku", "message": "is unknown"}]}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json=problem) if b'"o3"' in request.content else httpx.Response(201)

    posted = await send(drafts, answer)

    assert posted.counts == {"created": 4, "refused": 1}
    assert [str(one) for one in posted.refused] == [
        "f:5: order o3: HTTP 422; Invalid.; /lines/0/sku is unknown"
    ]


async def test_a_wrong_key_ends_the_run(drafts: Parsed[OrderDraft]) -> None:
    posted = await send(drafts, lambda _request: httpx.Response(401), at_once=1)

    assert posted.counts == {"refused": 1, "not sent": 4}
