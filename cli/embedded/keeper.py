"""Keeps one part running: start, wait, start again, until it is told to stop."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from cli.embedded.account import run_as
from cli.embedded.errors import EmbeddedError
from cli.embedded.guarding import Guard
from cli.embedded.part import Part

_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_STEADY_SECONDS: Final = 10.0
"""A part that ran as long as this is restarted without a growing pause."""
_STARTS_BEFORE_READY: Final = 3
_READY_SECONDS: Final = 60.0


class PartFailedError(EmbeddedError):
    """A part did not come up."""


@dataclass
class Keeper:
    """One part's life. `changed` is set whenever `pid` is another process; `report` hears of deaths."""

    part: Part
    log: Path
    guard: Guard
    changed: asyncio.Event
    report: Callable[[str], None]
    pid: int | None = None
    _process: Process | None = None
    _deaths: int = 0
    _failure: str | None = None
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    def begin(self) -> None:
        """Start the part and go on restarting it; returns at once."""
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.part.name}")

    async def wait_until_ready(self) -> None:
        """Return when the part is ready; PartFailedError when it keeps dying or takes a minute."""
        deadline = time.monotonic() + _READY_SECONDS
        reason: str | None = "it has not started"
        while time.monotonic() < deadline:
            if self._failure or self._deaths >= _STARTS_BEFORE_READY:
                raise self._failed(self._failure or "it stops again and again")
            if self._process is not None and self.pid is not None:
                reason = await self.part.ready(self.pid)
            if reason is None:
                return
            await asyncio.sleep(0.03)
        raise self._failed(f"not ready after {_READY_SECONDS:.0f} s: {reason}")

    async def stop(self) -> None:
        """Stop the part and all its processes; SIGKILL after its grace."""
        process = self._process
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        process = self._process or process
        if process is None:
            return
        _signal_group(process.pid, self.part.stop_signal)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), self.part.grace)
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()
        self.guard.forget(process.pid)

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                await self._run_once()
            except (OSError, EmbeddedError) as error:
                self._failure = str(error)
            self._deaths += 1
            if time.monotonic() - began > _STEADY_SECONDS:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run_once(self) -> None:
        await self.part.before_start()
        with self.log.open("ab") as log:
            self._process = process = await self._spawn(log)
        self.guard.watch(process.pid, self.part.stop_signal)
        self._failure, self.pid = None, process.pid
        self.changed.set()
        code = await process.wait()
        _signal_group(process.pid, signal.SIGKILL)
        self.guard.forget(process.pid)
        self._process = None
        self.report(f"{self.part.name} has died (exit code {code}) and is started again")

    async def _spawn(self, log: IO[bytes]) -> Process:
        return await asyncio.create_subprocess_exec(
            *self.part.command,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.part.folder,
            env=self.part.env,
            start_new_session=True,
            **run_as(self.part.account),
        )

    def _failed(self, reason: str) -> PartFailedError:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        last = f"\n    {lines[-1]}" if lines else ""
        return PartFailedError(f"{self.part.name}: {reason}; see {self.log}{last}")


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
