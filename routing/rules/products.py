"""Which products a rule speaks of."""

from dataclasses import dataclass

from routing.model.order import RoutingLine


@dataclass(frozen=True, slots=True)
class Products:
    """Order lines by sku, by category or by flag: one is meant that is named in any way."""

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    def __contains__(self, line: RoutingLine) -> bool:
        """Whether the line is meant."""
        named = line.sku in self.skus or line.category in self.categories
        return named or not self.flags.isdisjoint(line.flags)
