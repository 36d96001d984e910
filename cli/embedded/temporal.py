"""The embedded Temporal: the dev server of the `temporal` program as our child."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli.embedded.binaries import temporal_program
from cli.embedded.part import Part
from cli.embedded.ports import LOOPBACK
from cli.embedded.probes import http_status
from cli.embedded.processes import end_leftovers

_FILE_PRAGMAS: Final = ("journal_mode=wal", "synchronous=2")
"""Write-ahead log, flushed at each commit: faster than the default, and survives SIGKILL."""


@dataclass(frozen=True, kw_only=True)
class Temporal:
    """A dev server to run as a part.

    http_port: Temporal's own HTTP API, used as the health check. database: a file that keeps the
    workflows; None keeps them in memory. time_skipping: workflows may have clocks of their own.
    """

    port: int
    http_port: int
    namespace: str = "default"
    database: Path | None = None
    time_skipping: bool = False

    @property
    def address(self) -> str:
        """What clients connect to, `host:port`."""
        return f"{LOOPBACK}:{self.port}"

    def part(self) -> Part:
        """Return how to run it."""
        return Part(
            name="temporal",
            command=self._command(),
            ready=self._ready,
            before_start=self._clear_the_way,
            env=_without_temporal_settings(os.environ),
        )

    def _command(self) -> Sequence[str | Path]:
        program = temporal_program()
        if program is None:
            module = "cli.embedded.temporal_download"
            return [sys.executable, "-P", "-m", module, *self._options()]
        return [program, "server", "start-dev", *self._options()]

    def _options(self) -> Sequence[str]:
        options = ["--headless", "--ip", LOOPBACK, "--port", str(self.port)]
        options += ["--http-port", str(self.http_port), "--namespace", self.namespace]
        options += ["--log-level", "error"]
        if self.database:
            options += ["--db-filename", str(self.database)]
            options += [word for pragma in _FILE_PRAGMAS for word in ("--sqlite-pragma", pragma)]
        if self.time_skipping:
            options += ["--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"]
        return options

    async def _clear_the_way(self) -> None:
        """Two servers on one file would spoil it."""
        if self.database:
            await end_leftovers("--db-filename", str(self.database), stop_signal=signal.SIGTERM)

    async def _ready(self, pid: int) -> str | None:
        del pid
        url = f"http://{LOOPBACK}:{self.http_port}/api/v1/namespaces/{self.namespace}"
        answer = await http_status(url)
        if answer.status != 200:  # noqa: PLR2004
            return answer.text
        # The namespace is described over HTTP by the frontend; clients come by gRPC.
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, self.port)
        except OSError as error:
            return str(error)
        writer.close()
        await writer.wait_closed()
        return None


def _without_temporal_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what is meant for clients of another Temporal."""
    return {name: value for name, value in environ.items() if not name.startswith("TEMPORAL_")}
