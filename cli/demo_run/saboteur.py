"""The one who pulls plugs: kills parts of the stack, spread over the run."""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cli.demo_run.diary import Diary
from cli.demo_run.watch import Watch

_PAUSE: Final = 0.2


async def sabotage(parts: Sequence[str], stack_json: Path, diary: Diary, watch: Watch) -> None:
    """Kill each part once, as by SIGKILL; the n-th of them when n shares of the run's way are gone."""
    for number, part in enumerate(parts, start=1):
        pid = None
        while pid is None or _way(diary, watch) < number / (len(parts) + 1):
            await asyncio.sleep(_PAUSE)
            pid = _pid(stack_json, part)
        os.kill(pid, signal.SIGKILL)
        diary.killed.append(part)
        diary.tell(f"killed {part} (pid {pid}) with {watch.ended} of {diary.wanted} orders ended")


def _way(diary: Diary, watch: Watch) -> float:
    """How much of the run is done: half of it is placing orders, half is ending them."""
    return (len(diary.accepted) + watch.ended) / (2 * diary.wanted)


def _pid(stack_json: Path, part: str) -> int | None:
    """The part's process as of now; None while it is down."""
    pid: int | None = json.loads(stack_json.read_text())["pids"].get(part)
    return pid
