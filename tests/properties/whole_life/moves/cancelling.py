"""Customers change their minds."""

from typing import Any, Final

import httpx

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story

_UNSHIPPED: Final = ("pending", "backordered", "allocated")


async def cancel_order(story: Story, luck: Luck) -> None:
    """Cancel whatever has not shipped."""
    order = await story.some_order(luck)
    if order is not None:
        await cancel(story, order["id"], {}, hasty=luck.smiles(0.1))


async def cancel_units(story: Story, luck: Luck) -> None:
    """Cancel some units of some lines, rarely more than there are."""
    order = await story.some_order(luck)
    if order is not None:
        await cancel(story, order["id"], _units(order, luck), hasty=luck.smiles(0.1))


async def cancel(
    story: Story, order_id: str, units: dict[str, int], *, hasty: bool = False
) -> httpx.Response:
    """Cancel units by line, or everything when none are named, and remember what was promised."""
    body: dict[str, Any] = {"reason": "changed her mind"}
    if units:
        body["lines"] = [{"line_id": line, "quantity": quantity} for line, quantity in units.items()]
    answer = await story.ask("ops", f"/v1/orders/{order_id}/cancel", body, hasty=hasty)
    await story.note_cancel(order_id, units, answer)
    return answer


def _units(order: Json, luck: Luck) -> dict[str, int]:
    units = {}
    for line in luck.some(order["lines"]):
        left = sum(line["quantities"][bucket] for bucket in _UNSHIPPED)
        units[line["line_id"]] = luck.number(1, max(left, 1)) if luck.smiles(0.9) else left + 1
    return units


MOVES: Final = (Move(cancel_order), Move(cancel_units, weight=2))
