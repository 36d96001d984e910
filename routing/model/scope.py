"""Which orders a stored policy is for, and which of several is meant."""

from dataclasses import dataclass, fields
from typing import Final

from routing.model.order import RoutingOrder

_WEIGHTS: Final = {"customer_tiers": 5, "service_levels": 4, "categories": 3, "channels": 2, "regions": 1}


@dataclass(frozen=True, slots=True)
class Scope:
    """Orders that fit every field that is given; None asks nothing.

    A region is a country, or a country and a region of it: "US", "US-NY". `categories` asks that
    every line is of one of them.
    """

    channels: frozenset[str] | None = None
    regions: frozenset[str] | None = None
    customer_tiers: frozenset[str] | None = None
    service_levels: frozenset[str] | None = None
    categories: frozenset[str] | None = None

    def covers(self, order: RoutingOrder) -> bool:
        """Whether the order fits."""
        to = order.destination
        return (
            _fits(self.channels, {order.channel})
            and _fits(self.customer_tiers, {order.customer_tier})
            and _fits(self.service_levels, {order.service_level})
            and (self.categories is None or self.categories >= {line.category for line in order.lines})
            and _fits(self.regions, {to.country, f"{to.country}-{to.region}"})
        )

    @property
    def specificity(self) -> tuple[int, ...]:
        """The higher, the more specific: by how many fields are given.

        Of as many, tier goes before service level, category, channel and region.
        """
        given = sorted((_WEIGHTS[name] for name in self.given), reverse=True)
        return (len(given), *given)

    def overlaps(self, other: "Scope") -> bool:
        """Whether an order could fit both, and neither is the more specific."""
        if self.given != other.given:
            return False
        return all(getattr(self, name) & getattr(other, name) for name in self.given)

    @property
    def given(self) -> list[str]:
        """Names of the fields that ask something."""
        return [one.name for one in fields(self) if getattr(self, one.name) is not None]


def _fits(wanted: frozenset[str] | None, found: set[str | None]) -> bool:
    return wanted is None or not wanted.isdisjoint(found)
