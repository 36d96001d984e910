"""Other solvers beside routing, each in a process of its own, so that neither slows down the other."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final, Self, TypedDict

from bench.problems import Problem

_ENDS_WITHIN: Final = 30  # seconds, once nothing is asked any more
_HERE: Final = Path(__file__).parent


class Answer(TypedDict):
    """Total in the problem's units, and seconds by the wall's and the processor's clock."""

    total: int
    proven: bool
    seconds: float
    cpu: float
    model: float


class Rival:
    """A solver that answers one problem after the other."""

    def __init__(self, name: str, python: str, script: str, *, most_locations: int) -> None:
        """`most_locations` is what it solves in seconds, not minutes."""
        self.name = name
        self.most_locations = most_locations
        self._process = subprocess.Popen(  # noqa: S603 - the caller's own Python
            [python, str(_HERE / script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @classmethod
    def highs(cls) -> Self:
        """HiGHS, by this Python."""
        return cls("HiGHS", sys.executable, "rival_highs.py", most_locations=1000)

    @classmethod
    def cp_sat(cls, python: str) -> Self:
        """CP-SAT, by a Python that has ortools."""
        return cls("CP-SAT", python, "rival_cp_sat.py", most_locations=200)

    def ask(self, problem: Problem, *, presolve: bool = True) -> Answer:
        """Solve it, or raise RuntimeError where the process has ended.

        Without presolve where asked so: that of HiGHS 1.16 loses plans at times.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError(f"{self.name} cannot be talked to")
        asked = problem if presolve else {**problem, "presolve": "off"}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("{"):  # HiGHS says hello first
                answer: Answer = json.loads(line)
                return answer
        raise RuntimeError(f"{self.name} has ended with {self._process.wait(timeout=_ENDS_WITHIN)}")

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=_ENDS_WITHIN)
