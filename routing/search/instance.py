"""The routing problem in whole numbers: what the search reads.

All money is scaled to one integer unit, so sums and comparisons are exact. The unit is finer than
any fraction in the input, times `shipment_rank`: each shipment adds one to its fixed cost, which
breaks equal costs in favour of fewer shipments and can never outweigh a difference in cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Scale:
    """How many integer units make one minor unit, and the tie-break's share of it."""

    units_per_minor: int
    shipment_rank: int

    def money(self, total: int) -> Fraction:
        """Minor units of a total, without the tie-break (it is smaller than the rank)."""
        return Fraction(total // self.shipment_rank * self.shipment_rank, self.units_per_minor)

    def money_at_least(self, bound: int) -> Fraction:
        """Minor units that any total of at least `bound` comes to."""
        least = -(-(bound - self.shipment_rank + 1) // self.shipment_rank)
        return Fraction(least * self.shipment_rank, self.units_per_minor)


@dataclass(frozen=True, slots=True)
class Row:
    """A limit on the load of one option, in which a unit of each demand counts for so much."""

    limit: int
    uses: tuple[int, ...]

    def used(self, load: Sequence[int]) -> int:
        """How much of it a load takes."""
        return sum(map(int.__mul__, self.uses, load))


@dataclass(frozen=True, slots=True)
class Option:
    """One location shipping by one service, in one of its weight breaks where it has them.

    A location never needs two: a second shipment would pay handling and base again, and moving
    its units to the shipment with the lower price per kg makes none of them dearer. So a plan
    takes at most one option per location.

    `unit_costs` and `supply` are by demand; `cap` bounds all units together and `pools` bound the
    demands that share a sku, both only where they can bind. In a tangled instance `rows` say both,
    and all else that is measured otherwise than in units; a load that is sent has to use more of
    `above` than its limit. One that `must` sends something in every plan that takes it.
    """

    location: int
    service: str
    fixed: int
    unit_costs: tuple[int, ...]
    supply: tuple[int, ...]
    cap: int | None = None
    pools: tuple[int, ...] = ()
    rows: tuple[Row, ...] = ()
    above: Row | None = None
    must: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """Options in order of fixed cost, and the quantities wanted of them.

    `groups` lists the demands that share a sku, aligned with an option's pools. `waits` is what it
    costs to leave one of each demand behind. Where fewer backorders go before all cost, that is
    `backorder_price` for each unit, more than all that a plan can save by leaving it; where they
    have their price in money, `backorder_price` is 0. No plan totals as much as `ceiling`.

    Limits in units are `coupled` demands, which a flow can load. A `tangled` instance has limits
    that it cannot: `rows`, or `least_value`, what every part of a split order has to be worth by
    `values`, shipments and left-over alike. `refusal` is set where an order ships complete or not
    at all: the total of not at all. Where demands are coupled, `dearest` is what one of each costs
    at most.
    """

    options: tuple[Option, ...]
    quantities: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    waits: tuple[int, ...]
    backorder_price: int
    ceiling: int
    max_shipments: int
    coupled: bool
    scale: Scale
    tangled: bool = False
    least_value: int = 0
    values: tuple[int, ...] = ()
    refusal: int | None = None
    dearest: tuple[int, ...] = ()

    @property
    def nothing(self) -> int:
        """Total of the plan that ships nothing."""
        return sum(map(int.__mul__, self.quantities, self.waits))

    def left_behind(self, total: int) -> int:
        """Units a plan of this total leaves behind: its cost is below half of their price."""
        if not self.backorder_price:
            return 0
        return (total + self.backorder_price // 2) // self.backorder_price

    def cost(self, total: int) -> int:
        """The total without the price of what is left behind."""
        return total - self.left_behind(total) * self.backorder_price

    def money(self, total: int) -> Fraction:
        """The cost of a total, in minor units."""
        return self.scale.money(self.cost(total))

    def worst_total(self, left_behind: int) -> int:
        """A total that no plan leaving so many units behind reaches, nor one leaving more."""
        if self.refusal is not None:
            return self.backorder_price // 2  # only complete plans count
        if not self.backorder_price:
            return self.ceiling
        return left_behind * self.backorder_price + self.backorder_price // 2
