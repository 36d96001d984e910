"""People give customers money back though nothing comes back, before the close and after it."""

from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story

_ANSWERS: Final = (201, 403, 409)
"""It is owed, more than the role may give, or more than is left."""


async def give_back(story: Story, luck: Luck) -> None:
    """Give one order's customer something back, mostly where something was captured."""
    order = await story.some_order(luck)
    if order is not None and (order["totals"]["captured"] or luck.smiles(0.1)):
        await appease(story, order, luck)


async def appease(story: Story, order: Json, luck: Luck) -> None:
    """Give some of what was captured, rarely more; to the card, as credit, or both."""
    amount = luck.number(1, max(order["totals"]["captured"], 1)) + 10**6 * luck.smiles(0.1)
    body = {"amount": amount, "reason": "dented", "to_store_credit": luck.pick((0, 0, amount // 3, amount))}
    path = f"/v1/orders/{order['id']}/refunds"
    await story.ask(luck.pick(("ops", "admin")), path, body, expect=_ANSWERS, hasty=luck.smiles(0.1))


MOVES: Final = (Move(give_back, weight=2),)
