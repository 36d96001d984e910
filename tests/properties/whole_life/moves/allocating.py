"""A person decides which location ships what."""

from typing import Any, Final

import httpx

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story
from tests.world import PLACES


async def allocate(story: Story, luck: Luck) -> None:
    """By the best suggestion, or by a whim: for one location, some or all of what waits."""
    order = await story.some_order(luck)
    if order is None:
        return
    waiting = units_that_wait(order)
    if waiting and luck.smiles(0.5):
        await allocate_as_suggested(story, order)
    elif waiting:
        lines = [
            {"line_id": line, "quantity": luck.number(1, units)}
            for line, units in luck.some([*waiting.items()])
        ]
        await _post(story, order, [{"location_id": luck.pick(tuple(PLACES)), "lines": lines}])
    elif luck.smiles(0.1):
        lines = [{"line_id": "1", "quantity": 1}]
        await _post(story, order, [{"location_id": luck.pick(tuple(PLACES)), "lines": lines}])


async def allocate_as_suggested(story: Story, order: Json) -> bool:
    """Do what is ranked first; False when nothing is suggested, or it is too late for it."""
    suggested = (await story.get(f"/v1/orders/{order['id']}/suggestions"))["suggestions"]
    usable = [one["allocations"] for one in suggested if one["allocations"]]
    return bool(usable) and (await _post(story, order, usable[0])).is_success


async def _post(story: Story, order: Json, allocations: list[dict[str, Any]]) -> httpx.Response:
    return await story.ask("ops", f"/v1/orders/{order['id']}/allocate", {"allocations": allocations})


def units_that_wait(order: Json) -> dict[str, int]:
    """Units by line that no location has been asked for."""
    waiting = {
        line["line_id"]: line["quantities"]["pending"] + line["quantities"]["backordered"]
        for line in order["lines"]
    }
    return {line: units for line, units in waiting.items() if units}


MOVES: Final = (Move(allocate, weight=2),)
