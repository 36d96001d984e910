"""The commands of docker-compose.yml carry an order, each as a process; only hosts and ports differ."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from cli.embedded.binaries import temporal_program
from cli.embedded.ports import free_port
from cli.embedded.testing import embedded_temporal
from config.settings import Settings
from tests.compose_file import filled, ours, services
from tests.shop import SECRET, Shop
from tests.world import prepare

OMS: Final = str(Path(sys.executable).with_name("oms"))
STAYING: Final = ("psp", "api", "worker-activities", "worker-workflows")
_BASE: Final = {name: value for name, value in os.environ.items() if not name.startswith("OMS_")}
_LISTENS_ON: Final = ("--host", "--port")


def command(name: str, port: int) -> list[str]:
    """The service's command, on loopback and a free port where it listens on one."""
    words = [filled(word) for word in ours()[name]["command"]]
    if words[1:] and words[1] in _LISTENS_ON:
        return [OMS, words[0], "--host", "127.0.0.1", "--port", str(port)]
    return [OMS, *words]


def environment(name: str, here: Mapping[str, str]) -> dict[str, str]:
    """What the file sets for the service, with the values of this machine."""
    return _BASE | {
        variable: here.get(variable, filled(value)) for variable, value in ours()[name]["environment"].items()
    }


async def make_namespace(address: str) -> None:
    """Run the script of `temporal-namespace` with the `temporal` program of the wheel."""
    program = temporal_program()
    assert program is not None
    service = services()["temporal-namespace"]
    process = await asyncio.create_subprocess_exec(
        *[*service["entrypoint"], *map(filled, service["command"])],
        env={
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "TEMPORAL_ADDRESS": address,
            "HOME": "/nonexistent",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def migrate(here: Mapping[str, str]) -> None:
    """Run the service `migrate` to its end."""
    process = await asyncio.create_subprocess_exec(
        *command("migrate", 0), env=environment("migrate", here), cwd="/"
    )
    assert await process.wait() == 0


@asynccontextmanager
async def running(name: str, here: Mapping[str, str], port: int, log: Path) -> AsyncIterator[None]:
    """Run one service; it has to end with 0 when it is told to stop, within the grace of the file."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command(name, port), env=environment(name, here), cwd="/", stdout=output, stderr=output
        )
    try:
        yield
        process.terminate()
        grace = int(ours()[name]["stop_grace_period"].removesuffix("s"))
        assert await asyncio.wait_for(process.wait(), grace) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_healthy(http: httpx.AsyncClient, path: str) -> Any:
    """Ask as the health check does, until the answer is 200."""
    async with asyncio.timeout(60):
        while True:
            try:
                answer = await http.get(path)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return answer.json()
            await asyncio.sleep(0.2)


@pytest.mark.timeout(240)
async def test_the_pieces_of_the_compose_file_carry_an_order(fresh_database_url: str, tmp_path: Path) -> None:
    secrets, log = tmp_path / "carriers.json", tmp_path / "pieces.log"
    secrets.write_text(json.dumps({"carriers": {"generic": {"secret": SECRET}}}))
    ports = {name: free_port() for name in ("api", "psp")}
    base = f"http://127.0.0.1:{ports['api']}"
    async with (
        embedded_temporal() as temporal,
        httpx.AsyncClient(base_url=base, timeout=30) as http,
        AsyncExitStack() as stack,
    ):
        here = {
            "DATABASE_URL": fresh_database_url,
            "TEMPORAL_ADDRESS": temporal,
            "OMS_PSP_URL": f"http://127.0.0.1:{ports['psp']}",
            "OMS_CARRIER_SECRETS_FILE": str(secrets),
        }
        await make_namespace(temporal)
        await make_namespace(temporal)
        await migrate(here)
        for name in STAYING:
            await stack.enter_async_context(running(name, here, ports.get(name, 0), log))
        shop = Shop(Settings(), http, await prepare(Settings(database_url=fresh_database_url)))

        await until_healthy(http, "/readyz?for=intake")
        order_id = await shop.place((await shop.sku(north=1), 1))
        order = await shop.until(order_id, "in_fulfillment", seconds=60)
        number = await shop.ship(order["fulfillments"][0]["id"])
        await shop.scan(number, "delivered")

        ended = await shop.until(order_id, lambda one: one["payment_status"] == "captured", seconds=60)
        assert ended["status"] == "delivered"
