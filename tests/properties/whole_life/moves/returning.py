"""Customers send things back, to anywhere, and somebody looks at them."""

from typing import Any, Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story
from tests.world import PLACES

OVER: Final = {"completed", "rejected", "expired", "cancelled"}
_DISPOSITIONS: Final = ("restock", "restock", "refurbish", "scrap", "return_to_vendor")


async def request_return(story: Story, luck: Luck) -> None:
    """Ask to send back some of what arrived, rarely more than that."""
    order = await story.some_order(luck)
    if order is None:
        return
    await send_back(story, order, luck, more=luck.smiles(0.05))


async def send_back(story: Story, order: Json, luck: Luck, *, more: bool = False) -> None:
    """Ask to send some of what arrived back."""
    arrived = [line for line in order["lines"] if line["quantities"]["delivered"]]
    if not arrived:
        return
    lines = [
        {
            "line_id": line["line_id"],
            "quantity": luck.number(1, line["quantities"]["delivered"]) + more,
            "reason": "too small",
        }
        for line in luck.some(arrived)
    ]
    body = {"lines": lines, "refund_to": luck.pick(("original", "original", "store_credit", "exchange"))}
    path = f"/v1/orders/{order['id']}/returns"
    await story.ask("ops", path, body, expect=(201, 409), hasty=luck.smiles(0.1))


async def some_return(story: Story, luck: Luck) -> Json | None:
    """A return, mostly one that is not over."""
    order = await story.some_order(luck)
    if order is None or not order["returns"]:
        return None
    open_ones = [one for one in order["returns"] if one["status"] not in OVER]
    back: Json = luck.pick(open_ones if open_ones and luck.smiles(0.95) else order["returns"])
    return back


async def receive_return(story: Story, luck: Luck) -> None:
    """Some of it comes in somewhere."""
    back = await some_return(story, luck)
    if back is not None:
        await receive(story, back, luck, everything=luck.smiles(0.5))


async def receive(story: Story, back: Json, luck: Luck, *, everything: bool) -> None:
    """Take in what is still to come, or some of it."""
    lines = [
        {"line_id": line["line_id"], "quantity": to_come if everything else luck.number(1, to_come)}
        for line in back["lines"]
        if (to_come := line["quantity"] - line["received"])
    ]
    if lines:
        body = {"location_id": luck.pick(tuple(PLACES)), "lines": lines if everything else luck.some(lines)}
        await story.ask("ops", f"/v1/returns/{back['id']}/receive", body, hasty=luck.smiles(0.1))


async def inspect_return(story: Story, luck: Luck) -> None:
    """Somebody looks at what came in, and rarely at what did not."""
    back = await some_return(story, luck)
    if back is not None:
        await inspect(story, back, luck, more=luck.smiles(0.05))


async def inspect(story: Story, back: Json, luck: Luck, *, more: bool = False) -> None:
    """Give what came in its disposition."""
    lines: list[dict[str, Any]] = [
        {"line_id": line["line_id"], "quantity": came + more, "disposition": luck.pick(_DISPOSITIONS)}
        for line in back["lines"]
        if (came := line["received"] - line["inspected"])
    ]
    if lines:
        path = f"/v1/returns/{back['id']}/inspect"
        await story.ask("ops", path, {"lines": lines}, hasty=luck.smiles(0.1))


async def call_return_off(story: Story, luck: Luck) -> None:
    """The customer keeps it, or nobody wants it."""
    back = await some_return(story, luck)
    if back is not None:
        action = luck.pick(("cancel", "reject"))
        await story.ask("ops", f"/v1/returns/{back['id']}/{action}", {"reason": "it fits after all"})


MOVES: Final = (
    Move(request_return, weight=3),
    Move(receive_return, weight=2),
    Move(inspect_return, weight=2),
    Move(call_return_off),
)
