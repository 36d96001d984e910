import socket
from pathlib import Path

import pytest

from cli.embedded.ports import PortInUseError, free_port, is_free, remembered_ports, require_free


def listening(port: int) -> socket.socket:
    server = socket.socket()
    server.bind(("127.0.0.1", port))
    server.listen()
    return server


def test_a_port_is_chosen_below_every_ephemeral_range() -> None:
    assert all(20_000 <= free_port() < 32_000 for _ in range(20))


def test_a_port_that_somebody_listens_on_is_refused_in_words() -> None:
    port = free_port()

    with listening(port), pytest.raises(PortInUseError, match=f"port {port} is in use"):
        require_free(port)

    assert is_free(port)


def test_ports_of_a_folder_stay_the_same(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"

    assert remembered_ports(file, ["a", "b"]) == remembered_ports(file, ["a", "b"])


def test_a_remembered_port_that_is_taken_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    before = remembered_ports(file, ["a", "b"])

    with listening(before["a"]):
        after = remembered_ports(file, ["a", "b"])

    assert after["b"] == before["b"]
    assert after["a"] != before["a"]
