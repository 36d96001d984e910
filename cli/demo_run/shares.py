"""What a day is made of: the share of the orders that each trouble falls to. It is a rough day.

Nothing else says how often something happens on purpose. Of each kind there is one order at least, if there
are enough; what is no kind goes as it should. Shares are of all orders.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cli.demo_run.plot import Back, Demand, Payment, Plot, Snag, Way, Wish, chance


@dataclass(frozen=True, slots=True)
class Deck:
    """Fates of which an order gets at most one; `may` says which orders are dealt them at all."""

    shares: Sequence[tuple[float, dict[str, Any]]]
    may: Callable[[Plot], bool] = lambda _: True


ENDS: Final = Deck(
    (
        (0.14, {"back": Back.ELSEWHERE}),
        (0.10, {"wish": Wish.CANCEL_PICKING}),
        (0.06, {"payment": Payment.NEVER_PAYS}),
        (0.05, {"payment": Payment.GIVES_UP}),
        (0.02, {"way": Way.TO_SENDER}),
        (0.02, {"wish": Wish.CANCEL_UNIT_PICKING}),
        (0.02, {"wish": Wish.CANCEL_SHIPPING}),
        (0.02, {"wish": Wish.CANCEL_EARLY}),
        (0.02, {"wish": Wish.CANCEL_UNIT_EARLY}),
        (0.01, {"way": Way.SILENCE}),
        (0.01, {"way": Way.GIVEN_UP}),
        (0.01, {"way": Way.FOUND}),
        (0.01, {"payment": Payment.REFUSED}),
        (0.01, {"back": Back.HOME}),
        (0.01, {"back": Back.NEVER_SENT}),
        (0.01, {"back": Back.CALLED_OFF}),
        (0.02, {"back": Back.APPEASED}),
        (0.02, {"back": Back.HOME, "payment": Payment.REPAID_LATER}),
        (0.01, {"back": Back.APPEASED, "payment": Payment.REFUND_FAILS}),
        (0.02, {"wish": Wish.MORE}),
        (0.02, {"wish": Wish.MOVE}),
    )
)
"""How orders end that do not simply arrive and stay."""

PAYMENTS: Final = Deck(
    (
        (0.11, {"payment": Payment.PAYS_LATER}),
        (0.02, {"payment": Payment.REVIEWED}),
        (0.02, {"payment": Payment.CAPTURE_FAILS}),
        (0.02, {"payment": Payment.SHORT_OF_MONEY}),
        (0.02, {"payment": Payment.SLOW}),
        (0.02, {"payment": Payment.PROVIDER_DOWN}),
        (0.01, {"payment": Payment.SHORT_LIVED}),
        (0.03, {"payment": Payment.CONFIRMS}),
        (0.01, {"payment": Payment.CONFIRMS_NOT}),
        (0.02, {"payment": Payment.TAKEN_LATER}),
    ),
    lambda plot: plot.meant and plot.payment is Payment.PAYS,
)

SNAGS: Final = Deck(
    (
        (0.11, {"snag": Snag.REJECTED}),
        (0.11, {"snag": Snag.SHORT}),
        (0.03, {"snag": Snag.MANUAL}),
        (0.02, {"snag": Snag.REROUTED}),
        (0.02, {"snag": Snag.SUSPECTED}),
        (0.01, {"snag": Snag.ADDRESS_CHECKED}),
        (0.01, {"snag": Snag.UNANSWERED}),
    ),
    lambda plot: plot.meant and plot.wish is not Wish.CANCEL_PICKING,
)

DEMANDS: Final = Deck(
    (
        (0.17, {"demand": Demand.TOGETHER}),
        (0.13, {"demand": Demand.SOLD_OUT}),
    ),
    lambda plot: plot.meant and plot.wish is not Wish.CANCEL_PICKING,
)

IMPATIENT: Final = 0.08
"""Of the customers who wait for stock: those who cancel instead."""

ANNOUNCED: Final = 0.7
"""Of the lines that wait for stock: those for which a supplier says when it will come."""

DELAYED, ATTEMPTED, DISTURBED = 0.06, 0.06, 0.03
"""Of the parcels: the carrier says that it is late, that nobody was at home, that something is wrong."""

IN_TWO_PARCELS: Final = 0.15
"""Of the shipments of more than one unit."""

KEPT_IN_PART, SENT_IN_PARTS, AS_CREDIT = 0.25, 0.5, 0.3
"""Of the returns of more than one unit: some is kept; they come in two parcels. Of all: for store credit."""

MISCOUNTED: Final = 0.01
"""Counts below what is reserved, for each order."""

DISPOSITIONS: Final = {"restock": 14, "refurbish": 3, "scrap": 2, "return_to_vendor": 1}
"""What becomes of units that come back, by weight."""


def deal(count: int, seed: int) -> list[Plot]:
    """Deal each order its fate, deck by deck. With fewer orders than kinds, the first kinds come first."""
    plots = [Plot()] * count
    for number, deck in enumerate((ENDS, PAYMENTS, SNAGS, DEMANDS)):
        kinds = [kind for share, kind in deck.shares for _ in range(max(1, round(share * count)))]
        dealt = [index for index, plot in enumerate(plots) if deck.may(plot)]
        chance(seed, "deal", number).shuffle(dealt)
        for index, kind in zip(dealt, kinds, strict=False):
            plots[index] = replace(plots[index], **kind)
    return plots
