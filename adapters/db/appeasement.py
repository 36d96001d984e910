"""Appeasements: money that somebody gives a customer back though nothing comes back for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from adapters.db.locked_order import LockedOrder
from adapters.db.refunds import Owed, given_back, owe_refund
from adapters.db.tables import refunds
from domain.errors import AboveCap, NotRefundable
from domain.refund_policy import RefundKind


@dataclass(frozen=True, slots=True)
class Appeasement:
    """What is given and why, in minor units: `amount` in all, `credit` of it as store credit."""

    amount: int
    credit: int
    reason: str


Caps = Mapping[str, Mapping[str, int]]
"""By role and currency, what keys of the role may give per order in all; minor units."""


async def appease(order: LockedOrder, given: Appeasement, *, role: str, caps: Caps) -> int:
    """Give a customer money back without a return; returns the refund's number.

    A role without caps may give all that is left, and one with caps nothing in a currency that has none.
    Raises NotRefundable for more than was captured and is not given back, AboveCap for more than the role
    may give. What was skipped counts as given, here as there. Does not save the order.
    """
    left = max(order.values["captured"] - given_back(order), 0)
    if given.amount > left:
        raise NotRefundable(_too_much(order, left))
    if role in caps:
        await _keep_to(order, given.amount, role, caps[role].get(order.values["currency"]))
    owed = Owed(RefundKind.APPEASEMENT, given.reason, amount=given.amount - given.credit, credit=given.credit)
    number = await owe_refund(order, owed)
    if number is None:
        raise AssertionError("an appeasement of nothing")
    return number


def _too_much(order: LockedOrder, left: int) -> str:
    if not order.values["captured"]:
        return "0 can be refunded: nothing has been captured"
    captured = order.values["captured"]
    return f"{left} can be refunded: the rest of {captured} captured has been given back or is promised"


async def _keep_to(order: LockedOrder, amount: int, role: str, cap: int | None) -> None:
    if cap is None:
        currency = order.values["currency"]
        raise AboveCap(f"the role {role} may give nothing in {currency}: no cap is set for this currency")
    earlier = await order.connection.execute(
        select(func.coalesce(func.sum(refunds.c.amount), 0)).where(
            refunds.c.order_id == order.id,
            refunds.c.kind == RefundKind.APPEASEMENT.value,
            refunds.c.actor.startswith(f"{role}:", autoescape=True),
        )
    )
    given = int(earlier.scalar_one())
    if given + amount > cap:
        raise AboveCap(
            f"without approval the role {role} may give {cap} on one order in all; {given} was given before"
        )
