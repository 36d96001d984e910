"""The customer wants it otherwise: a draft with its preview, and an answer to it."""

from typing import Any, Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import DONE, Broken, Story

_ELSEWHERE: Final = {"line1": "2 Other Street", "lat": 36.0, "lng": -98.0}
_DRAFTED: Final = (201, 409)


async def change(story: Story, luck: Luck) -> None:
    """More or fewer units, a product more, another address; confirmed, declined, or forgotten."""
    order = await story.some_order(luck)
    if order is None:
        return
    body: dict[str, Any] = {"reason": "changed her mind"}
    if luck.smiles(0.7):
        lines = luck.some(order["lines"])
        body["lines"] = [{"line_id": one["line_id"], "quantity": luck.number(0, 5)} for one in lines]
    if luck.smiles(0.4) or "lines" not in body:
        added = {
            "sku": luck.pick(story.skus),
            "quantity": luck.number(1, 3),
            "unit_price": luck.number(0, 900),
        }
        body["add"] = [added | {"tax": luck.number(0, 50)}]
    if luck.smiles(0.3):
        body["ship_to"] = order["ship_to"] | _ELSEWHERE
    path = f"/v1/orders/{order['id']}/changes"
    drafted = await story.ask("storefront", path, body, expect=_DRAFTED)
    if drafted.status_code not in DONE or luck.smiles(0.1):
        return
    draft = drafted.json()
    step = "confirm" if luck.smiles(0.8) else "decline"
    answer = await story.ask("storefront", f"{path}/{draft['id']}/{step}", None, hasty=luck.smiles(0.1))
    if answer.is_success and answer.json()["preview"] != draft["preview"]:
        raise Broken(f"{draft['id']} was confirmed as {answer.json()['preview']}, not {draft['preview']}")


MOVES: Final = (Move(change, weight=2),)
"""A cut is a cancel, but not noted as one: what a change says is checked by its preview."""
