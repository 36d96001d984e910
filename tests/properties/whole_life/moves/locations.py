"""Locations do what they are asked, or say that they cannot."""

from typing import Any, Final
from uuid import uuid4

import httpx

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Json, Story

OPEN: Final = {"open", "accepted", "picking", "packed", "ready_for_pickup", "partially_shipped"}


async def some_work(story: Story, luck: Luck) -> Json | None:
    """Work asked of a location: mostly open, now and then long over."""
    order = await story.some_order(luck)
    if order is None or not order["fulfillments"]:
        return None
    open_ones = [one for one in order["fulfillments"] if one["status"] in OPEN]
    among = open_ones if open_ones and luck.smiles(0.95) else order["fulfillments"]
    work: Json = luck.pick(among)
    return work


async def step(
    story: Story, work: Json, name: str, body: dict[str, Any] | None = None, *, hasty: bool = False
) -> httpx.Response:
    """Report a step."""
    return await story.ask("ops", f"/v1/fulfillments/{work['id']}/{name}", body, hasty=hasty)


async def accept(story: Story, luck: Luck) -> None:
    """Take the work on."""
    work = await some_work(story, luck)
    if work is not None:
        await step(story, work, "accept", hasty=luck.smiles(0.1))


async def reject(story: Story, luck: Luck) -> None:
    """Refuse the work."""
    work = await some_work(story, luck)
    if work is not None:
        await step(story, work, "reject", {"reason": "damaged"})


async def pick(story: Story, luck: Luck) -> None:
    """Find everything."""
    work = await some_work(story, luck)
    if work is not None:
        await step(story, work, "pick")


async def pick_short(story: Story, luck: Luck) -> None:
    """Find less than was asked for."""
    work = await some_work(story, luck)
    if work is not None:
        lines = [
            {"line_id": line["line_id"], "quantity": luck.number(0, to_ship(line))} for line in work["lines"]
        ]
        await step(story, work, "pick", {"lines": lines})


async def pack(story: Story, luck: Luck) -> None:
    """Put it in boxes."""
    work = await some_work(story, luck)
    if work is not None:
        await step(story, work, "pack")


async def ship_all(story: Story, luck: Luck) -> None:
    """Ship all there is, by the short form, sometimes for a version that is known."""
    work = await some_work(story, luck)
    if work is not None:
        version = {"version": work["version"]} if luck.smiles(0.5) else {}
        await ship_rest(story, work, version, hasty=luck.smiles(0.1))


async def ship_rest(
    story: Story, work: Json, version: dict[str, int], *, hasty: bool = False
) -> httpx.Response:
    """Ship what is left in one parcel."""
    number = f"T-{uuid4().hex[:12]}"
    body = {"carrier": "ups", "tracking_number": number} | version
    answer = await step(story, work, "ship", body, hasty=hasty)
    story.note_shipment([number], answer)
    return answer


async def ship_parcels(story: Story, luck: Luck) -> None:
    """Ship some of it in one or two parcels."""
    work = await some_work(story, luck)
    if work is None:
        return
    parcels = [parcel for parcel in (_parcel(work, luck) for _ in range(luck.number(1, 2))) if parcel]
    if parcels:
        answer = await step(story, work, "ship", {"parcels": parcels}, hasty=luck.smiles(0.1))
        story.note_shipment([parcel["tracking_number"] for parcel in parcels], answer)


def _parcel(work: Json, luck: Luck) -> Json | None:
    left = [line for line in work["lines"] if to_ship(line)]
    if not left:
        return None
    lines = [
        {"line_id": line["line_id"], "quantity": luck.number(1, to_ship(line))} for line in luck.some(left)
    ]
    return {"carrier": "ups", "tracking_number": f"T-{uuid4().hex[:12]}", "lines": lines}


def to_ship(line: Json) -> int:
    """Units of a line that the location is still asked for."""
    return int(line["quantity"] - line["shipped"])


async def hand_out(story: Story, luck: Luck) -> None:
    """Make a pickup ready, or give it to the customer; a location that errs is told so."""
    work = await some_work(story, luck)
    if work is not None:
        await step(story, work, "collect" if work["status"] == "ready_for_pickup" else "ready")


MOVES: Final = (
    Move(accept, weight=2),
    Move(reject, weight=2),
    Move(pick),
    Move(pick_short, weight=2),
    Move(pack),
    Move(ship_all, weight=3),
    Move(ship_parcels, weight=3),
    Move(hand_out, weight=2),
)
