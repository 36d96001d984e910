"""Our ledger against a provider's books, for one day: every difference, and the sums of both sides."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.payment import BookedEffect

SUCCEEDED: Final = "succeeded"
"""The status of an effect that took place."""

FAILED: Final = "failed"
"""That of a refund that took place and did not last; the ledger has no other effects."""

LATE: Final = timedelta(days=1)
"""How far the two sides may be apart in when they say that one effect was."""


class DifferenceKind(StrEnum):
    """What is not the same; `here` is our ledger, `there` are the provider's books."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    TWICE_THERE = "twice_there"
    OTHER_ORDER = "other_order"
    OTHER_STEP = "other_step"
    OTHER_STATUS = "other_status"
    OTHER_CURRENCY = "other_currency"
    OTHER_AMOUNT = "other_amount"
    OTHER_FEE = "other_fee"


@dataclass(frozen=True, slots=True)
class Difference:
    """One effect on which the two sides do not agree; None where a side does not know it."""

    kind: DifferenceKind
    ours: BookedEffect | None
    theirs: BookedEffect | None

    @property
    def known(self) -> BookedEffect:
        """The effect as the side that knows it tells it, ours first."""
        known = self.ours or self.theirs
        if known is None:
            raise AssertionError("a difference about nothing")
        return known


@dataclass(frozen=True, slots=True)
class Total:
    """What one side has of one kind in one currency, in minor units."""

    count: int = 0
    amount: int = 0
    fees: int = 0


Totals = Mapping[tuple[str, str], tuple[Total, Total]]
"""(Ours, theirs) by step and currency."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a day came to."""

    differences: tuple[Difference, ...]
    totals: Totals


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day of UTC, and of the next."""
    first = datetime.combine(day, time(), UTC)
    return first, first + timedelta(days=1)


def is_over(day: date, now: datetime) -> bool:
    """Whether a day of UTC has ended; `now` is aware."""
    return bounds(day)[1] <= now


def reconcile(ours: Iterable[BookedEffect], theirs: Iterable[BookedEffect], day: date) -> Settlement:
    """Compare a day of the provider's.

    `theirs` reach `LATE` beyond the day on both sides, and back to when what we had on it was asked for;
    `ours` are those of the day and all that `theirs` of the day name. An effect belongs to the day on which
    the provider says that it was, as its statement does; one that the provider does not know belongs to ours.
    """
    first, end = bounds(day)
    here = {effect.idempotency_key: effect for effect in ours}
    there: dict[str, list[BookedEffect]] = {}
    for effect in theirs:
        there.setdefault(effect.idempotency_key, []).append(effect)
    differences: list[Difference] = []
    counted: list[tuple[BookedEffect | None, BookedEffect | None]] = []
    for key in sorted(here.keys() | there.keys()):
        own, booked = here.get(key), there.get(key, [])
        if booked and not any(first <= effect.at < end for effect in booked):
            continue
        differences += _differences(own, booked)
        counted += [(own if n == 0 else None, effect) for n, effect in enumerate(booked)] or [(own, None)]
    return Settlement(tuple(differences), _totals(counted))


def _differences(ours: BookedEffect | None, booked: list[BookedEffect]) -> Iterator[Difference]:
    if not booked:
        yield Difference(DifferenceKind.MISSING_THERE, ours, None)
        return
    happened = [effect for effect in booked if effect.status == SUCCEEDED]
    for again in happened[1:]:
        yield Difference(DifferenceKind.TWICE_THERE, ours, again)
    theirs = (happened or booked)[0]
    if ours is None:
        if happened:
            yield Difference(DifferenceKind.MISSING_HERE, None, theirs)
        return
    for kind, name in _COMPARED.items():
        if getattr(ours, name) != getattr(theirs, name):
            yield Difference(kind, ours, theirs)


_COMPARED: Final = {
    DifferenceKind.OTHER_ORDER: "order_id",
    DifferenceKind.OTHER_STEP: "step",
    DifferenceKind.OTHER_STATUS: "status",
    DifferenceKind.OTHER_CURRENCY: "currency",
    DifferenceKind.OTHER_AMOUNT: "amount",
    DifferenceKind.OTHER_FEE: "fee",
}


def _totals(pairs: Iterable[tuple[BookedEffect | None, BookedEffect | None]]) -> Totals:
    sums: dict[tuple[str, str], tuple[Counter[str], Counter[str]]] = {}
    for pair in pairs:
        for side, effect in enumerate(pair):
            if effect is not None and effect.status == SUCCEEDED:
                both = sums.setdefault((effect.step.value, effect.currency), (Counter(), Counter()))
                both[side].update(count=1, amount=effect.amount, fees=effect.fee)
    return {kind: (Total(**ours), Total(**theirs)) for kind, (ours, theirs) in sorted(sums.items())}
