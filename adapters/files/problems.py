"""What is wrong with a file, by line and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from domain.errors import ThroughlineError

SHOWN: Final = 50
"""How many problems a person gets to see at once."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong; printed as editors and compilers do, so that a click leads there."""

    file: str
    line: int
    column: str | None
    what: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return where + (f"{self.column}: {self.what}" if self.column else self.what)


class UnusableFile(ThroughlineError):  # noqa: N818 (names what cannot be used)
    """A file cannot be taken over. Holds every problem; its text shows the first ones."""

    code: ClassVar[str] = "unusable-file"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        shown = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            shown.append(f"… and {len(self.problems) - SHOWN} more")
        super().__init__("\n".join(shown))
