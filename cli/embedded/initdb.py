"""A PostgreSQL cluster on disk: made once, found again at the next start.

`<data-dir>/postgres.json` tells where it is, its password, and the word that marks its processes.
"""

import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from cli.embedded.account import Account, run_as
from cli.embedded.binaries import SHARED_CACHE
from cli.embedded.errors import EmbeddedError
from cli.embedded.files import write_atomically
from cli.embedded.moved import new_home, quickest_parent

DATABASE: Final = "throughline"
"""The name of the database and of its owner."""

_ACCESS: Final = f"""\
# Only over loopback and only with the password: other accounts of this machine can connect too.
host all         {DATABASE} 127.0.0.1/32 scram-sha-256
host replication {DATABASE} 127.0.0.1/32 scram-sha-256
"""


class ClusterError(EmbeddedError):
    """A PostgreSQL cluster could not be created."""


@dataclass(frozen=True)
class ClusterFiles:
    """A cluster on disk.

    moved_to: where it is when the account PostgreSQL runs as cannot reach the data folder, else None.
    mark: a word in the command line or title of each of its processes, and of no others.
    """

    password: str
    mark: str
    moved_to: str | None = None

    def folder(self, data_dir: Path) -> Path:
        """Return the cluster's own folder (PGDATA)."""
        return Path(self.moved_to) if self.moved_to else data_dir / "postgres"


def find_or_create(
    data_dir: Path, programs: Path, account: Account | None, *, throwaway: bool
) -> ClusterFiles:
    """Return the cluster of a data folder, which is created on the first call (about a second).

    throwaway: nothing is flushed to disk. ClusterError with PostgreSQL's words when it fails.
    """
    record = data_dir / "postgres.json"
    if record.exists():
        files = ClusterFiles(**json.loads(record.read_text()))
        if files.folder(data_dir).is_dir():
            return files
    home = _reachable_home(data_dir, account, throwaway=throwaway)
    moved_to = None if home == data_dir else str(home / "postgres")
    mark = f"throughline-{secrets.token_hex(6)}"
    files = ClusterFiles(password=secrets.token_hex(24), mark=mark, moved_to=moved_to)
    _create(files, home, _Shell(programs, account), throwaway=throwaway)
    write_atomically(record, json.dumps(asdict(files), indent=2))
    return files


def _reachable_home(data_dir: Path, account: Account | None, *, throwaway: bool) -> Path:
    """Return the data folder, or a new folder beside all private homes if it cannot be reached."""
    if account is None or account.can_enter(data_dir):
        return data_dir
    return new_home(data_dir, quickest_parent() if throwaway else SHARED_CACHE)


@dataclass(frozen=True)
class _Shell:
    programs: Path
    account: Account | None

    def run(self, program: str, *arguments: str, script: str | None = None) -> None:
        done = subprocess.run(  # noqa: S603  # the wheel's program
            [str(self.programs / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            input=script,
            cwd="/",
            **run_as(self.account),
        )
        if done.returncode or "ERROR:" in done.stderr:
            raise ClusterError(f"{program} failed:\n{done.stderr.strip()}")


def _create(files: ClusterFiles, home: Path, shell: _Shell, *, throwaway: bool) -> None:
    """Make the cluster beside its place and move it there when complete."""
    for leftover in home.glob("postgres.new.*"):
        shutil.rmtree(leftover)
    fresh = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=home))
    if shell.account:
        os.chown(fresh, shell.account.uid, shell.account.gid)
    shell.run("initdb", *_initdb_arguments(fresh, throwaway=throwaway))
    shell.run("postgres", "--single", "-D", str(fresh), "postgres", script=_first_statements(files))
    (fresh / "pg_hba.conf").write_text(_ACCESS)
    fresh.rename(home / "postgres")


def _initdb_arguments(folder: Path, *, throwaway: bool) -> Sequence[str]:
    return [
        *("-D", str(folder), "-U", DATABASE, "-A", "trust", "-E", "UTF8", "--no-instructions"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        *(("--no-sync",) if throwaway else ()),
    ]


def _first_statements(files: ClusterFiles) -> str:
    # The password is 192 random bits: stretching it would only slow down every connect.
    return (
        "SET scram_iterations = 1\n"
        f"ALTER ROLE {DATABASE} PASSWORD '{files.password}'\n"
        f"CREATE DATABASE {DATABASE}\n"
    )
