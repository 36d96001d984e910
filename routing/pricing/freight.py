"""The exact price of a shipment, by its units."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class FreightBreak:
    """The price of a shipment of up to max_g billable grams (and more than the break before)."""

    max_g: int
    fixed: Fraction
    per_gram: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Freight:
    """A service's price for this order, in minor units of the network; offers of one band share it.

    A shipment costs `fixed` + `per_unit` × units, by order line. Where there are breaks, that is
    surcharges alone, and the break that covers its billable grams adds its own price.
    """

    fixed: Fraction
    per_unit: tuple[Fraction, ...]
    billable_g: tuple[int, ...]
    breaks: tuple[FreightBreak, ...] = ()

    def of(self, units: tuple[int, ...]) -> Fraction:
        """Price so many units by order line; raises ValueError where they are too heavy to go."""
        extras = (each * n for each, n in zip(self.per_unit, units, strict=True) if n)
        cost = sum(extras, self.fixed)
        if not self.breaks:
            return cost
        grams = sum(map(int.__mul__, self.billable_g, units))
        for step in self.breaks:
            if grams <= step.max_g:
                return cost + step.fixed + step.per_gram * grams
        raise ValueError(f"{grams} g is more than the heaviest break")
