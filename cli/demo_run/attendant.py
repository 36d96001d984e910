"""The operator who looks after orders that stopped: tries the step again, and in the end gives up."""

import asyncio
from collections import Counter
from typing import Final

from cli.demo_run.stage import Stage
from cli.demo_run.watch import Watch

_LOOK_EVERY: Final = 2.0
_TRIES: Final = 3


async def attend(stage: Stage, watch: Watch) -> None:
    """Look for orders that need attention for as long as the run lasts."""
    tries: Counter[str] = Counter()
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        for order in watch.open():
            if order["status"] != "needs_attention":
                continue
            order_id = order["id"]
            tries[order_id] += 1
            action = "retry" if tries[order_id] <= _TRIES else "cancel"
            reply = await stage.desk.post(
                f"/v1/orders/{order_id}/attention",
                {"action": action, "reason": "looked into"},
                key=f"attend:{order_id}:{tries[order_id]}",
            )
            if not reply.ok:
                stage.diary.refuse("attention", reply)
