"""The one decision on money, asked again and again, brings any books in line and then rests."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.payment import MoneyStep
from domain.settlement import MoneyMove, MoneyPosition, SingleCapture, next_move

AMOUNT = st.integers(min_value=0, max_value=10_000)


@st.composite
def positions(draw: st.DrawFn) -> MoneyPosition:
    """Any position that the tables allow: due within live, captured within what was ever due."""
    live = draw(AMOUNT)
    over = draw(st.booleans())
    due = live if over else draw(st.integers(0, live))
    captured = draw(st.integers(0, due))
    voided = draw(AMOUNT)
    remaining = draw(AMOUNT)
    return MoneyPosition(
        live=live, due=due, authorized=captured + voided + remaining, captured=captured, voided=voided,
        refused=draw(st.booleans()), shipping_over=over,
    )  # fmt: skip


def carried_out(position: MoneyPosition, move: MoneyMove) -> MoneyPosition:
    if move.step is MoneyStep.AUTHORIZE:
        return replace(position, authorized=position.authorized + move.amount)
    if move.step is MoneyStep.CAPTURE:
        released = position.remaining - move.amount if move.final else 0
        return replace(position, captured=position.captured + move.amount, voided=position.voided + released)
    return replace(position, voided=position.voided + move.amount)


def settled(position: MoneyPosition) -> MoneyPosition:
    for _ in range(4):
        move = next_move(position)
        if move is None:
            return position
        position = carried_out(position, move)
    raise AssertionError(f"not settled: {position}")


@given(positions())
def test_it_converges_within_four_effects(position: MoneyPosition) -> None:
    after = settled(position)

    assert next_move(after) is None
    assert after.captured + after.voided <= after.authorized


@given(positions())
def test_while_it_is_postponed_nothing_is_set_aside(position: MoneyPosition) -> None:
    move = next_move(replace(position, postponed=True))

    assert move is None or move.step is not MoneyStep.AUTHORIZE


@given(positions())
def test_each_effect_is_positive_and_within_what_it_draws_on(position: MoneyPosition) -> None:
    for _ in range(4):
        move = next_move(position)
        if move is None:
            return
        assert move.amount > 0
        if move.step is MoneyStep.CAPTURE:
            assert move.amount <= position.remaining
            assert move.amount <= position.due - position.captured
        if move.step is MoneyStep.VOID:
            assert move.amount == position.remaining
            assert position.captured >= position.due
            assert position.shipping_over
        position = carried_out(position, move)


@given(positions())
def test_what_left_is_captured_in_full_unless_paying_was_refused(position: MoneyPosition) -> None:
    after = settled(position)

    if not position.refused:
        assert after.captured == position.due
    assert position.captured <= after.captured <= position.due


@given(positions())
def test_nothing_stays_set_aside_once_nothing_more_can_ship(position: MoneyPosition) -> None:
    if position.shipping_over:
        assert settled(position).remaining == 0


@given(positions())
def test_what_may_still_ship_is_authorized_before_anything_is_drawn(position: MoneyPosition) -> None:
    unpaid = replace(position, authorized=0, captured=0, voided=0, refused=False)

    move = next_move(unpaid)

    owed = unpaid.due if unpaid.shipping_over else unpaid.live
    assert move == (MoneyMove(MoneyStep.AUTHORIZE, owed) if owed else None)


@given(positions())
def test_a_final_capture_empties_the_authorization(position: MoneyPosition) -> None:
    move = next_move(position)

    if move is not None and move.final:
        after = carried_out(position, move)
        assert after.remaining == 0
        assert after.shipping_over


@given(positions())
def test_more_than_is_held_is_asked_for_by_what_lacks(position: MoneyPosition) -> None:
    lacking = position.owed - position.captured
    move = next_move(position)

    if move is not None and move.step is MoneyStep.AUTHORIZE:
        assert (move.amount, move.renews) == (lacking - position.remaining, False)
    elif not position.refused:
        assert lacking <= position.remaining


@given(positions())
def test_nothing_is_let_go_while_something_may_still_ship(position: MoneyPosition) -> None:
    if not position.shipping_over:
        assert settled(position).voided == position.voided


@given(positions())
def test_a_renewal_is_for_all_that_is_still_to_be_captured(position: MoneyPosition) -> None:
    move = next_move(replace(position, renew=True, shipping_over=False, refused=False))

    if move is not None and move.renews:
        assert position.remaining
        assert move.amount == position.live - position.captured


@given(positions(), st.sampled_from(SingleCapture))
def test_with_one_capture_for_each_authorization_it_converges_as_well(
    position: MoneyPosition, policy: SingleCapture
) -> None:
    after = settled(replace(position, single_capture=policy))

    assert after.captured + after.voided <= after.authorized
    if policy is SingleCapture.AT_LAST_SHIPMENT and not position.shipping_over:
        assert after.captured == position.captured
    elif not position.refused:
        assert after.captured == position.due
    if not position.refused and not position.shipping_over:
        assert after.remaining >= after.owed - after.captured


@given(positions(), AMOUNT.filter(bool))
def test_what_nobody_waits_for_is_let_go_first(position: MoneyPosition, amount: int) -> None:
    assert next_move(replace(position, abandoned=amount)) == MoneyMove(MoneyStep.VOID, amount)
