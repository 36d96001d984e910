"""Questions to the process table, answered from /proc where there is one, else by `ps`."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_ZOMBIE: Final = "Z"


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


def running_with(word: str) -> list[int]:
    """Return the ids of the living processes whose command line (or title) contains the word."""
    return [pid for pid, line in _command_lines() if word in line and is_running(pid)]


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
