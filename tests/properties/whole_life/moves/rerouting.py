"""Somebody wants other locations to do it."""

from typing import Any, Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Story
from tests.world import PLACES


async def reroute(story: Story, luck: Luck) -> None:
    """All of it or one location's work: without some locations, at one, or just anywhere else."""
    order = await story.some_order(luck)
    if order is None:
        return
    body: dict[str, Any] = {"reason": "closed by snow"}
    if order["fulfillments"] and luck.smiles(0.5):
        body["fulfillment_id"] = luck.pick(order["fulfillments"])["id"]
    match luck.number(0, 2):
        case 0:
            body["exclude_locations"] = luck.some(tuple(PLACES))
        case 1:
            body["pin_location"] = luck.pick(tuple(PLACES))
    await story.ask("ops", f"/v1/orders/{order['id']}/reroute", body, hasty=luck.smiles(0.1))


MOVES: Final = (Move(reroute, weight=2),)
