"""However an order is shipped and sent back, no part of it is credited beyond what was invoiced of it."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from domain.accounts import Shares
from domain.invoicing import (
    DocumentLine,
    ShippingPart,
    SoldLine,
    credit_shares,
    invoice_shares,
    part_of,
)

PARTS = ("items", "shipping", "tax", "total")


@st.composite
def sold_lines(draw: st.DrawFn) -> SoldLine:
    quantity, unit_price = draw(st.integers(1, 12)), draw(st.integers(0, 1200))
    net = quantity * unit_price - draw(st.integers(0, quantity * unit_price))
    taxed = draw(st.integers(0, net))
    if draw(st.booleans()):
        return SoldLine("1", "mug", quantity, unit_price, 0, net, contained_tax=taxed)
    return SoldLine("1", "mug", quantity, unit_price, taxed, net + taxed)


@dataclass
class Documents:
    """An order as its documents tell of it."""

    lines: list[SoldLine]
    shipping: ShippingPart
    left: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    invoices: list[Shares] = field(default_factory=list)
    notes: list[tuple[Shares, list[DocumentLine]]] = field(default_factory=list)
    shipping_back: bool = False

    def sums(self) -> tuple[Shares, Shares]:
        names = ("items", "shipping", "adjustment", "tax")
        both = (self.invoices, [shares for shares, _ in self.notes])
        first, second = ({name: sum(getattr(one, name) for one in kind) for name in names} for kind in both)
        return Shares(**first), Shares(**second)

    def ship(self, line: int, units: int) -> None:
        units = min(units, self.lines[line].quantity - self.left[line])
        if units:
            shipping = ShippingPart() if self.invoices else self.shipping
            part = part_of(self.lines[line], self.left[line], units)
            self.invoices.append(invoice_shares([part], shipping=shipping))
            self.left[line] += units

    def send_back(self, line: int, units: int, kept: int) -> None:
        units = min(units, self.left[line] - self.back[line])
        parts = [part_of(self.lines[line], self.back[line], units)] if units else []
        self.back[line] += units
        before = self.shipping_back
        self.shipping_back |= self.back == [one.quantity for one in self.lines]
        shipping = self.shipping.amount if self.shipping_back and not before else 0
        self.credit(sum(part.amount for part in parts) + shipping - kept, parts)

    def credit(self, amount: int, parts: list[DocumentLine]) -> None:
        invoiced, credited = self.sums()
        amount = min(amount, invoiced.total - credited.total)
        if amount <= 0:
            return
        beyond = self.shipping.beyond(credited.shipping).within(amount)
        shares = credit_shares(
            amount,
            parts,
            shipping=beyond if self.shipping_back else ShippingPart(),
            taxed=invoiced.tax - credited.tax,
            invoiced=invoiced.total - credited.total,
        )
        self.notes.append((shares, parts))
        assert shares.total == amount


STEPS = st.tuples(st.sampled_from(["ship", "back", "give"]), st.integers(0, 2), st.integers(1, 12),
                  st.integers(0, 3000))  # fmt: skip


@given(
    lines=st.lists(sold_lines(), min_size=1, max_size=3),
    shipping=st.builds(
        lambda net, tax: ShippingPart(net + tax, tax), st.integers(0, 900), st.integers(0, 90)
    ),
    steps=st.lists(STEPS, max_size=25),
)
def test_nothing_is_credited_beyond_what_was_invoiced_of_it(
    lines: list[SoldLine], shipping: ShippingPart, steps: list[tuple[str, int, int, int]]
) -> None:
    order = Documents(lines, shipping, left=[0] * len(lines), back=[0] * len(lines))
    for kind, line, units, amount in steps:
        if kind == "ship":
            order.ship(line % len(lines), units)
        elif kind == "back":
            order.send_back(line % len(lines), units, amount // 20)
        else:
            order.credit(amount, [])

        invoiced, credited = order.sums()
        for part in PARTS:
            assert getattr(credited, part) <= getattr(invoiced, part), part
    for shares, parts in order.notes:
        assert shares.items == sum(part.net for part in parts)
        assert shares.tax == sum(part.taxes for part in parts) + shares.shipping_tax + shares.adjustment_tax


def test_the_last_unit_after_appeasements_is_credited_at_its_price() -> None:
    mugs = [SoldLine("1", "mug", 2, 1000, 160, 2160)]
    order = Documents(mugs, ShippingPart(300), left=[0], back=[0])
    order.ship(0, 2)
    order.credit(50, [])
    order.send_back(0, 1, 0)
    order.credit(1000, [])

    order.credit(1080, [part_of(mugs[0], 1, 1)])

    shares, _ = order.notes[-1]
    assert (shares.items, shares.adjustment, shares.tax, shares.total) == (1000, -689, 19, 330)
    invoiced, credited = order.sums()
    assert (credited.items, credited.tax, credited.total) == (2000, 160, 2460)
    assert invoiced.total == credited.total
