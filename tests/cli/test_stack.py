import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from cli.embedded.data_dir import DataDirError
from cli.embedded.ports import free_port
from cli.embedded.probes import answers_ok
from cli.embedded.processes import is_running
from cli.embedded.programs import SetupFailedError
from cli.embedded.stack import Stack
from tests.cli.waiting import until

ROOT = Path(__file__).parents[2]
PARTS = {"api", "worker", "psp", "temporal", "postgres"}


def record(data_dir: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data_dir / "stack.json").read_text())
    return content


async def test_a_stack_restarts_any_part_keeps_its_addresses_and_goes_on_next_time(
    tmp_path: Path, stand_in_oms: Sequence[str]
) -> None:
    async with Stack(data_dir=tmp_path, port=None, workers=2, oms=stand_in_oms) as stack:
        before = record(tmp_path)
        assert set(before["pids"]) == PARTS | {"worker-2"}
        assert stat.S_IMODE((tmp_path / "stack.json").stat().st_mode) == 0o600
        connection = await asyncpg.connect(stack.database_url)
        await connection.execute("CREATE TABLE kept ()")
        await connection.close()

        for pid in before["pids"].values():
            os.kill(pid, signal.SIGKILL)
        await until(lambda: not set(record(tmp_path)["pids"].values()) & set(before["pids"].values()))

        after = record(tmp_path)
        assert before | {"pids": None} == after | {"pids": None}
        with pytest.raises(DataDirError, match="in use"):
            await Stack(data_dir=tmp_path, port=None, oms=stand_in_oms).__aenter__()
    assert not any(is_running(pid) for pid in after["pids"].values())
    assert not (tmp_path / "stack.json").exists()

    async with Stack(data_dir=tmp_path, port=None, oms=stand_in_oms) as stack:
        connection = await asyncpg.connect(stack.database_url)
        assert await connection.fetchval("SELECT count(*) FROM kept") == 0
        await connection.close()
        assert stack.psp_url == before["psp_url"]
        assert stack.database_url == before["database_url"]


async def test_servers_that_the_environment_names_are_used(
    tmp_path: Path, stand_in_oms: Sequence[str]
) -> None:
    env = {"DATABASE_URL": "postgresql://elsewhere/db", "TEMPORAL_ADDRESS": "elsewhere:7233"}

    async with Stack(data_dir=tmp_path, port=None, env=env, oms=stand_in_oms) as stack:
        assert record(tmp_path)["pids"]["postgres"] is None
        assert record(tmp_path)["temporal_address"] == "elsewhere:7233"
        assert set(stack.pids) == {"api", "worker", "psp"}
        assert await answers_ok(stack.api_url + "/readyz") is None


async def test_a_migration_that_fails_is_told_and_leaves_nothing(
    tmp_path: Path, stand_in_oms: Sequence[str]
) -> None:
    env = {"DATABASE_URL": "x", "TEMPORAL_ADDRESS": "x", "FAILS": "setup"}

    with pytest.raises(SetupFailedError, match="no such table"):
        await Stack(data_dir=tmp_path, port=None, env=env, oms=stand_in_oms).__aenter__()

    assert not (tmp_path / "stack.json").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_oms_dev_prints_ready_and_a_signal_even_twice_stops_it_with_exit_code_0(
    tmp_path: Path, stand_in_oms: Sequence[str], number: signal.Signals
) -> None:
    port = free_port()
    script = (
        "import functools, cli.dev\n"
        f"cli.dev.Stack = functools.partial(cli.dev.Stack, oms={list(stand_in_oms)!r})\n"
        f"cli.dev.dev(['--port', '{port}', '--data-dir', {str(tmp_path)!r}])\n"
    )
    env = os.environ | {"DATABASE_URL": "x", "TEMPORAL_ADDRESS": "x"}
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-c", script], cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None

    line = await asyncio.wait_for(process.stdout.readline(), 20)
    pids = [pid for pid in record(tmp_path)["pids"].values() if pid]
    process.send_signal(number)
    process.send_signal(number)

    assert line.decode() == f"ready http://127.0.0.1:{port}\n"
    assert await process.wait() == 0
    assert not any(is_running(pid) for pid in pids)
