"""What fate has in store for each order: drawn from the seed, so that a run can be had again."""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Wish(StrEnum):
    """What the customer comes to wish after ordering."""

    KEEP = "keep"
    CANCEL_EARLY = "cancel early"
    CANCEL_UNIT_EARLY = "cancel a unit early"
    CANCEL_PICKING = "cancel while picking"
    CANCEL_UNIT_PICKING = "cancel a unit while picking"
    CANCEL_SHIPPING = "cancel at the moment of shipping"


@dataclass(frozen=True, slots=True)
class Plot:
    """One order's fate: how it is paid, and what the customer comes to wish."""

    token: str = "tok_ok"  # noqa: S105 (the provider's scripted tokens are no secrets)
    wish: Wish = Wish.KEEP


_SHARES: Final = (
    (0.09, Plot(wish=Wish.CANCEL_PICKING)),
    (0.05, Plot(wish=Wish.CANCEL_UNIT_PICKING)),
    (0.03, Plot(wish=Wish.CANCEL_SHIPPING)),
    (0.03, Plot(wish=Wish.CANCEL_EARLY)),
    (0.03, Plot(wish=Wish.CANCEL_UNIT_EARLY)),
    (0.03, Plot("tok_declined")),
    (0.03, Plot("tok_timeout_once")),
    (0.03, Plot("tok_down_3")),
)


@dataclass(frozen=True, slots=True)
class Basket:
    """An order to be placed: the body of the POST, its fate, and what its freight cost in real life."""

    body: dict[str, Any]
    plot: Plot
    freight_paid: int | None = None

    @property
    def number(self) -> str:
        """The storefront's order number."""
        return str(self.body["order_number"])


def deal(count: int, seed: int) -> list[Plot]:
    """Deal a fate to each order: most keep what they ordered, of each other kind there is one at least.

    With fewer orders than kinds, the first kinds come first.
    """
    deck = [plot for share, plot in _SHARES for _ in range(max(1, round(share * count)))]
    deck = (deck + [Plot()] * count)[:count]
    random.Random(f"{seed} deal").shuffle(deck)  # noqa: S311 (a game)
    return deck


def chance(*names: object) -> random.Random:
    """A source of chance of its own for each name, so that timing does not change what is drawn."""
    return random.Random(" ".join(str(name) for name in names))  # noqa: S311 (a game)
