"""How our own command is run as another process."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import cli
from cli.embedded.errors import EmbeddedError

OMS: Final = (sys.executable, "-P", "-m", "cli")
"""`oms`, by this Python; -P keeps modules of the current folder from being taken for ours."""


class SetupFailedError(EmbeddedError):
    """A command that has to succeed before the service starts did not."""


def oms_environment() -> dict[str, str]:
    """Return this environment, with our packages on the path when they run from a checkout."""
    root = Path(next(iter(cli.__path__))).parent
    if root.name == "site-packages":
        return dict(os.environ)
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{path}" if path else str(root)}


async def run_to_end(command: Sequence[str], *, env: Mapping[str, str]) -> None:
    """Run a command; SetupFailedError with its output when it fails. Ends it when cancelled."""
    process = await asyncio.create_subprocess_exec(
        *command, env=env, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, start_new_session=True
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        words = output.decode(errors="replace").strip()
        raise SetupFailedError(f"{' '.join(command)} failed:\n{words}")
