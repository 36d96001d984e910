"""Somebody looks at a payment that was doubted."""

from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Story

_ANSWERS: Final = ("release", "release", "reject")


async def answer_review(story: Story, luck: Luck) -> None:
    """Answer, mostly where a review is asked for."""
    order = await story.some_order(luck)
    if order is None or (order["payment_status"] != "review" and not luck.smiles(0.1)):
        return
    body = {"decision": luck.pick(_ANSWERS), "reason": "looked at it"}
    await story.ask("ops", f"/v1/orders/{order['id']}/review", body, hasty=luck.smiles(0.1))


MOVES: Final = (Move(answer_review),)
