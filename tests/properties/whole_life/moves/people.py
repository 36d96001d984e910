"""People look at orders that stopped."""

from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story


async def attend(story: Story, luck: Luck) -> None:
    """Decide on an order, mostly one that waits for it."""
    order = await story.some_order(luck)
    if order is not None and ("attention" in order or luck.smiles(0.2)):
        await decide(story, order, luck.pick(("retry", "retry", "skip", "cancel")))


async def decide(story: Story, order: Json, action: str) -> None:
    """Tell what is to be done."""
    body = {"action": action, "reason": "looked at it"}
    answer = await story.ask("ops", f"/v1/orders/{order['id']}/attention", body)
    if action == "cancel":
        await story.note_cancel(order["id"], {}, answer)


MOVES: Final = (Move(attend, weight=2),)
