"""Customers bring another means of payment."""

from typing import Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.moves.placing import TOKENS
from tests.properties.whole_life.story import Story


async def bring_payment(story: Story, luck: Luck) -> None:
    """Another token, mostly where one is asked for; it may be no better."""
    order = await story.some_order(luck)
    if order is not None and (order["status"] == "payment_pending" or luck.smiles(0.2)):
        await bring(story, order["id"], luck.pick(TOKENS))


async def bring(story: Story, order_id: str, token: str) -> None:
    """Pay with this token."""
    await story.ask("ops", f"/v1/orders/{order_id}/payment", {"token": token})


MOVES: Final = (Move(bring_payment, weight=2),)
