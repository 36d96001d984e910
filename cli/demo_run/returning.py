"""What comes back: customers who send things back, and the locations that take them in and look at them."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

from cli.demo_run.carrier import Handed
from cli.demo_run.plot import Back, Way, chance
from cli.demo_run.shares import AS_CREDIT, DISPOSITIONS, KEPT_IN_PART, SENT_IN_PARTS
from cli.demo_run.stage import Stage

_ON_ITS_WAY: Final = (0.3, 1.0)
_FOR_A_DENT: Final = 300
_GRADES: Final = ("A", "B", "C")
_REASONS: Final = ("too small", "not as shown", "arrived too late", "found cheaper")

Units = Mapping[str, int]
"""Units by line id."""


async def arrive(stage: Stage, parcel: Handed, way: Way) -> None:
    """What comes of a parcel whose way has ended: its customer may not want it, its sender has it again."""
    if way is Way.TO_SENDER:
        await _take_back(stage, parcel)
        return
    back = stage.diary.plot_of(parcel.order_number).back
    if way is not Way.TO_THE_DOOR or back is Back.NOTHING:
        return
    if back is Back.APPEASED:
        await _appease(stage, parcel)
    else:
        await _send_back(stage, parcel)


async def _appease(stage: Stage, parcel: Handed) -> None:
    """Customer service gives some money back; the customer keeps what came."""
    if stage.diary.first_time(parcel.order_id, "appease"):
        body = {"amount": _FOR_A_DENT, "reason": "it arrived dented"}
        path = f"/v1/orders/{parcel.order_id}/refunds"
        reply = await stage.side_door.post(path, body, key=f"appease:{parcel.order_id}")
        if not reply.ok:
            stage.diary.refuse("refund", reply)


async def _take_back(stage: Stage, parcel: Handed) -> None:
    """What the carrier brought back is received where it came from."""
    for row in await stage.desk.pages("/v1/returns", order=parcel.order_id, status="in_transit"):
        units = {line["line_id"]: line["quantity"] for line in row["lines"]}
        draw = chance(stage.seed, row["id"], "sender")
        await _take_in(stage, row["id"], units, parcel.location_id, draw)


async def _send_back(stage: Stage, parcel: Handed) -> None:
    order = (await stage.desk.get(f"/v1/orders/{parcel.order_id}")).body
    units: Units = {line["line_id"]: line["quantities"]["delivered"] for line in order["lines"]}
    on_the_way = any(line["quantities"]["shipped"] for line in order["lines"])
    if on_the_way or not any(units.values()) or not stage.diary.first_time(parcel.order_id, "return"):
        return
    draw = chance(stage.seed, order["order_number"], "return")
    units = _some_of({line_id: n for line_id, n in units.items() if n}, draw)
    name = await _ask(stage, parcel.order_id, units, draw)
    if name is None:
        return
    await asyncio.sleep(draw.uniform(*_ON_ITS_WAY))
    shippers = {work["location_id"] for work in order["fulfillments"]}
    match stage.diary.plot_of(parcel.order_number).back:
        case Back.CALLED_OFF:
            await _call_off(stage, name)
        case Back.HOME:
            await _take_in(stage, name, units, parcel.location_id, draw)
        case Back.ELSEWHERE:
            elsewhere = [place for place in stage.locations if place not in shippers]
            for number, part in enumerate(_parts(units, draw), start=1):
                await _take_in(stage, name, part, draw.choice(elsewhere), draw, number=number)


def _some_of(units: Units, draw: Random) -> Units:
    """All of it, or all but one unit."""
    if sum(units.values()) > 1 and draw.random() < KEPT_IN_PART:
        kept = draw.choice(sorted(units))
        units = {line_id: n - (line_id == kept) for line_id, n in units.items()}
    return {line_id: n for line_id, n in units.items() if n}


def _parts(units: Units, draw: Random) -> Sequence[Units]:
    one_by_one = [line_id for line_id, n in units.items() for _ in range(n)]
    if len(one_by_one) == 1 or draw.random() >= SENT_IN_PARTS:
        return [units]
    return [Counter(one_by_one[:1]), Counter(one_by_one[1:])]


async def _ask(stage: Stage, order_id: str, units: Units, draw: Random) -> str | None:
    body = {
        "lines": [
            {"line_id": line_id, "quantity": n, "reason": draw.choice(_REASONS)}
            for line_id, n in units.items()
        ],
        "refund_to": "store_credit" if draw.random() < AS_CREDIT else "original",
    }
    reply = await stage.shop.post(f"/v1/orders/{order_id}/returns", body, key=f"return:{order_id}")
    if not reply.ok:
        stage.diary.refuse("return", reply)
        return None
    return str(reply.body["id"])


async def _call_off(stage: Stage, name: str) -> None:
    reply = await stage.shop.post(f"/v1/returns/{name}/cancel", {"reason": "it fits"}, key=f"keep:{name}")
    if not reply.ok:
        stage.diary.refuse("return cancel", reply)


async def _take_in(  # noqa: PLR0913 (what came, of which return, where, as which part of it)
    stage: Stage, name: str, units: Units, location_id: str, draw: Random, *, number: int = 1
) -> None:
    """Receive units at a location, and look at each of them."""
    lines = [{"line_id": line_id, "quantity": n} for line_id, n in units.items()]
    body: dict[str, Any] = {"location_id": location_id, "lines": lines}
    reply = await stage.desk.post(f"/v1/returns/{name}/receive", body, key=f"receive:{name}:{number}")
    if not reply.ok:
        stage.diary.refuse("receive", reply)
        return
    await asyncio.sleep(draw.uniform(*_ON_ITS_WAY))
    body = {"lines": _judged(units, draw)}
    reply = await stage.desk.post(f"/v1/returns/{name}/inspect", body, key=f"inspect:{name}:{number}")
    if not reply.ok:
        stage.diary.refuse("inspect", reply)


def _judged(units: Units, draw: Random) -> list[dict[str, Any]]:
    """A disposition for each unit, those of one line with the same one together."""
    words, weights = list(DISPOSITIONS), list(DISPOSITIONS.values())
    seen = Counter(
        (line_id, draw.choices(words, weights)[0]) for line_id, n in units.items() for _ in range(n)
    )
    return [
        {"line_id": line_id, "quantity": n, "disposition": word, "grade": draw.choice(_GRADES)}
        for (line_id, word), n in seen.items()
    ]
