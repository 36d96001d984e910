"""Processor time of processes and their children, which other load on the machine does not change much."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_PARENT: Final = 1  # places of these fields in /proc/PID/stat, counted after the name of the command
_TIMES: Final = slice(11, 15)


def cpu_ms(parts: Mapping[str, int]) -> dict[str, float]:
    """Milliseconds that each part has used so far, by its process; nothing where there is no /proc."""
    if not (_PROC / "self" / "stat").exists():
        return {}
    parents, ticks = _processes()
    return {name: 1000 * _of(pid, parents, ticks) / os.sysconf("SC_CLK_TCK") for name, pid in parts.items()}


def used(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What each part has used in between."""
    return {name: after[name] - before[name] for name in before.keys() & after.keys()}


def _processes() -> tuple[dict[int, int], dict[int, int]]:
    """The parent of every process, and the clock ticks that it and its ended children have used."""
    parents, ticks = {}, {}
    for folder in _PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since the folder was listed
        pid = int(folder.name)
        parents[pid] = int(fields[_PARENT])
        ticks[pid] = sum(map(int, fields[_TIMES]))
    return parents, ticks


def _of(pid: int, parents: Mapping[int, int], ticks: Mapping[int, int]) -> int:
    children = [child for child, parent in parents.items() if parent == pid]
    return ticks.get(pid, 0) + sum(_of(child, parents, ticks) for child in children)
