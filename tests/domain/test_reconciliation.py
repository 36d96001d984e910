"""A day of the ledger against a provider's books: each difference by name, and none where none is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.payment import BookedEffect, MoneyStep
from domain.reconciliation import DifferenceKind, Total, is_over, reconcile

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EFFECT = BookedEffect("ord_1", MoneyStep.CAPTURE, 1500, "USD", "succeeded", "ord_1:capture:1", NOON, 44)


def found(ours: list[BookedEffect], theirs: list[BookedEffect]) -> list[str]:
    return [one.kind for one in reconcile(ours, theirs, DAY).differences]


def test_the_same_on_both_sides_is_no_difference() -> None:
    settlement = reconcile([EFFECT], [replace(EFFECT, at=NOON - timedelta(seconds=3))], DAY)

    assert settlement.differences == ()
    assert settlement.totals == {("capture", "USD"): (Total(1, 1500, 44), Total(1, 1500, 44))}


@pytest.mark.parametrize(
    ("kind", "theirs"),
    [
        (DifferenceKind.OTHER_AMOUNT, {"amount": 1499}),
        (DifferenceKind.OTHER_FEE, {"fee": 45}),
        (DifferenceKind.OTHER_CURRENCY, {"currency": "EUR"}),
        (DifferenceKind.OTHER_STATUS, {"status": "failed"}),
        (DifferenceKind.OTHER_STEP, {"step": MoneyStep.REFUND}),
        (DifferenceKind.OTHER_ORDER, {"order_id": "ord_2"}),
    ],
)
def test_whatever_the_provider_says_otherwise_is_a_difference(
    kind: DifferenceKind, theirs: dict[str, Any]
) -> None:
    (difference,) = reconcile([EFFECT], [replace(EFFECT, **theirs)], DAY).differences

    assert difference.kind is kind
    assert difference.known.order_id == "ord_1"


def test_what_one_side_does_not_know_is_missing_there() -> None:
    assert found([EFFECT], []) == ["missing_there"]
    assert found([], [EFFECT]) == ["missing_here"]


def test_what_the_provider_did_not_do_lacks_nowhere() -> None:
    assert found([], [replace(EFFECT, status="declined"), replace(EFFECT, status="pending")]) == []


def test_an_effect_twice_in_the_books_is_a_difference_though_the_ledger_has_it() -> None:
    settlement = reconcile([EFFECT], [EFFECT, EFFECT], DAY)

    assert [one.kind for one in settlement.differences] == ["twice_there"]
    assert settlement.totals["capture", "USD"] == (Total(1, 1500, 44), Total(2, 3000, 88))


def test_an_effect_belongs_to_the_providers_day() -> None:
    before_midnight = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    told_late = replace(EFFECT, at=before_midnight + timedelta(seconds=2))

    today = reconcile([told_late], [replace(EFFECT, at=before_midnight)], DAY)
    tomorrow = reconcile([told_late], [replace(EFFECT, at=before_midnight)], DAY + timedelta(days=1))

    assert today.differences == tomorrow.differences == ()
    assert (len(today.totals), len(tomorrow.totals)) == (1, 0)


def test_a_refusal_and_a_success_under_one_key_are_one_effect() -> None:
    assert found([EFFECT], [replace(EFFECT, status="failed"), EFFECT]) == []


def test_a_day_is_over_with_its_last_moment() -> None:
    day = date(2026, 11, 23)

    assert not is_over(day, datetime(2026, 11, 23, 23, 59, 59, 999_999, UTC))
    assert is_over(day, datetime(2026, 11, 24, tzinfo=UTC))
