import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client

from cli.embedded.account import unprivileged_account
from cli.embedded.binaries import postgres_programs, temporal_program
from cli.embedded.initdb import ClusterError, find_or_create
from cli.embedded.part import Part
from cli.embedded.ports import free_port
from cli.embedded.postgres import prepare_postgres
from cli.embedded.processes import is_running, running_with
from cli.embedded.supervisor import Supervisor
from cli.embedded.temporal import Temporal
from cli.embedded.testing import embedded_postgres, embedded_temporal
from tests.cli.waiting import until


async def test_a_killed_postgres_comes_back_on_its_port_with_its_rows(tmp_path: Path) -> None:
    postgres = prepare_postgres(tmp_path, port=free_port(), durable=True)
    async with Supervisor(tmp_path / "logs") as supervisor:
        await supervisor.start(postgres.part())
        connection = await asyncpg.connect(postgres.url)
        await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
        busy = await asyncpg.connect(postgres.url)
        first = supervisor.pids["postgres"]

        os.kill(first, signal.SIGKILL)
        await until(lambda: supervisor.pids["postgres"] != first)
        connection.terminate()
        busy.terminate()

        assert await value_when_up(postgres.url, "SELECT id FROM kept") == 1
        assert await value_when_up(postgres.url, "SHOW fsync") == "on"
    assert not running_with(postgres.files.mark)
    found = find_or_create(tmp_path, postgres.programs, postgres.account, throwaway=False)
    assert found == postgres.files


async def value_when_up(url: str, query: str) -> object:
    while True:
        try:
            connection = await asyncpg.connect(url)
        except (OSError, asyncpg.CannotConnectNowError):
            await asyncio.sleep(0.02)
            continue
        value: object = await connection.fetchval(query)
        await connection.close()
        return value


async def test_a_stale_lock_file_with_a_living_pid_does_not_stop_postgres(tmp_path: Path) -> None:
    postgres = prepare_postgres(tmp_path, port=free_port(), durable=False)
    (postgres.folder / "postmaster.pid").write_text(f"{os.getppid()}\n{postgres.folder}\n")

    async with Supervisor(tmp_path / "logs") as supervisor:
        await supervisor.start(postgres.part())
    postgres.discard()


async def test_postgres_for_tests_takes_the_password_only_and_leaves_nothing(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SHOW fsync") == "off"
        folder = str(await connection.fetchval("SHOW data_directory"))
        await connection.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url, password="wrong")

    assert folder == str(tmp_path / "postgres") or not os.path.exists(folder)  # noqa: ASYNC240, PTH110


def test_a_cluster_that_cannot_be_made_is_an_error_with_the_programs_words(tmp_path: Path) -> None:
    account = unprivileged_account()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "initdb").write_text("#!/bin/sh\necho no space left >&2; exit 1\n")
    (programs / "initdb").chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if account and folder.stat().st_uid == os.geteuid() and "pytest" in str(folder):
            folder.chmod(0o755)

    with pytest.raises(ClusterError, match="no space left"):
        find_or_create(tmp_path, programs, account, throwaway=True)


def test_the_programs_that_postgres_runs_can_be_run_by_its_account() -> None:
    account = unprivileged_account()

    programs = postgres_programs(account)

    assert account is None or account.can_run(programs / "initdb")


async def test_temporal_on_a_file_keeps_workflows_through_a_kill(tmp_path: Path) -> None:
    port, http_port = free_port(), free_port()
    temporal = Temporal(port=port, http_port=http_port, database=tmp_path / "temporal.db")
    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(temporal.part())
        client = await Client.connect(temporal.address)
        handle = await client.start_workflow("Any", id="order:1", task_queue="orders")
        first = supervisor.pids["temporal"]

        os.kill(first, signal.SIGKILL)
        await until(lambda: supervisor.pids["temporal"] != first)

        assert (await handle.describe()).id == "order:1"
        last = supervisor.pids["temporal"]
    assert not is_running(last)


async def test_temporal_for_tests_answers_at_its_address() -> None:
    async with embedded_temporal() as address:
        client = await Client.connect(address)
        assert await client.service_client.check_health()


async def test_temporal_can_be_run_by_the_sdk_where_no_wheel_brings_it(tmp_path: Path) -> None:
    temporal = Temporal(port=free_port(), http_port=free_port())
    program, options = temporal_program(), temporal.part().command[3:]
    script = (
        "from cli.embedded.temporal_download import main;"
        f"main({[str(option) for option in options]!r}, program={str(program)!r})"
    )
    root = Path(__file__).parents[2]
    part = Part(
        name="temporal", command=[sys.executable, "-c", script], folder=root, ready=temporal.part().ready
    )

    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(part)
    assert not running_with("start-dev", f"--port {temporal.port}")
