"""What the policy's rules ask of a plan as a whole, for the search to keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Shape:
    """The structure that a plan must have.

    `bundles` are sets of line ids that ship in one shipment or wait together, each line of them
    whole; no line is in two. Every shipment, and what is left over, is worth at least
    `min_part_value` by `value_by_line` (minor units a unit), or is nothing. `ship_complete` leaves
    all or nothing behind. A unit left behind costs `backorder_penalty`, or outweighs all cost.
    """

    max_shipments: int | None = None
    bundles: tuple[frozenset[str], ...] = ()
    min_part_value: Decimal = Decimal(0)
    value_by_line: Mapping[str, Decimal] = field(default_factory=dict)
    ship_complete: bool = False
    backorder_penalty: Decimal | None = None

    def together(self, line_ids: frozenset[str]) -> tuple[frozenset[str], ...]:
        """Return the bundles with these lines as one, joined with every bundle that they touch."""
        apart = [bundle for bundle in self.bundles if not bundle & line_ids]
        touched = [bundle for bundle in self.bundles if bundle & line_ids]
        return (*apart, line_ids.union(*touched)) if line_ids else self.bundles
