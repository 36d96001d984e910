"""A policy with what it is for, and what is wrong with one that cannot be used."""

from dataclasses import dataclass
from datetime import datetime

from routing.model.policy import Policy
from routing.model.scope import Scope

ANY_ORDER = Scope()
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A policy, the orders it is for, and the time it holds: from `valid_from`, before `valid_to`."""

    policy: Policy
    description: str = ""
    scope: Scope = ANY_ORDER
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the path in the document, and the line of the file if there is one."""

    path: Path
    message: str
    line: int | None = None

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer."""
        return "".join(f"/{part}" for part in self.path)

    def __str__(self) -> str:
        where = self.pointer or "/"
        return (
            f"{where}: {self.message}" if self.line is None else f"line {self.line}: {where}: {self.message}"
        )


class UnusablePolicy(ValueError):  # noqa: N818 (names what cannot be used)
    """A policy that says nothing usable; `faults` has every reason."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
