"""Named places where a crash hurts most; a test arms one and the process dies there.

A failpoint is armed by a file of its name in the folder `OMS_FAILPOINTS`; the process that removes the file
dies at once, as by SIGKILL, so one armed failpoint kills exactly once. With the variable unset it costs one
dictionary look-up.
"""

import os
from pathlib import Path
from typing import Final

FAILPOINTS: Final[dict[str, str]] = {}
"""Every failpoint by name, with the place it stands at in words."""

_KILLED: Final = 137


def declare(name: str, place: str) -> str:
    """Name a failpoint once, at import time; returns the name. ValueError when it is taken."""
    if name in FAILPOINTS:
        raise ValueError(f"failpoint {name} is declared twice")
    FAILPOINTS[name] = place
    return name


def failpoint(name: str) -> None:
    """Die here, without clean-up, when the failpoint is armed."""
    folder = os.environ.get("OMS_FAILPOINTS")
    if folder is None:
        return
    try:
        (Path(folder) / name).unlink()
    except FileNotFoundError:
        return
    os._exit(_KILLED)
