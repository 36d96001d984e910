"""The supervisor's side of the guard process (`guard.py`)."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from cli.embedded import guard


class Guard:
    """A process that ends our parts should we die; used as a context manager.

    keep_open: descriptors that it inherits, to hold their locks until it is done.
    """

    def __init__(self, keep_open: Sequence[int] = ()) -> None:
        """Start the guard process."""
        self._process = subprocess.Popen(  # noqa: S603  # this Python
            [sys.executable, "-I", "-S", str(Path(guard.__file__))],
            stdin=subprocess.PIPE,
            text=True,
            pass_fds=keep_open,
            start_new_session=True,
        )

    def watch(self, pid: int, stop_signal: signal.Signals) -> None:
        """Have this process group ended after us."""
        self._tell(f"+{pid} {stop_signal.value}")

    def forget(self, pid: int) -> None:
        """Leave this process group alone: it is gone."""
        self._tell(f"-{pid}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin is not None:
            # A guard that somebody has killed must not take the parts with it.
            with suppress(BrokenPipeError):
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
