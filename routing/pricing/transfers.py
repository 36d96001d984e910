"""How units reach the store where an order is collected."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from routing.model.network import Network, TransferLeg
from routing.model.order import RoutingOrder
from routing.model.rates import Band, Service
from routing.pricing.facts import unfit
from routing.pricing.freight import Freight
from routing.pricing.tariff import GRAMS_PER_KG

ANYWHERE = Decimal("Infinity")
COLLECT = Service(
    "pickup", (Band(ANYWHERE, Decimal(0), Decimal(0), Decimal(0)),), methods=frozenset({"pickup"})
)
"""The customer comes: no carrier, at any distance; stands in where a network names no service for it."""
TRANSFER = Service("transfer", (), methods=frozenset({"pickup"}))
"""One location brings units to the store of another."""


class Transfers:
    """The legs to the store of a pickup order, by where they begin, priced for the order.

    Nothing is brought to a store that cannot hand it out.
    """

    def __init__(self, order: RoutingOrder, network: Network, now: datetime) -> None:
        store = next((place for place in network.locations if place.id == order.pickup_location), None)
        shut = store is not None and unfit(store, order, now) is not None
        coming = () if shut else network.transfers
        legs = {leg.origin: leg for leg in coming if leg.store == order.pickup_location}
        self._priced = {origin: _priced(leg, order) for origin, leg in legs.items()}

    def leg(self, location_id: str) -> tuple[Band, Freight] | None:
        """The band and price from a location, or None where it brings nothing to that store."""
        return self._priced.get(location_id)


def _priced(leg: TransferLeg, order: RoutingOrder) -> tuple[Band, Freight]:
    band = Band(ANYWHERE, leg.base, leg.per_kg, leg.days)
    grams = tuple(line.weight_g for line in order.lines)
    per_gram = Fraction(leg.per_kg) / GRAMS_PER_KG
    per_unit = tuple(Fraction(leg.per_unit) + per_gram * weight for weight in grams)
    return band, Freight(Fraction(leg.base), per_unit, grams)
