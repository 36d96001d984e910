"""The data folder: made when missing, and held by one stack at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from cli.embedded.errors import EmbeddedError
from cli.embedded.processes import is_running

_LEFTOVERS_SECONDS: Final = 20.0
"""How long the processes of a killed stack may take to go away."""


class DataDirError(EmbeddedError):
    """The data folder is in use or cannot be written."""


@contextmanager
def held(data_dir: Path) -> Iterator[int]:
    """Make the folder and hold it; yields the descriptor of the lock.

    Who inherits the descriptor holds the lock too: the guard keeps it until the processes of a killed
    stack are gone, and the next stack waits for that. DataDirError at once when the holder lives.
    """
    descriptor = _open_lock(data_dir)
    try:
        _lock(descriptor, data_dir)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _open_lock(data_dir: Path) -> int:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DataDirError(f"cannot write to the data folder {data_dir}: {error.strerror}") from error


def _lock(descriptor: int, data_dir: Path) -> None:
    deadline = time.monotonic() + _LEFTOVERS_SECONDS
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        holder = os.pread(descriptor, 20, 0).decode() or "0"
        if is_running(int(holder)) or time.monotonic() > deadline:
            raise DataDirError(f"the data folder {data_dir} is in use by process {holder}")
        time.sleep(0.05)
