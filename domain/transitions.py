"""Transition tables: what may follow what, and an error for the rest."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from domain.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)


class Transitions(Generic[S]):
    """The legal steps of one status axis."""

    def __init__(self, axis: str, table: Mapping[S, Iterable[S]]) -> None:
        self.axis = axis
        self._table = {source: frozenset(targets) for source, targets in table.items()}

    def allows(self, source: S, target: S) -> bool:
        """Whether `target` may follow `source`."""
        return target in self._table.get(source, frozenset())

    def step(self, source: S, target: S) -> S:
        """Return `target`; raises IllegalTransition when it may not follow `source`."""
        if not self.allows(source, target):
            raise IllegalTransition(f"{self.axis} cannot go from {source} to {target}")
        return target

    def terminal(self, state: S) -> bool:
        """Whether nothing can follow."""
        return not self._table.get(state)

    def pairs(self) -> set[tuple[S, S]]:
        """Every legal (source, target)."""
        return {(source, target) for source, targets in self._table.items() for target in targets}
