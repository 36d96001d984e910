"""Live progress: a panel on a terminal, a line now and then elsewhere."""

import asyncio
from collections import Counter
from typing import Final

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from cli.demo_run.diary import Diary
from cli.demo_run.watch import Watch

_REFRESH: Final = 0.5
_LINE_EVERY: Final = 5.0


async def show(console: Console, diary: Diary, watch: Watch) -> None:
    """Show how the run goes until cancelled."""
    if console.is_terminal:
        await _panel(console, diary, watch)
    else:
        await _lines(console, diary, watch)


async def _panel(console: Console, diary: Diary, watch: Watch) -> None:
    bars = Progress(
        TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )
    placed, ended = (bars.add_task(name, total=diary.wanted) for name in ("placed", "ended"))
    with Live(console=console, refresh_per_second=4) as live:
        while True:
            bars.update(placed, completed=len(diary.accepted))
            bars.update(ended, completed=watch.ended)
            live.update(Group(bars, Text(_states(watch)), *(Text(line) for line in diary.news)))
            await asyncio.sleep(_REFRESH)


async def _lines(console: Console, diary: Diary, watch: Watch) -> None:
    while True:
        while diary.news:
            console.print(diary.news.popleft(), highlight=False, soft_wrap=True)
        placed = f"{len(diary.accepted)} of {diary.wanted} placed"
        console.print(
            f"{diary.seconds:5.0f} s  {placed}, {watch.ended} ended; {_states(watch)}",
            highlight=False,
            soft_wrap=True,
        )
        await asyncio.sleep(_LINE_EVERY)


def _states(watch: Watch) -> str:
    states = Counter(order["status"] for order in watch.orders.values())
    return ", ".join(f"{status} {count}" for status, count in states.most_common())
