"""What an invoice or a credit note says of units, to the minor unit, however a line is split."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.accounts import Shares
from domain.pricing import value_of


class DocumentKind(StrEnum):
    """A shipment is invoiced; what is owed back is credited."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


def may_collide(prefix: str, other: str) -> bool:
    """Whether a number behind the one prefix can read as a number behind the other."""
    shorter, longer = sorted((prefix, other), key=len)
    rest = longer.removeprefix(shorter)
    return longer.startswith(shorter) and (not rest or rest.isdecimal())


@dataclass(frozen=True, slots=True)
class SoldLine:
    """An order line as it was sold; money of the whole line in minor units, `amount` includes tax.

    `tax` was added to the price, `contained_tax` was in it already.
    """

    line_id: str
    sku: str
    quantity: int
    unit_price: int
    tax: int
    amount: int
    contained_tax: int = 0


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Some units of an order line on a document: `amount` = units × unit_price − discount + tax.

    `contained_tax`: what of the price is tax already, where prices include it.

    With a discount of less than one minor unit per unit, its share may be −1 where the rounding says so.
    """

    line_id: str
    sku: str
    units: int
    unit_price: int
    discount: int
    tax: int
    amount: int
    contained_tax: int = 0

    @property
    def taxes(self) -> int:
        """All tax on the units."""
        return self.tax + self.contained_tax

    @property
    def net(self) -> int:
        """What the units cost without tax."""
        return self.amount - self.taxes


def part_of(line: SoldLine, before: int, units: int) -> DocumentLine:
    """The next `units` of a line of which `before` are on documents already; all parts sum to the line."""
    first, last = _first_units(line, before), _first_units(line, before + units)
    amount, tax, contained = (end - start for start, end in zip(first, last, strict=True))
    discount = units * line.unit_price + tax - amount
    return DocumentLine(line.line_id, line.sku, units, line.unit_price, discount, tax, amount, contained)


def _first_units(line: SoldLine, units: int) -> tuple[int, int, int]:
    """What so many units cost, the tax added to it and the tax in it; more units are never less of any.

    Nor are they without tax: beside a discount, which has its own rounding, tax is a share of the amount.
    """
    amount = value_of(line.amount, line.quantity, units)
    if line.amount - line.tax == line.quantity * line.unit_price:
        tax, contained = (value_of(one, line.quantity, units) for one in (line.tax, line.contained_tax))
        return amount, tax, contained
    whole = line.tax + line.contained_tax
    taxes = value_of(whole, line.amount, amount) if whole else 0
    tax = value_of(line.tax, whole, taxes) if whole else 0
    return amount, tax, taxes - tax


@dataclass(frozen=True, slots=True)
class ShippingPart:
    """What of a document is for shipping: `amount` includes its tax."""

    amount: int = 0
    tax: int = 0

    @property
    def net(self) -> int:
        """What it costs without tax."""
        return self.amount - self.tax

    def beyond(self, net: int) -> "ShippingPart":
        """What is left of it when so much of it, without tax, is on documents already."""
        left = max(self.net - net, 0)
        tax = value_of(self.tax, self.net, left) if self.net else 0
        return ShippingPart(left + tax, tax)

    def within(self, amount: int) -> "ShippingPart":
        """As much of it as an amount can hold."""
        if self.amount <= amount:
            return self
        return ShippingPart(amount, value_of(self.tax, self.amount, amount))


def invoice_shares(lines: Sequence[DocumentLine], *, shipping: ShippingPart) -> Shares:
    """What an invoice over these units is made of."""
    return Shares(
        items=sum(line.net for line in lines),
        shipping=shipping.net,
        tax=sum(line.taxes for line in lines) + shipping.tax,
        shipping_tax=shipping.tax,
    )


def credit_shares(
    amount: int, lines: Sequence[DocumentLine], *, shipping: ShippingPart, taxed: int, invoiced: int
) -> Shares:
    """What a credit note over `amount` is made of.

    `lines`: the units that are paid back; `shipping`: what of the amount is for shipping; the rest of the
    amount, which may be below 0, is an adjustment. `taxed` of `invoiced` is the tax that was invoiced and not
    credited so far: what is given beyond units and shipping bears its part of it, and never more is credited:
    units bring back all of theirs, and the adjustment takes off what had been credited before.
    """
    adjustment = amount - shipping.amount - sum(line.amount for line in lines)
    own = sum(line.taxes for line in lines) + shipping.tax
    on_top = min(taxed - own, 0)
    if adjustment > 0 and not on_top:
        left = max(invoiced - (amount - adjustment), adjustment)
        on_top = value_of(taxed - own, left, adjustment)
    return Shares(
        items=sum(line.net for line in lines),
        shipping=shipping.net,
        adjustment=adjustment - on_top,
        tax=own + on_top,
        shipping_tax=shipping.tax,
        adjustment_tax=on_top,
    )
