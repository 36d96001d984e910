"""Runs the parts of a stack: starts them, restarts what dies, stops them in reverse order."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from cli.embedded.guarding import Guard
from cli.embedded.keeper import Keeper
from cli.embedded.part import Part
from cli.embedded.together import together


class Supervisor:
    """Keeps parts running for as long as the `async with` lasts.

    logs: the folder that gets `<part>.log`. on_change: called with the pid of every part whenever one
    has a new process. report: gets a line whenever one has died. keep_open: descriptors whose locks
    outlive us until the parts are gone.
    """

    def __init__(
        self,
        logs: Path,
        *,
        on_change: Callable[[Mapping[str, int]], None] = lambda _pids: None,
        keep_open: Sequence[int] = (),
        report: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._logs = logs
        self._on_change = on_change
        self._keep_open = keep_open
        self._report = report
        self._groups: list[list[Keeper]] = []
        self._changed = asyncio.Event()
        self._exit = ExitStack()

    async def start(self, *parts: Part) -> None:
        """Start these parts side by side; returns when all are ready.

        They are stopped together too, before every part that was started earlier. PartFailedError
        when one of them does not come up.
        """
        keepers = [
            Keeper(
                part,
                self._logs / f"{part.name}.log",
                self._guard,
                changed=self._changed,
                report=self._report,
            )
            for part in parts
        ]
        self._groups.append(keepers)
        for keeper in keepers:
            keeper.begin()
        await together(*(keeper.wait_until_ready() for keeper in keepers))

    @property
    def pids(self) -> dict[str, int]:
        """The process of every part that has started, by the part's name."""
        keepers = [keeper for group in self._groups for keeper in group]
        return {keeper.part.name: keeper.pid for keeper in keepers if keeper.pid is not None}

    async def __aenter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        self._guard = self._exit.enter_context(Guard(self._keep_open))
        self._announcer = asyncio.create_task(self._announce(), name="announce pids")
        return self

    async def __aexit__(self, *exception: object) -> None:
        with self._exit:
            for group in reversed(self._groups):
                await asyncio.gather(*(keeper.stop() for keeper in group))
            self._announcer.cancel()
            await asyncio.gather(self._announcer, return_exceptions=True)

    async def _announce(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            self._on_change(self.pids)
