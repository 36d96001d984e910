"""The person who routes orders by hand: looks at the suggestions and takes the first that ships something."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from cli.demo_run.stage import Stage
from cli.demo_run.supplier import book_in
from cli.demo_run.watch import Watch

_LOOK_EVERY: Final = 1.5
_PAID: Final = {"authorized", "partially_captured"}


async def dispatch(stage: Stage, watch: Watch) -> None:
    """Look for orders that wait for a person to route them, for as long as the run lasts."""
    tries: Counter[str] = Counter()
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        for order in watch.open():
            if _waits(order):
                tries[order["id"]] += 1
                await _route(stage, order["id"], tries[order["id"]])


def _waits(order: Mapping[str, Any]) -> bool:
    pending = any(line["quantities"]["pending"] for line in order["lines"])
    return order["routing"] == "manual" and pending and order["payment_status"] in _PAID


async def _route(stage: Stage, order_id: str, number: int) -> None:
    reply = await stage.side_door.get(f"/v1/orders/{order_id}/suggestions")
    if not reply.ok:
        stage.diary.refuse("suggestions", reply)
        return
    first = next((one for one in reply.body["suggestions"] if one["allocations"]), None)
    if first is None:
        await _buy(stage, order_id, reply.body["pending"], number)
        return
    body = {"allocations": first["allocations"], "reason": first["why"]}
    path = f"/v1/orders/{order_id}/allocate"
    reply = await stage.side_door.post(path, body, key=f"allocate:{order_id}:{number}")
    if not reply.ok:
        stage.diary.refuse("allocate", reply)


async def _buy(stage: Stage, order_id: str, pending: list[dict[str, Any]], number: int) -> None:
    """Nobody has it: it is bought for the order."""
    order = (await stage.side_door.get(f"/v1/orders/{order_id}")).body
    skus = {line["line_id"]: line["sku"] for line in order["lines"]}
    for one in pending:
        place = stage.locations[number % len(stage.locations)]
        name = f"buy:{order_id}:{one['line_id']}:{number}"
        await book_in(stage, place, skus[one["line_id"]], one["quantity"], key=name)
