"""The routing problem in whole numbers: what the search reads.

All money is scaled to one integer unit, so sums and comparisons are exact. The unit is finer than
any fraction in the input, times `shipment_rank`: each shipment adds one to its fixed cost, which
breaks equal costs in favour of fewer shipments and can never outweigh a difference in cost.
"""

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
class Demand:
    """Units that are alike: one sku at one weight, from one or more order lines."""

    sku: str
    weight_g: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Option:
    """One location shipping by one service.

    A location never needs two: a second shipment would pay handling and base again, and moving
    its units to the shipment with the lower price per kg makes none of them dearer. So a plan
    takes at most one option per location.

    `unit_costs` and `supply` are by demand; `cap` bounds all units together and `pools` bound the
    demands that share a sku, both only where they can bind.
    """

    location: int
    service: str
    fixed: int
    unit_costs: tuple[int, ...]
    supply: tuple[int, ...]
    cap: int | None = None
    pools: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """Options in order of fixed cost, and the quantities wanted of them.

    `groups` lists the demands that share a sku, aligned with an option's pools. A unit left
    behind costs `backorder_price`, more than all that a plan can save by leaving it.
    """

    options: tuple[Option, ...]
    quantities: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    backorder_price: int
    max_shipments: int
    coupled: bool
    scale: Scale

    def left_behind(self, total: int) -> int:
        """Units a plan of this total leaves behind: its cost is below half of their price."""
        return (total + self.backorder_price // 2) // self.backorder_price

    def cost(self, total: int) -> int:
        """The total without the price of what is left behind."""
        return total - self.left_behind(total) * self.backorder_price

    def money(self, total: int) -> Fraction:
        """The cost of a total, in minor units."""
        return self.scale.money(self.cost(total))

    def worst_total(self, left_behind: int) -> int:
        """A total that no plan leaving so many units behind reaches, nor one leaving more."""
        return left_behind * self.backorder_price + self.backorder_price // 2
