"""Things break under the service."""

import asyncio
from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Story

_LOSE_CONNECTIONS: Final = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'throughline' AND random() < $1"""


async def workers_restart(story: Story, luck: Luck) -> None:
    """Workers and relay stop, and come back in a moment: now and then, for all stories feel it."""
    if luck.smiles(0.85):
        return
    story.tell("the workers restart")
    await story.world.crew.relieve(pause=luck.pick((0.0, 0.2)))


async def connections_break(story: Story, luck: Luck) -> None:
    """Some connections to PostgreSQL break while something is asked."""
    lost = await story.watch.fetchval(_LOSE_CONNECTIONS, luck.pick((0.2, 1.0)))
    story.tell(f"{lost} connections to the database break")
    await asyncio.sleep(0)


MOVES: Final = (Move(workers_restart), Move(connections_break))
