"""Temporal where no wheel brings its program: the SDK downloads it, and runs it inside this process.

`python -m cli.embedded.temporal_download <options of temporal server start-dev>`
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from temporalio.testing import WorkflowEnvironment


def main(arguments: Sequence[str], *, program: str | None = None) -> None:
    """Serve until SIGTERM or SIGINT. program: run this one instead of a download."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--headless", action="store_true")
    for name in ("ip", "namespace", "log-level"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db-filename")
    known, extra = parser.parse_known_args(arguments)
    asyncio.run(_serve(known, extra, program))


async def _serve(options: argparse.Namespace, extra: Sequence[str], program: str | None) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with await WorkflowEnvironment.start_local(
        namespace=options.namespace,
        ip=options.ip,
        port=options.port,
        dev_server_existing_path=program,
        dev_server_database_filename=options.db_filename,
        dev_server_log_level=options.log_level,
        dev_server_extra_args=extra,
    ):
        await stopped.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
