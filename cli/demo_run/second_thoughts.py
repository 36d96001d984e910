"""Customers who want their order another way: more of it, or to another place."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from cli.demo_run.plot import Wish, chance
from cli.demo_run.stage import Stage

CHANGES: Final = frozenset({Wish.MORE, Wish.MOVE})
_SOON: Final = 1.0


async def change_order(stage: Stage, order: Mapping[str, Any], wish: Wish) -> None:
    """Have a change drafted soon after the order was placed, look at what it comes to, and confirm it."""
    draw = chance(stage.seed, order["order_number"], "change")
    await asyncio.sleep(draw.uniform(0, _SOON))
    path = f"/v1/orders/{order['id']}/changes"
    reply = await stage.side_door.post(path, _wanted(order, wish), key=f"change:{order['id']}")
    if reply.ok:
        path = f"{path}/{reply.body['id']}/confirm"
        reply = await stage.side_door.post(path, {}, key=f"confirm:{order['id']}")
    if not reply.ok:
        stage.diary.refuse("change", reply)


def _wanted(order: Mapping[str, Any], wish: Wish) -> dict[str, Any]:
    if wish is Wish.MOVE:
        # Another house in the street: what fate has in store for the order stays what it was.
        ship_to = {**order["ship_to"], "line1": "back door, " + order["ship_to"]["line1"]}
        return {"ship_to": ship_to, "reason": "the customer moves"}
    line = order["lines"][0]
    more = [{"line_id": line["line_id"], "quantity": line["quantity"] + 1}]
    return {"lines": more, "reason": "the customer wants one more"}
