"""Changes to an order that was placed: what is asked, and what it would come to, before anybody agrees.

A line's units never change their price: more units of a line are a new line of the same product and price,
and fewer are cancelled units. So what has shipped keeps what it cost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import floor

from domain.errors import InvalidContent, StateConflict
from domain.invoicing import SoldLine
from domain.pricing import to_pay, value_of
from domain.quantities import LineQuantities


class ChangeStatus(StrEnum):
    """Where a change stands; an expired one was never answered."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line as it is: what it was sold for, and where its units are."""

    sold: SoldLine
    quantities: LineQuantities

    @property
    def line_id(self) -> str:
        """1, 2, 3 … in its order."""
        return self.sold.line_id


@dataclass(frozen=True, slots=True)
class LineWanted:
    """How many units of a line the customer wants in all, those that have shipped included."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class AddedLine:
    """A new line; `tax` and `discount` for all its units, minor units."""

    sku: str
    quantity: int
    unit_price: int
    discount: int = 0
    tax: int = 0

    @property
    def gross(self) -> int:
        """What the units cost without discount and tax."""
        return self.quantity * self.unit_price

    @property
    def amount(self) -> int:
        """What the customer pays for the line."""
        return self.gross - self.discount + self.tax


@dataclass(frozen=True, slots=True)
class LineChange:
    """What becomes of the units of one product; `line_id` is None for a line that is yet to be."""

    line_id: str | None
    sku: str
    before: int
    after: int
    amount: int
    """What the customer pays more for it, below 0 when it is less."""


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What a change comes to: `cut` units by line, lines to add, and what the customer pays, minor units."""

    cut: Mapping[str, int]
    added: tuple[AddedLine, ...]
    lines: tuple[LineChange, ...]
    to_pay_before: int
    to_pay_after: int


def plan_change(
    lines: Sequence[OrderedLine],
    wanted: Sequence[LineWanted],
    added: Sequence[AddedLine],
    *,
    shipping: int,
) -> ChangePlan:
    """Work a change out; `shipping` is charged for as long as any unit is not cancelled.

    Raises InvalidContent for lines that the order does not have, StateConflict for units that have shipped.
    """
    known = {line.line_id: line for line in lines}
    cut: dict[str, int] = {}
    more = list(added)
    changes: list[LineChange] = []
    for index, one in enumerate(wanted):
        line = known.pop(one.line_id, None)
        if line is None:
            raise InvalidContent(
                "the order has no such line, or it is named twice", f"/lines/{index}/line_id"
            )
        difference = one.quantity - line.quantities.live
        if difference > 0:
            more.append(_more_of(line, difference))
        elif difference < 0:
            cut[line.line_id] = -difference
            changes.append(_cut(line, -difference))
    changes += [LineChange(None, one.sku, 0, one.quantity, one.amount) for one in more]
    before, after = _to_pay(lines, {}, (), shipping), _to_pay(lines, cut, more, shipping)
    return ChangePlan(cut, tuple(more), tuple(changes), before, after)


def with_taxes(
    plan: ChangePlan, lines: Sequence[OrderedLine], added: Sequence[AddedLine], *, shipping: int
) -> ChangePlan:
    """The same plan where a change of the tax comes with it: what lines and shipping cost then."""
    cuts = tuple(one for one in plan.lines if one.line_id is not None)
    more = tuple(LineChange(None, one.sku, 0, one.quantity, one.amount) for one in added)
    after = _to_pay(lines, plan.cut, added, shipping)
    return replace(plan, added=tuple(added), lines=cuts + more, to_pay_after=after)


def _cut(line: OrderedLine, units: int) -> LineChange:
    left = line.quantities.unshipped
    if units > left:
        raise StateConflict(
            f"{units} units fewer of line {line.line_id} are asked for: {left} have not shipped"
        )
    live = line.quantities.live
    amount = _value(line, live - units) - _value(line, live)
    return LineChange(line.line_id, line.sold.sku, live, live - units, amount)


def _more_of(line: OrderedLine, units: int) -> AddedLine:
    """More units at the line's price and rate of tax, without its discount: that was for what was ordered."""
    sold = line.sold
    net = sold.amount - sold.tax
    gross = units * sold.unit_price
    tax = floor(Fraction(sold.tax * gross, net) + Fraction(1, 2)) if net else 0
    return AddedLine(sold.sku, units, sold.unit_price, tax=tax)


def _to_pay(
    lines: Sequence[OrderedLine], cut: Mapping[str, int], more: Sequence[AddedLine], shipping: int
) -> int:
    kept = (
        (line.sold.amount, line.quantities.ordered, line.quantities.live - cut.get(line.line_id, 0))
        for line in lines
    )
    return to_pay([*kept, *((one.amount, one.quantity, one.quantity) for one in more)], shipping=shipping)


def _value(line: OrderedLine, units: int) -> int:
    return value_of(line.sold.amount, line.quantities.ordered, units)
