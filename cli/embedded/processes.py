"""Questions to the process table, answered from /proc where there is one, else by `ps`."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_ZOMBIE: Final = "Z"
_LEFTOVERS_SECONDS: Final = 5.0


def is_running(pid: int) -> bool:
    """Tell whether a process lives; one that waits to be reaped does not.

    In a container without an init process the dead stay in the table for ever.
    """
    if (_PROC / "self").exists():
        return _proc_state(pid) not in ("", _ZOMBIE)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def running_with(*words: str) -> list[int]:
    """Return the ids of the living processes whose command line (or title) contains all the words."""
    lines = ((pid, line) for pid, line in _command_lines() if pid != os.getpid())
    return [pid for pid, line in lines if all(word in line for word in words) and is_running(pid)]


async def end_leftovers(*words: str, stop_signal: signal.Signals) -> None:
    """Stop the processes of a killed stack that `running_with` finds; SIGKILL after five seconds."""
    deadline = time.monotonic() + _LEFTOVERS_SECONDS
    while leftovers := running_with(*words):
        late = time.monotonic() > deadline
        for pid in leftovers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else stop_signal)
        await asyncio.sleep(0.1)


def _proc_state(pid: int) -> str:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[0]


def _command_lines() -> Iterator[tuple[int, str]]:
    if not (_PROC / "self").exists():
        yield from _ps_command_lines()
        return
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes()
            except OSError:  # it has ended meanwhile
                continue
            yield int(folder.name), line.replace(b"\0", b" ").decode(errors="replace")


def _ps_command_lines() -> Iterator[tuple[int, str]]:
    command = ["/bin/ps", "-axww", "-o", "pid=,command="]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    for row in listing.splitlines():
        pid, _, line = row.strip().partition(" ")
        yield int(pid), line
