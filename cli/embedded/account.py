"""The unprivileged account that PostgreSQL runs as when we are root: it refuses to run as root itself."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

_NAME: Final = "nobody"
"""Every Unix has this account; what it may read of a cluster is behind a password and mode 0700."""


class RunAs(TypedDict, total=False):
    """What makes `subprocess` start a process as another account; empty for our own."""

    user: int
    group: int
    extra_groups: list[int]


def run_as(account: "Account | None") -> RunAs:
    """Return the arguments for `subprocess`; None is our own account."""
    if account is None:
        return RunAs()
    return RunAs(user=account.uid, group=account.gid, extra_groups=[])


@dataclass(frozen=True)
class Account:
    """A user and group id to start a process with, without further groups."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Tell, by trying, whether this account can reach the folder and go into it."""
        return self._try('test -x "$1"', folder)

    def can_run(self, program: Path) -> bool:
        """Tell, by trying, whether this account can start the program."""
        return self._try('"$1" --version', program)

    def _try(self, script: str, path: Path) -> bool:
        command = ["/bin/sh", "-c", script, "sh", str(path)]
        tried = subprocess.run(  # noqa: S603  # a fixed script
            command, check=False, capture_output=True, cwd="/", **run_as(self)
        )
        return tried.returncode == 0


def unprivileged_account() -> Account | None:
    """Return the account for PostgreSQL; None when this process is unprivileged already."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(_NAME)
    return Account(entry.pw_uid, entry.pw_gid)


def owner_of(folder: Path) -> Account:
    """Return the account that a folder belongs to."""
    status = folder.stat()
    return Account(status.st_uid, status.st_gid)
