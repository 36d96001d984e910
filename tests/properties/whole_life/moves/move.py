"""What a move is: one thing that somebody does to the orders of a story."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.story import Story


@dataclass(frozen=True, slots=True)
class Move:
    """`play` does it, or nothing when there is nothing to do it to; `weight`: how often beside others."""

    play: Callable[[Story, Luck], Coroutine[Any, Any, None]]
    weight: int = 1

    @property
    def name(self) -> str:
        """What a trace calls it."""
        return self.play.__name__
