"""Several waits at once, where the first failure is the answer."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*waits: Coroutine[Any, Any, None]) -> None:
    """Run all of them, begun in this order; the first one that fails ends the others and is raised.

    A task group would wrap the failure, whose words are meant for a person, in an exception group.
    """
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
