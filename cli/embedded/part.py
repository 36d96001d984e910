"""What there is to know about a part before it runs."""

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.embedded.account import Account


async def started(_pid: int) -> str | None:
    """Answer for a part that is ready as soon as its process runs."""
    return None


async def nothing() -> None:
    """Need no preparation."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of the stack.

    ready: given its pid, tells in words what it still waits for; None when it is ready.
    before_start: runs before each start, also before a restart.
    env: its whole environment; None for that of this process.
    grace: seconds between the stop signal and SIGKILL.
    """

    name: str
    command: Sequence[str | Path]
    ready: Callable[[int], Awaitable[str | None]] = started
    before_start: Callable[[], Awaitable[object]] = nothing
    env: Mapping[str, str] | None = None
    folder: Path | None = None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
