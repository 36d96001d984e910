"""Chance, decided by one number that the story's generator drew."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Luck:
    """The choices of one move; equal seeds choose equally."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pick(self, among: Sequence[T]) -> T:
        """One of several."""
        return self._random.choice(among)

    def some(self, among: Sequence[T]) -> list[T]:
        """At least one of several, in their order."""
        count = self.number(1, len(among))
        chosen = set(self._random.sample(range(len(among)), count))
        return [one for index, one in enumerate(among) if index in chosen]

    def number(self, least: int, most: int) -> int:
        """An integer, both bounds included."""
        return self._random.randint(least, most)

    def smiles(self, chance: float) -> bool:
        """Whether something of this probability happens."""
        return self._random.random() < chance
