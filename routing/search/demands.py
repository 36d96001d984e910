"""What the search deals in: units that are alike, and lines that travel whole, as one piece each."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from routing.model.order import RoutingLine, RoutingOrder
from routing.search.shape import Shape


@dataclass(frozen=True, slots=True)
class Demand:
    """So many pieces that are alike; `lines` are places in the order, the first to be served first.

    A piece is a unit, or, where `whole`, all units of all its lines. `needs` are the units of each
    sku that one piece takes.
    """

    lines: tuple[int, ...]
    quantity: int
    needs: tuple[tuple[str, int], ...]
    whole: tuple[int, ...] = ()

    @property
    def units(self) -> int:
        """Units in one piece."""
        return sum(units for _, units in self.needs)

    def amount(self, by_line: Sequence[int]) -> int:
        """What one piece comes to, given what a unit of each order line does."""
        if not self.whole:
            return by_line[self.lines[0]]
        return sum(n * by_line[line] for line, n in zip(self.lines, self.whole, strict=True))

    def price(self, by_line: Sequence[Fraction]) -> Fraction:
        """What one piece costs, given what a unit of each order line does."""
        if not self.whole:
            return by_line[self.lines[0]]
        parts = (n * by_line[line] for line, n in zip(self.lines, self.whole, strict=True))
        return sum(parts, Fraction(0))


def demands_of(order: RoutingOrder, shape: Shape) -> tuple[Demand, ...]:
    """Join the lines whose units are alike, and those that the shape bundles."""
    bundle_of = {line_id: number for number, ids in enumerate(shape.bundles) for line_id in ids}
    joined: dict[object, list[int]] = {}
    for place, line in enumerate(order.lines):
        bundle = bundle_of.get(line.line_id)
        joined.setdefault(_likeness(line) if bundle is None else bundle, []).append(place)
    built = [
        (_whole if isinstance(key, int) else _alike)(order, tuple(places)) for key, places in joined.items()
    ]
    return tuple(sorted(built, key=lambda demand: _rank(demand, order)))


def _alike(order: RoutingOrder, places: tuple[int, ...]) -> Demand:
    lines = [order.lines[place] for place in places]
    return Demand(places, sum(line.quantity for line in lines), ((lines[0].sku, 1),))


def _whole(order: RoutingOrder, places: tuple[int, ...]) -> Demand:
    needs: dict[str, int] = {}
    for place in places:
        line = order.lines[place]
        needs[line.sku] = needs.get(line.sku, 0) + line.quantity
    whole = tuple(order.lines[place].quantity for place in places)
    return Demand(places, 1, tuple(sorted(needs.items())), whole)


def _likeness(line: RoutingLine) -> tuple[object, ...]:
    """All that can tell the units of two lines apart, sku and weight first."""
    return (
        line.sku,
        line.weight_g,
        line.dims_mm or (),
        tuple(sorted(line.flags)),
        line.category or "",
        line.keep_together or "",
        line.value,
    )


def _rank(demand: Demand, order: RoutingOrder) -> tuple[object, ...]:
    """Stand demands in an order that is not that of the input."""
    lines = [order.lines[place] for place in demand.lines]
    return (*min(map(_likeness, lines)), bool(demand.whole), min(line.line_id for line in lines))
