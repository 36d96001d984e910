"""What all players share: the callers, the keys, the diary and the tasks under way."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.demo_run.caller import Caller, GaveUpError
from cli.demo_run.diary import Diary


@dataclass(slots=True)
class Stage:
    """The place of one run. `seed` decides all chance; `carrier_secret` signs scans.

    `locations` are the ids of all of them. `shop` has the storefront's key, `desk` and `side_door` that of
    ops; the watcher and the suppliers come in by the side door, so that they do not wait behind hundreds of
    steps at the desk.
    """

    seed: int
    shop: Caller
    desk: Caller
    side_door: Caller
    carrier_secret: str
    locations: Sequence[str]
    diary: Diary
    tasks: asyncio.TaskGroup
    _playing: set[asyncio.Task[None]] = field(default_factory=set)

    def play(self, part: Coroutine[Any, Any, None]) -> None:
        """Let a part play by itself; when it gives up, the run sees its orders stuck."""
        task = self.tasks.create_task(self._guarded(part))
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)

    def clear(self) -> None:
        """End every part that still plays."""
        for task in tuple(self._playing):
            task.cancel()

    async def _guarded(self, part: Coroutine[Any, Any, None]) -> None:
        try:
            await part
        except GaveUpError as error:
            self.diary.troubles.append(str(error))
