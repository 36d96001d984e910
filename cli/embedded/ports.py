"""TCP ports of the parts: chosen once per data folder, and kept.

A port is taken from below every system's ephemeral range (Linux 32768, macOS 49152). While a part is
down its clients keep connecting to its port, and a port that the kernel also gives to outgoing
connections can be taken then, by a client that has connected to itself.
"""

import json
import random
import socket
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from cli.embedded.errors import EmbeddedError
from cli.embedded.files import write_atomically

_LOWEST: Final = 20_000
_HIGHEST: Final = 32_000
LOOPBACK: Final = "127.0.0.1"


class PortInUseError(EmbeddedError):
    """Somebody else listens on a port that the user has asked for."""


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # As servers do: connections of a predecessor that are still closing are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def require_free(port: int) -> None:
    """PortInUseError when somebody listens on this port."""
    if not is_free(port):
        raise PortInUseError(f"port {port} is in use; choose another one with --port")


def free_port(*, but: Collection[int] = ()) -> int:
    """Return a free loopback port outside the ephemeral range, none of `but`."""
    ports = random.sample(range(_LOWEST, _HIGHEST), 1000)
    return next(port for port in ports if port not in but and is_free(port))


def remembered_ports(path: Path, names: Iterable[str]) -> dict[str, int]:
    """Return a port for each name: the one in the file at `path` if it is free, else a new one.

    The file is brought up to date.
    """
    known: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    ports: dict[str, int] = {}
    for name in names:
        port = known.get(name)
        usable = port is not None and port not in ports.values() and is_free(port)
        ports[name] = port if usable and port else free_port(but=ports.values())
    write_atomically(path, json.dumps(known | ports, indent=2))
    return ports
