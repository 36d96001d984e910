"""What units cost the customer, to the minor unit, however they are split."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import InvalidContent
from domain.quantities import LineQuantities


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
    """An order's money in minor units. `shipping` is net of what discount the items could not take."""

    lines: tuple[PricedLine, ...]
    shipping: int

    @property
    def total(self) -> int:
        """What the customer pays for everything."""
        return sum(line.amount for line in self.lines) + self.shipping


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """What a storefront says of one line; None means that it left the part to us."""

    quantity: int
    unit_price: int
    discount: int | None = None
    tax: int | None = None


def price_order(lines: Sequence[QuotedLine], *, shipping: int, discount: int, tax: int) -> OrderPrice:
    """Price an order; the order's discount and tax are its lines' sums.

    Raises InvalidContent, naming the line, when the lines' parts are given and do not sum to the order's.
    """
    gross = [line.quantity * line.unit_price for line in lines]
    on_items = min(discount, sum(gross))
    if discount - on_items > shipping:
        raise InvalidContent("the discount is more than items and shipping cost", "/discount")
    discounts = _parts("discount", [line.discount for line in lines], on_items, gross)
    for index, (part, whole) in enumerate(zip(discounts, gross, strict=True)):
        if part > whole:
            raise InvalidContent("more than the line costs", f"/lines/{index}/discount")
    net = [whole - part for whole, part in zip(gross, discounts, strict=True)]
    taxes = _parts("tax", [line.tax for line in lines], tax, net)
    priced = tuple(PricedLine(*parts) for parts in zip(gross, discounts, taxes, strict=True))
    return OrderPrice(priced, shipping - (discount - on_items))


def _parts(name: str, given: list[int | None], whole: int, weights: list[int]) -> list[int]:
    if all(part is None for part in given):
        return allocate(whole, weights)
    parts = [part or 0 for part in given]
    if sum(parts) != whole:
        first = next(index for index, part in enumerate(given) if part is not None)
        raise InvalidContent(
            f"the lines' {name} sums to {sum(parts)}, the order's {name} is {whole}",
            f"/lines/{first}/{name}",
        )
    return parts


def value_of(amount: int, quantity: int, units: int) -> int:
    """What the first `units` of a line cost; the last unit takes the rounding, so any split sums up."""
    return (2 * amount * units + quantity) // (2 * quantity)


def value_of_left(amount: int, quantities: LineQuantities) -> int:
    """What the units of a line that ever left a location cost."""
    return value_of(amount, quantities.ordered, quantities.left)


def value_of_live(amount: int, quantities: LineQuantities) -> int:
    """What the units of a line that were not cancelled cost."""
    return value_of(amount, quantities.ordered, quantities.live)
