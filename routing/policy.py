"""How to choose: the objective's weights and the hard limits, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from routing.errors import RoutingInputError
from routing.network import check_cost


@dataclass(frozen=True, slots=True)
class Policy:
    """A routing policy. Money is minor units.

    `shipment_penalty` is added to the objective for every shipment, `opportunity_price` for every
    unit of (sku, location id): what that unit would be worth to a later order. Both steer the
    choice and are no part of any shipment's cost.
    """

    name: str
    version: int = 1
    max_shipments: int | None = None
    exclude_locations: frozenset[str] = frozenset()
    include_locations: frozenset[str] | None = None
    shipment_penalty: Decimal = Decimal(0)
    opportunity_price: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_cost(self.shipment_penalty, f"policy {self.name}: shipment_penalty")
        if self.max_shipments is not None and self.max_shipments < 1:
            raise RoutingInputError(f"policy {self.name}: max_shipments must be at least 1")
        if not all(price.is_finite() for price in self.opportunity_price.values()):
            raise RoutingInputError(f"policy {self.name}: opportunity prices must be finite")
