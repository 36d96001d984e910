"""The order's status is one total function of the other axes, and its precedence holds everywhere."""

from dataclasses import replace
from itertools import product

from domain.order_status import Axes, OrderStatus, status_of
from domain.payment_status import PaymentStatus
from domain.quantities import Bucket, LineQuantities

UNITS = [LineQuantities(*counts) for counts in product((0, 1), repeat=len(Bucket)) if any(counts)]
FLAGS = list(product((False, True), repeat=5))
EVERYTHING = [Axes(units, payment, *flags) for units, payment, flags in product(UNITS, PaymentStatus, FLAGS)]


def at(payment: PaymentStatus = PaymentStatus.AUTHORIZED, **buckets: int) -> OrderStatus:
    return status_of(Axes(LineQuantities(**buckets), payment))


def test_every_combination_of_the_axes_has_a_status() -> None:
    reached = {status_of(axes) for axes in EVERYTHING}

    assert reached == set(OrderStatus)


def test_attention_comes_before_everything_but_the_close() -> None:
    stopped = {axes for axes in EVERYTHING if axes.attention and not axes.closed}

    assert {status_of(axes) for axes in stopped} == {OrderStatus.NEEDS_ATTENTION}


def test_what_is_asked_after_the_close_leaves_the_status_as_it_is() -> None:
    late = [axes for axes in EVERYTHING if axes.closed]

    assert all(status_of(axes) is status_of(replace(axes, attention=False)) for axes in late)


def test_an_order_of_cancelled_units_is_cancelled_whatever_else_is_true() -> None:
    gone = [axes for axes in EVERYTHING if axes.units.live == 0 and (axes.closed or not axes.attention)]

    assert {status_of(axes) for axes in gone} == {OrderStatus.CANCELLED}


def test_only_closed_orders_are_completed() -> None:
    for axes in EVERYTHING:
        if status_of(axes) is OrderStatus.COMPLETED:
            assert axes.closed
        if axes.closed and axes.units.live:
            assert status_of(axes) in {OrderStatus.COMPLETED, OrderStatus.RETURNED}


def test_a_status_of_shipping_is_told_only_when_units_left() -> None:
    moving = {
        OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.PARTIALLY_DELIVERED,
        OrderStatus.DELIVERED,
    }  # fmt: skip

    for axes in EVERYTHING:
        assert status_of(axes) not in moving or axes.units.left > 0


def test_shipped_and_delivered_mean_that_nothing_waits_at_a_location() -> None:
    for axes in EVERYTHING:
        if status_of(axes) in {OrderStatus.SHIPPED, OrderStatus.DELIVERED}:
            assert axes.units.unshipped == 0


def test_the_life_of_an_order_reads_in_its_statuses() -> None:
    assert at(PaymentStatus.NONE, pending=2) is OrderStatus.RECEIVED
    assert at(PaymentStatus.PENDING, pending=2) is OrderStatus.PAYMENT_PENDING
    assert at(PaymentStatus.DECLINED, pending=2) is OrderStatus.PAYMENT_PENDING
    assert at(pending=2) is OrderStatus.ROUTING
    assert at(backordered=2) is OrderStatus.AWAITING_STOCK
    assert at(allocated=1, backordered=1) is OrderStatus.IN_FULFILLMENT
    assert at(shipped=1, allocated=1) is OrderStatus.PARTIALLY_SHIPPED
    assert at(shipped=2) is OrderStatus.SHIPPED
    assert at(shipped=1, delivered=1) is OrderStatus.PARTIALLY_DELIVERED
    assert at(delivered=1, backordered=1) is OrderStatus.PARTIALLY_DELIVERED
    assert at(delivered=2) is OrderStatus.DELIVERED
    assert at(delivered=1, cancelled=1) is OrderStatus.DELIVERED
    assert at(returned=2, cancelled=1) is OrderStatus.RETURNED
    assert at(cancelled=2) is OrderStatus.CANCELLED


def test_a_free_order_is_not_waited_for_to_be_paid() -> None:
    free = Axes(LineQuantities(pending=1), PaymentStatus.NONE, free=True)

    assert status_of(free) is OrderStatus.ROUTING


def test_an_order_whose_payment_is_postponed_is_where_its_units_are() -> None:
    waiting = Axes(LineQuantities(backordered=1), PaymentStatus.NONE, postponed=True)

    assert status_of(waiting) is OrderStatus.AWAITING_STOCK
    assert status_of(replace(waiting, held=True)) is OrderStatus.ON_HOLD
