"""After the play: let the service come to rest, count, audit, and say how it was."""

import asyncio
from collections.abc import Iterable
from typing import Final

from rich.console import Console

from cli.audit import gather, judge
from cli.audit.quiet import come_to_rest
from cli.demo_run.caller import Caller
from cli.demo_run.closing import show_some, show_verdicts
from cli.demo_run.kinds import History
from cli.demo_run.performance import Performance
from cli.demo_run.table import show_table
from cli.demo_run.tally import tally
from cli.embedded.stack import Stack

_REST: Final = 60.0
_AT_ONCE: Final = 8


async def close(stack: Stack, done: Performance, console: Console, caller: Caller) -> bool:
    """Print the table and the verdicts; whether every order ended and every invariant holds."""
    diary = done.diary
    accepted = list(diary.accepted)
    rested = await come_to_rest(stack.database_url, accepted, seconds=_REST if done.ended else 0)
    histories = await read_histories(caller, accepted)
    evidence = await gather(
        stack.database_url,
        psp_url=stack.psp_url,
        temporal_address=stack.temporal_address,
        namespace=stack.temporal_namespace,
        driver=(accepted, diary.answers),
    )
    verdicts = judge(evidence)
    show_table(console, tally(diary, evidence, histories, done.seconds), diary)
    show_verdicts(console, verdicts)
    if diary.troubles:
        console.print("what went wrong on the way:")
        show_some(console, diary.troubles)
    if not rested:
        console.print("[red]not at rest[/]: orders are open, or the outbox holds messages")
    return done.ended and rested and not diary.troubles and all(verdict.holds for verdict in verdicts)


async def read_histories(caller: Caller, order_ids: Iterable[str]) -> dict[str, History]:
    """Every order's history over HTTP, by order id."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def read(order_id: str) -> tuple[str, History]:
        async with turn:
            return order_id, await caller.pages(f"/v1/orders/{order_id}/events")

    return dict(await asyncio.gather(*(read(order_id) for order_id in order_ids)))
