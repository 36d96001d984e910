"""The sandbox provider as a process of its own, to be killed and started again."""

import os
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx

from tests.adapters.payments.letterbox import SECRET

_PROGRAM: Final = """
import sys
from datetime import timedelta
import uvicorn
from adapters.payments.sandbox_service import NoticeAddress, Terms, create_app
url, port, late, notice_url, secret = sys.argv[1:]
soon = timedelta(seconds=0.2)
notices = NoticeAddress(notice_url, secret)
app = create_app(url, Terms(timedelta(seconds=float(late)), settles_after=soon, notices=notices))
uvicorn.run(app, port=int(port), log_level="error", ws="none")
"""


class PspProcess:
    """Always on the same port, as a supervised service is.

    `failpoints`: the folder that arms them. `notice_url`: where its notices go.
    """

    def __init__(
        self, database_url: str, *, failpoints: Path, late_answer: timedelta, notice_url: str
    ) -> None:
        self._database_url = database_url
        self._notice_url = notice_url
        self._failpoints = failpoints
        self._late_answer = late_answer
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, again when a failpoint has ended it, and wait until it is ready."""
        self.kill()
        late = str(self._late_answer.total_seconds())
        said = [self._database_url, str(self._port), late, self._notice_url, SECRET]
        command = [sys.executable, "-c", _PROGRAM, *said]
        env = os.environ | {"OMS_FAILPOINTS": str(self._failpoints)}
        self._process = subprocess.Popen(command, env=env, cwd=Path(__file__).parents[3])
        for _ in range(200):
            try:
                httpx.get(f"{self.url}/readyz").raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the provider did not start")

    def kill(self) -> None:
        """SIGKILL, when it has not died already."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def wait_for_its_death(self) -> None:
        """Return when a failpoint has ended it. TimeoutExpired when none does."""
        if self._process is not None:
            self._process.wait(timeout=20)

    def arm(self, failpoint: str) -> None:
        """Let the process die when it next comes to this place."""
        (self._failpoints / failpoint).touch()
