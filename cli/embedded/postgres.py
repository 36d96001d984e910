"""The embedded PostgreSQL: a cluster in the data folder, with `postgres` itself as our child.

It listens on loopback TCP, not on a Unix socket, whose path may be 107 bytes at most.
"""

import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli.embedded.account import Account, owner_of, unprivileged_account
from cli.embedded.binaries import postgres_programs
from cli.embedded.initdb import DATABASE, ClusterFiles, find_or_create
from cli.embedded.part import Part
from cli.embedded.ports import LOOPBACK
from cli.embedded.processes import end_leftovers

_STATUS_LINE: Final = 7
"""Of postmaster.pid, counted from 0; `pg_ctl` waits for it too."""

_SETTINGS: Final = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    # Small transactions on a small machine: no workers for reading, none for one query, no compiler.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
_NOT_DURABLE: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A cluster that exists and can be run as a part.

    programs: the folder of psql, pg_dump, pg_basebackup, pgbench of the same version.
    """

    programs: Path
    folder: Path
    files: ClusterFiles
    port: int
    durable: bool
    account: Account | None

    @property
    def url(self) -> str:
        """The database's URL, password included."""
        return f"postgresql://{DATABASE}:{self.files.password}@{LOOPBACK}:{self.port}/{DATABASE}"

    def part(self) -> Part:
        """Return how to run it."""
        return Part(
            name="postgres",
            command=self._command(),
            ready=self._ready,
            before_start=self._clear_the_way,
            folder=Path("/"),
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint
            grace=20.0,
        )

    def discard(self) -> None:
        """Delete the cluster of a stopped, throwaway server where it is outside the data folder."""
        if self.files.moved_to and not self.durable:
            shutil.rmtree(self.folder.parent)

    def _command(self) -> Sequence[str | Path]:
        settings = _SETTINGS | {"port": str(self.port), "cluster_name": self.files.mark}
        if not self.durable:
            settings |= _NOT_DURABLE
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [self.programs / "postgres", "-D", self.folder, *options]

    async def _ready(self, pid: int) -> str | None:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return "no postmaster.pid"
        if len(lines) <= _STATUS_LINE or lines[0] != str(pid):
            return "starting"
        status = lines[_STATUS_LINE].strip()
        return None if status == "ready" else status

    async def _clear_the_way(self) -> None:
        """Wait for what a killed server has left, then remove its lock file.

        Backends outlive a killed postmaster for a moment (each has a session of its own), and no new
        one starts while they share its memory. A left-over postmaster.pid stops it too when the pid in
        it is in use again, or stays in the table of a container without init.
        """
        await end_leftovers(self.files.mark, stop_signal=signal.SIGINT)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)


def prepare_postgres(data_dir: Path, *, port: int, durable: bool) -> Postgres:
    """Return the data folder's cluster, which is created when there is none. Blocks for a second.

    durable: False turns fsync off; a crash of the machine then loses the cluster.
    BinaryMissingError, ClusterError.
    """
    data_dir = data_dir.resolve()
    account = unprivileged_account()
    programs = postgres_programs(account)
    files = find_or_create(data_dir, programs, account, throwaway=not durable)
    folder = files.folder(data_dir)
    return Postgres(
        programs=programs,
        folder=folder,
        files=files,
        port=port,
        durable=durable,
        # A cluster made by a user belongs to that user, also when root runs it today.
        account=owner_of(folder) if account else None,
    )
