"""Risk: what was authorized is judged, held for a reviewer, or let go; once, unless the order costs more.

Orders are counted without a lock. Each order is committed before its own authorization is asked for, and each
decision counts all that is committed by then: of any orders placed within one window, the one that is decided
last counts all the others. So of them never as many are accepted as a rule calls too many.
"""

from datetime import timedelta

from sqlalchemy import BigInteger, cast, func, insert, literal, select

from adapters.db.cancellation import cancel
from adapters.db.holding import NewHold, end_reviews, place_hold
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.securing import trust
from adapters.db.tables import orders, risk_decisions
from domain.errors import StateConflict
from domain.holds import REVIEW, HeldStep
from domain.payment import Signals
from domain.payment_status import PaymentStatus
from domain.risk import Facts, RiskPolicy, UnansweredReview, Verdict, decide


async def judge(order: LockedOrder, key: str, signals: Signals, policy: PaymentPolicy) -> None:
    """Decide about money that was set aside under a key, and say where the payment stands then.

    Accepted, the order goes on. For a review it is held, all steps of it. Declined, what has not shipped is
    cancelled, so that the authorization is let go. Does not save the order.
    """
    facts = await _facts(order, signals, policy.risk)
    decision = decide(policy.risk, facts)
    told = {"rule": decision.rule, **facts.as_dict()}
    await order.connection.execute(
        insert(risk_decisions).values(
            intent_key=key,
            order_id=order.id,
            verdict=decision.verdict.value,
            rule=decision.rule,
            facts=facts.as_dict(),
            at=order.now,
        )
    )
    order.record(f"risk.{decision.verdict}", **told)
    if decision.verdict is Verdict.REVIEW:
        order.pay(PaymentStatus.REVIEW)
        await _ask_reviewer(order, decision.rule, policy.review_within)
        return
    if order.payment_status is not PaymentStatus.REVIEW:  # an earlier doubt is not answered by this
        trust(order)
    if decision.verdict is Verdict.DECLINED and order.units.unshipped:
        await cancel(order, None, reason="risk_declined")


async def costs_more_than_judged(order: LockedOrder) -> bool:
    """Whether the order costs more by now than when it was last judged."""
    amount = cast(risk_decisions.c.facts["amount"].astext, BigInteger)
    found = await order.connection.execute(
        select(func.max(amount)).where(risk_decisions.c.order_id == order.id)
    )
    return order.money.live > (found.scalar_one() or 0)


async def doubted(order: LockedOrder, policy: RiskPolicy) -> bool:
    """Whether our own rules, asked before any provider, do not simply accept the order."""
    known = policy.without_signals
    return decide(known, await _facts(order, Signals(), known)).verdict is not Verdict.ACCEPTED


async def _ask_reviewer(order: LockedOrder, rule: str | None, within: timedelta | None) -> None:
    expires_at = None if within is None else order.now + within
    await place_hold(order, NewHold(REVIEW, f"risk: {rule}", tuple(HeldStep), expires_at))


async def _facts(order: LockedOrder, signals: Signals, policy: RiskPolicy) -> Facts:
    row = order.values
    return Facts(
        signals=signals,
        amount=order.money.live,
        currency=row["currency"],
        orders_of_customer=await _count(order, "customer_id", policy, most=policy.most_of_customer),
        orders_to_address=await _count(order, "ship_to_digest", policy, most=policy.most_to_address),
    )


async def _count(order: LockedOrder, column: str, policy: RiskPolicy, *, most: int) -> int | None:
    """Orders placed within the window of this one that have the same there, at most so many.

    None when nobody asks, or there is nothing there: orders of an older version have no digest.
    """
    value, placed_at = order.values[column], order.values["placed_at"]
    if not most or value is None:
        return None
    around = orders.c.placed_at.between(placed_at - policy.window, placed_at + policy.window)
    alike = orders.c[column] == value
    found = select(literal(1)).select_from(orders).where(alike, around).limit(most).subquery()
    counted = await order.connection.execute(select(func.count()).select_from(found))
    return int(counted.scalar_one())


def in_review(order: LockedOrder) -> bool:
    """Whether a reviewer is asked about the payment of an order that is not over."""
    asked = order.payment_status is PaymentStatus.REVIEW and bool(order.units.live)
    return asked and any(hold.type == REVIEW for hold in order.holds)


async def release(order: LockedOrder, *, reason: str) -> None:
    """A reviewer says yes: the order goes on. Raises StateConflict when nobody is asked.

    Does not save the order.
    """
    _check_asked(order)
    order.record("review.released", reason=reason)
    await end_reviews(order, "hold.lifted")


async def reject(order: LockedOrder, *, reason: str) -> None:
    """A reviewer says no: what has not shipped is cancelled and the authorization let go.

    Raises StateConflict when nobody is asked, NothingToCancel when all has left. Does not save the order.
    """
    _check_asked(order)
    order.record("review.rejected", reason=reason)
    await cancel(order, None, reason="review_rejected")
    await end_reviews(order, "hold.ended")
    trust(order)


def _check_asked(order: LockedOrder) -> None:
    if not in_review(order):
        raise StateConflict(f"no review is asked for: payment_status is {order.payment_status}")


async def end_unanswered_review(order: LockedOrder, then: UnansweredReview) -> None:
    """The last hold of a review expired and nobody has answered: the policy does. Does not save the order."""
    unanswered = order.payment_status is PaymentStatus.REVIEW and order.units.live
    if not unanswered or any(hold.type == REVIEW for hold in order.holds):
        return
    order.record("review.expired", then=then.value)
    if then is UnansweredReview.REJECT and order.units.unshipped:
        await cancel(order, None, reason="review_expired")
    trust(order)
