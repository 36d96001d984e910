"""Whether the money that is set aside covers what is owed, when what is owed changes."""

from typing import Final

from adapters.db.locked_order import LockedOrder
from domain.payment_status import PaymentStatus
from domain.settlement import status_after

_SETTLED: Final = {
    PaymentStatus.AUTHORIZED,
    PaymentStatus.CAPTURED,
    PaymentStatus.PARTIALLY_CAPTURED,
    PaymentStatus.PARTIALLY_REFUNDED,
}
_LACKING: Final = {PaymentStatus.PENDING, PaymentStatus.DECLINED}


def await_more(order: LockedOrder) -> None:
    """More is owed than is set aside: nothing may leave until the provider has said yes to the rest."""
    if not covered(order) and order.payment_status in _SETTLED:
        order.pay(PaymentStatus.PENDING)


def trust(order: LockedOrder) -> None:
    """Nobody doubts what is set aside: the order goes on with it, or waits for what lacks."""
    captured = bool(order.values["captured"])
    order.pay(status_after(order.money) if captured else PaymentStatus.AUTHORIZED)
    await_more(order)


def need_no_more(order: LockedOrder) -> bool:
    """Whether what is set aside covers what is owed by now; then nobody waits for more money."""
    enough = order.payment_status in _LACKING and covered(order)
    if enough:
        order.set(payment_due_by=None, payment_retry_at=None, declines=0)
        if order.money.remaining + order.money.captured:
            order.pay(status_after(order.money))
    return enough


def covered(order: LockedOrder) -> bool:
    """Whether all that is owed is captured or set aside."""
    position = order.money
    return position.owed <= position.captured + position.remaining
