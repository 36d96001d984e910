"""Orders from a file, sent to the API as a storefront sends them."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx

from adapters.files.orders import OrderDraft
from adapters.files.problems import Problem
from adapters.files.sheet import Numbered, Parsed
from domain.ids import order_id

_ATTEMPTS: Final = 8
_LONGEST_PAUSE: Final = 10.0
_REPEAT: Final = frozenset({429, 502, 503, 504})
"""Answers after which the same request is sent again with the same key."""
_HOPELESS: Final = frozenset({401, 403})
"""Answers that every other order would get as well."""


@dataclass(slots=True)
class Posted:
    """What became of the orders."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Problem] = field(default_factory=list)


async def post_orders(
    parsed: Parsed[OrderDraft],
    *,
    api: str,
    key: str,
    at_once: int,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Posted:
    """Send every order, `at_once` at a time; an order that the API knows already counts as there.

    An order that is refused does not keep the others from being sent, a wrong key or a dead API does.
    """
    posted = Posted()
    waiting = list(reversed(parsed.rows))
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=api, headers=headers, timeout=30, transport=transport) as client,
        asyncio.TaskGroup() as senders,
    ):
        for _ in range(at_once):
            senders.create_task(_send_all(client, parsed, waiting, posted))
    return posted


async def _send_all(
    client: httpx.AsyncClient,
    parsed: Parsed[OrderDraft],
    waiting: list[Numbered[OrderDraft]],
    posted: Posted,
) -> None:
    while waiting:
        row = waiting.pop()
        answer = await _send(client, row.value)
        if isinstance(answer, httpx.Response) and answer.is_success:
            new = answer.status_code == httpx.codes.CREATED
            posted.counts["created" if new else "already there"] += 1
        else:
            posted.counts["refused"] += 1
            what = f"order {row.value.order_number}: {_reason(answer)}"
            posted.refused.append(parsed.problem(row, None, what))
            if not isinstance(answer, httpx.Response) or answer.status_code in _HOPELESS:
                posted.counts["not sent"] += len(waiting)
                waiting.clear()


async def _send(client: httpx.AsyncClient, draft: OrderDraft) -> httpx.Response | httpx.TransportError:
    # The key belongs to the order, not to this run: a second run finds what the first one did.
    headers = {"Idempotency-Key": f"import-{order_id(draft.body['channel'], draft.order_number)}"}
    answer: httpx.Response | httpx.TransportError = httpx.ConnectError("not sent")
    for attempt in range(_ATTEMPTS):
        try:
            answer = await client.post("/v1/orders", json=draft.body, headers=headers)
        except httpx.TransportError as error:
            answer = error
        if isinstance(answer, httpx.Response) and answer.status_code not in _REPEAT:
            break
        await asyncio.sleep(_pause(answer, attempt))
    return answer


def _pause(answer: httpx.Response | httpx.TransportError, attempt: int) -> float:
    asked = answer.headers.get("Retry-After", "") if isinstance(answer, httpx.Response) else ""
    return min(float(asked) if asked.isdecimal() else 0.1 * 2**attempt, _LONGEST_PAUSE)


def _reason(answer: httpx.Response | httpx.TransportError) -> str:
    if not isinstance(answer, httpx.Response):
        return f"the API cannot be reached ({type(answer).__name__})"
    try:
        problem = answer.json()
        said: Sequence[str] = [
            str(problem.get("detail") or problem.get("title") or ""),
            *(
                f"{error.get('pointer', '')} {error.get('message', '')}"
                for error in problem.get("errors", [])
            ),
        ]
    except (ValueError, AttributeError):
        said = []
    return "; ".join([f"HTTP {answer.status_code}", *(text.strip() for text in said if text.strip())])
