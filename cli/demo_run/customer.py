"""Customers who change their minds, confirm a payment or cannot pay, by way of customer service."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from cli.demo_run.plot import Payment, Wish, chance
from cli.demo_run.stage import Stage

_SOON: Final = 1.5
_THINKING: Final = (1.0, 3.0)
_JSON: Final = {"Content-Type": "application/json"}


async def change_mind_early(stage: Stage, order: Mapping[str, Any], wish: Wish) -> None:
    """Cancel the order or one unit of it soon after it was placed, at whatever step it is."""
    draw = chance(stage.seed, order["order_number"], "early")
    await asyncio.sleep(draw.uniform(0, _SOON))
    units = {}
    if wish is Wish.CANCEL_UNIT_EARLY:
        units = {draw.choice(order["lines"])["line_id"]: 1}
    await cancel(stage, order["id"], units, key="early")


async def cancel(stage: Stage, order_id: str, units: Mapping[str, int], *, key: str) -> bool:
    """Cancel the units by line id, all that has not shipped when none are named; whether it was granted."""
    body: dict[str, Any] = {"reason": "customer_request"}
    if units:
        body["lines"] = [{"line_id": line_id, "quantity": n} for line_id, n in units.items()]
    path = f"/v1/orders/{order_id}/cancel"
    reply = await stage.desk.post(path, body, key=f"cancel:{key}:{order_id}")
    if reply.ok:
        stage.diary.note_cancel(order_id, units, reply.body)
    else:
        stage.diary.refuse("cancel", reply)
    return reply.ok


def asked_for_another(order: Mapping[str, Any]) -> bool:
    """Whether an order waits for another means of payment."""
    return bool(order["payment_status"] == "declined")


async def hear_of_decline(stage: Stage, order: Mapping[str, Any]) -> None:
    """Bring another token, give up, or let the grace pass."""
    payment = stage.diary.plot_of(order["order_number"]).payment
    draw = chance(stage.seed, order["order_number"], "declined")
    await asyncio.sleep(draw.uniform(*_THINKING))
    if payment in {Payment.PAYS_LATER, Payment.CONFIRMS_NOT}:
        path = f"/v1/orders/{order['id']}/payment"
        reply = await stage.shop.post(path, {"token": "tok_ok"}, key=f"pay:{order['id']}")
        if not reply.ok:
            stage.diary.refuse("payment", reply)
    elif payment is Payment.GIVES_UP:
        await cancel(stage, order["id"], {}, key="declined")


def asked_to_confirm(order: Mapping[str, Any]) -> bool:
    """Whether the bank asks the customer whether it is they who pay."""
    return bool(order["payment_status"] == "action_required")


async def confirm_at_the_bank(stage: Stage, order: Mapping[str, Any]) -> None:
    """Go to the page that the order names, and pass there, or fail."""
    fails = stage.diary.plot_of(order["order_number"]).payment is Payment.CONFIRMS_NOT
    await asyncio.sleep(chance(stage.seed, order["order_number"], "confirm").uniform(*_THINKING))
    outcome = json.dumps({"outcome": "failed" if fails else "passed"})
    url = order["payment_action"]["url"]
    reply = await stage.shop.send("POST", url, content=outcome, headers=lambda: _JSON)
    if not reply.ok:
        stage.diary.refuse("confirmation", reply)
