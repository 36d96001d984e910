import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.embedded.keeper import PartFailedError
from cli.embedded.part import Part
from cli.embedded.processes import is_running, running_with
from cli.embedded.supervisor import Supervisor
from tests.cli.waiting import until

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
LAST_WORDS = """
import signal, sys, time
def end(*_):
    open({path!r}, "a").write({name!r})
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
"""
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from cli.embedded.part import Part
from cli.embedded.supervisor import Supervisor

async def main():
    async with Supervisor(Path(sys.argv[1])) as supervisor:
        await supervisor.start(Part(name="sleeper", command=["sleep", "60"]))
        print(supervisor.pids["sleeper"], flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def python(script: str) -> Sequence[str]:
    return [sys.executable, "-c", script]


def sleeper(name: str = "sleeper") -> Part:
    return Part(name=name, command=["sleep", "60"])


async def test_a_part_that_is_killed_runs_again_and_its_new_pid_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    async with Supervisor(tmp_path, on_change=lambda pids: told.append(pids["sleeper"])) as supervisor:
        await supervisor.start(sleeper())
        first = supervisor.pids["sleeper"]

        os.kill(first, signal.SIGKILL)
        await until(lambda: len(told) == 2)

        assert told == [first, supervisor.pids["sleeper"]]
        assert is_running(told[1])
    assert not is_running(told[1])


async def test_output_of_a_part_is_in_its_log(tmp_path: Path) -> None:
    part = Part(name="talker", command=python("print('hello', flush=True); import time; time.sleep(60)"))

    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(part)
        await until(lambda: (tmp_path / "talker.log").read_text() == "hello\n")


async def test_a_part_that_cannot_start_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    async def never(_pid: int) -> str | None:
        return "not yet"

    part = Part(name="broken", command=python("raise SystemExit('no such table')"), ready=never)

    async with Supervisor(tmp_path) as supervisor:
        with pytest.raises(PartFailedError, match=r"(?s)broken: it stops again and again.*no such table"):
            await supervisor.start(part)


async def test_a_program_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    async with Supervisor(tmp_path) as supervisor:
        with pytest.raises(PartFailedError, match="No such file"):
            await supervisor.start(Part(name="absent", command=["/no/such/program"]))


async def test_a_part_that_ignores_its_stop_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(Part(name="stubborn", command=python(STUBBORN), grace=0.3))
        pid = supervisor.pids["stubborn"]
        await until(lambda: (tmp_path / "stubborn.log").read_text() == "up\n")

    assert not is_running(pid)


async def test_what_a_part_has_started_itself_is_stopped_with_it(tmp_path: Path) -> None:
    word = f"sleep 61.{os.getpid()}"
    part = Part(name="parent", command=["/bin/sh", "-c", f"{word} & wait"])

    async with Supervisor(tmp_path) as supervisor:
        await supervisor.start(part)
        await until(lambda: len(running_with(word)) == 2)

    await until(lambda: not running_with(word))


async def test_later_parts_are_stopped_first(tmp_path: Path) -> None:
    order = tmp_path / "order"
    async with Supervisor(tmp_path) as supervisor:
        for name in ("first", "second"):
            await supervisor.start(
                Part(name=name, command=python(LAST_WORDS.format(path=str(order), name=name)))
            )
        await until(lambda: all((tmp_path / f"{n}.log").read_text() for n in ("first", "second")))

    assert order.read_text() == "secondfirst"


async def test_no_part_survives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *[*python(KILLED), str(tmp_path)], cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()

    assert process.returncode == -signal.SIGKILL
    await until(lambda: not is_running(int(output)))
