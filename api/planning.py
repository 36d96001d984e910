"""Turns at planning: plans are pure computing, a few at a time, and leave the event loop to the others."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

from api.problems import Refusal
from api.state import Services

T = TypeVar("T")

_PATIENCE: Final = 5.0
"""Seconds that a question waits for its turn."""

BUSY: Final[dict[int | str, dict[str, Any]]] = {
    429: {"description": "Too many plans are being made; `Retry-After` says when to ask again"}
}
"""For the routes that plan."""


async def in_turn(services: Services, work: Callable[[], T]) -> T:
    """Run `work` in a thread when its turn comes; 429 when that takes too long."""
    try:
        await asyncio.wait_for(services.planning.acquire(), _PATIENCE)
    except TimeoutError:
        detail = "Too many plans are being made; ask again."
        raise Refusal(429, "too-many-plans", detail, {"Retry-After": "2"}) from None
    try:
        return await asyncio.to_thread(work)
    finally:
        services.planning.release()
