"""Somebody wants an order to wait, or to wait no longer."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story

_STEPS: Final = ("routing", "release", "capture")


async def hold(story: Story, luck: Luck) -> None:
    """Hold some steps, for a while or until somebody lifts it."""
    order = await story.some_order(luck)
    if order is None:
        return
    body: dict[str, Any] = {"type": "fraud", "reason": "looks odd", "blocks": luck.some(_STEPS)}
    if luck.smiles(0.5):
        body["expires_at"] = (datetime.now(UTC) + timedelta(hours=luck.number(1, 72))).isoformat()
    await story.ask("ops", f"/v1/orders/{order['id']}/holds", body, expect=(201, 409), hasty=luck.smiles(0.1))


async def lift_hold(story: Story, luck: Luck) -> None:
    """Lift one, maybe one that has ended."""
    order = await story.some_order(luck)
    if order is not None and order["holds"]:
        await lift(story, order, luck.pick(order["holds"]))


async def lift(story: Story, order: Json, held: Json) -> None:
    """Lift a hold."""
    await story.delete(f"/v1/orders/{order['id']}/holds/{held['id']}")


MOVES: Final = (Move(hold), Move(lift_hold, weight=2))
