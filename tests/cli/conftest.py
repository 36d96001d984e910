"""What the tests of the command line share: a stand-in for our own processes."""

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

_STAND_IN = """
import os, signal, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
command, arguments = sys.argv[1], sys.argv[2:]


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


if command == os.environ.get("FAILS"):
    print("no such table")
    sys.exit(3)
if command == "worker":
    while True:
        time.sleep(1)
if command in ("api", "psp"):
    port = int(arguments[arguments.index("--port") + 1])
    ThreadingHTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""


@pytest.fixture(scope="session")
def stand_in_oms(tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """A command that takes `api`, `psp`, `worker` and `setup` as `oms` does, and only waits."""
    script: Path = tmp_path_factory.mktemp("stand_in") / "oms.py"
    script.write_text(textwrap.dedent(_STAND_IN))
    return [sys.executable, str(script)]
