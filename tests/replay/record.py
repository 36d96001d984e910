"""`python -m tests.replay.record [NAME …]`: run the journeys (or these) on real parts, keep their histories.

Run it after a change of the workflow that old orders may not survive, which is allowed only while there
are none; otherwise the change goes behind `workflow.patched`, and histories are added, not replaced.
"""

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Collection
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from temporalio.client import WorkflowHandle

from cli.embedded.testing import embedded_postgres
from tests.replay.adjustment_journeys import ADJUSTMENT_JOURNEYS
from tests.replay.journeys import JOURNEYS
from tests.replay.payment_journeys import PAYMENT_JOURNEYS
from tests.replay.return_journeys import RETURN_JOURNEYS
from tests.replay.steps import Journey
from tests.returning import process_of
from tests.world import World, world

HISTORIES: Final = Path(__file__).parent / "histories"
RETURNS: Final = HISTORIES / "returns"
"""The histories of the returns' own processes, each by the name of the journey that it is from."""

ADJUSTMENTS: Final = HISTORIES / "adjustments"
"""The same of the processes that settle what became due after the close."""

ALL: Final = {**JOURNEYS, **PAYMENT_JOURNEYS, **RETURN_JOURNEYS, **ADJUSTMENT_JOURNEYS}
IDENTITY: Final = re.compile(r"\d+@[\w.-]+")
"""How the SDK names its processes: pid@host, also in the names of sticky queues."""


async def main(names: Collection[str]) -> None:
    """Record journeys side by side: those of these names, or all."""
    wanted = {name: journey for name, journey in ALL.items() if not names or name in names}
    for kept in (RETURNS, ADJUSTMENTS):
        kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_postgres(Path(folder) / "postgres") as database_url:
            await migrate(database_url)
            async with world(database_url, Path(folder)) as running:
                await asyncio.gather(*(record(running, *one) for one in wanted.items()))


async def record(running: World, name: str, journey: Journey) -> None:
    """Run one journey to its end and write its history down, and those of its returns."""
    order_id = await journey(running)
    await write(running.process(order_id), HISTORIES, name)
    for sent_back in (await running.order(order_id))["returns"]:
        await write(process_of(running, sent_back["id"]), RETURNS, name)
    if name in ADJUSTMENT_JOURNEYS:
        adjustment = running.env.client.get_workflow_handle(f"adjustment:{order_id}")
        await write(adjustment, ADJUSTMENTS, name)


async def write(process: WorkflowHandle[Any, Any], folder: Path, name: str) -> None:
    """Write the history of a process that has come to its end."""
    await process.result()
    text = IDENTITY.sub("recorded", (await process.fetch_history()).to_json())
    content = json.loads(text, object_hook=without_traces)
    (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def without_traces(value: dict[str, Any]) -> dict[str, Any]:
    """The same without stack traces, which name folders of the machine."""
    return {name: one for name, one in value.items() if name != "stackTrace"}


async def migrate(database_url: str) -> None:
    """Give the database its schema."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations").joinpath("")))
    config.set_main_option(
        "sqlalchemy.url", database_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    )
    await asyncio.to_thread(command.upgrade, config, "head")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
