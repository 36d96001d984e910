"""What units cost the customer, to the minor unit, however they are split."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.errors import InvalidContent
from domain.quantities import LineQuantities

LARGEST_TOTAL: Final = 10**15
"""The most that an order may ever come to, its cancelled units included, in minor units."""


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Split `amount` in proportion to `weights` by largest remainder; ties go to the earlier part.

    The parts sum to `amount`; with all weights 0 it is split evenly. ValueError for no parts.
    """
    if not weights:
        raise ValueError("nothing to split over")
    shares = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(shares)
    parts = [amount * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(amount * shares[i] % whole), i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line's money: what the storefront said, or our allocation of the order's sums."""

    gross: int
    discount: int
    tax: int

    @property
    def amount(self) -> int:
        """What the customer pays for the whole line."""
        return self.gross - self.discount + self.tax


@dataclass(frozen=True, slots=True)
class OrderPrice:
    """An order's money in minor units.

    `shipping` is net of what discount the items could not take; `shipping_tax` is added to it.
    """

    lines: tuple[PricedLine, ...]
    shipping: int
    shipping_tax: int = 0

    @property
    def tax(self) -> int:
        """What is added to the prices as tax."""
        return sum(line.tax for line in self.lines) + self.shipping_tax

    @property
    def total(self) -> int:
        """What the customer pays for everything."""
        return sum(line.amount for line in self.lines) + self.shipping + self.shipping_tax


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """What a storefront says of one line; None means that it left the part to us."""

    quantity: int
    unit_price: int
    discount: int | None = None
    tax: int | None = None


@dataclass(frozen=True, slots=True)
class UntaxedPrice:
    """An order's money before tax: each line's price and discount, and shipping net of what is left of it."""

    gross: tuple[int, ...]
    discounts: tuple[int, ...]
    shipping: int

    @property
    def net(self) -> tuple[int, ...]:
        """What each line costs before tax."""
        return tuple(whole - part for whole, part in zip(self.gross, self.discounts, strict=True))

    def taxed(self, taxes: Sequence[int], shipping_tax: int = 0) -> OrderPrice:
        """Add each line's tax, and shipping's."""
        lines = zip(self.gross, self.discounts, taxes, strict=True)
        return OrderPrice(tuple(PricedLine(*parts) for parts in lines), self.shipping, shipping_tax)


def price_order(lines: Sequence[QuotedLine], *, shipping: int, discount: int, tax: int) -> OrderPrice:
    """Price an order whose storefront says the tax; its discount and tax are its lines' sums.

    Raises InvalidContent, naming the line, when the lines' parts that are given cannot sum to the order's.
    """
    untaxed = price_before_tax(lines, shipping=shipping, discount=discount)
    return untaxed.taxed(share("tax", [line.tax for line in lines], tax, untaxed.net))


def price_before_tax(lines: Sequence[QuotedLine], *, shipping: int, discount: int) -> UntaxedPrice:
    """Price an order up to its tax.

    The discount is taken off the lines, as they say or in proportion to what they cost; what is more than all
    of them cost is taken off shipping. Raises InvalidContent, naming the line, when that cannot be.
    """
    gross = [line.quantity * line.unit_price for line in lines]
    on_items = min(discount, sum(gross))
    if discount - on_items > shipping:
        raise InvalidContent("the discount is more than items and shipping cost", "/discount")
    given = [line.discount for line in lines]
    for index, (part, whole) in enumerate(zip(given, gross, strict=True)):
        if part is not None and part > whole:
            raise InvalidContent("more than the line costs", f"/lines/{index}/discount")
    discounts = share("discount", given, on_items, gross, at_most=gross)
    return UntaxedPrice(tuple(gross), tuple(discounts), shipping - (discount - on_items))


def share(
    name: str,
    given: Sequence[int | None],
    whole: int,
    weights: Sequence[int],
    *,
    at_most: Sequence[int] | None = None,
) -> list[int]:
    """Each line's part of what the order says: as given, the rest in proportion over those that say none.

    Raises InvalidContent when no rest makes the parts sum up: it names the first line that is off, to the
    side on which the sum is, from what we would have given it.
    """
    silent = [index for index, part in enumerate(given) if part is None]
    stated = sum(part for part in given if part is not None)
    rest = whole - stated
    room = rest if at_most is None else sum(at_most[index] for index in silent)
    if rest < 0 or rest > (room if silent else 0):
        raise _not_summing_up(name, given, whole, allocate(whole, weights))
    filled = iter(allocate(rest, [weights[index] for index in silent]) if silent else ())
    return [next(filled) if part is None else part for part in given]


def _not_summing_up(
    name: str, given: Sequence[int | None], whole: int, ours: Sequence[int]
) -> InvalidContent:
    stated = sum(part for part in given if part is not None)
    wrong = next(
        index
        for index, (part, own) in enumerate(zip(given, ours, strict=True))
        if part is not None and (part > own if stated > whole else part < own)
    )
    sums = f"the lines' {name} sums to {stated}, the order's {name} is {whole}"
    text = f"{sums}; this line's should be {ours[wrong]}"
    return InvalidContent(text, f"/lines/{wrong}/{name}")


def value_of(amount: int, quantity: int, units: int) -> int:
    """What the first `units` of a line cost; the last unit takes the rounding, so any split sums up."""
    return (2 * amount * units + quantity) // (2 * quantity)


def value_of_left(amount: int, quantities: LineQuantities) -> int:
    """What the units of a line that ever left a location cost."""
    return value_of(amount, quantities.ordered, quantities.left)


def to_pay(lines: Iterable[tuple[int, int, int]], *, shipping: int) -> int:
    """What an order comes to in minor units, shipping for as long as any unit is not cancelled.

    Of each line: what all of it costs, the units that were ordered, and those that were not cancelled.
    """
    cost, any_left = 0, False
    for amount, ordered, live in lines:
        cost += value_of(amount, ordered, live)
        any_left = any_left or live > 0
    return cost + (shipping if any_left else 0)
