"""Sell first where there is too much."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.network import StockPosition
from routing.model.order import RoutingLine
from routing.model.rates import check_cost
from routing.pricing.offers import Offer
from routing.terms.base import NOTHING, Term


@dataclass(frozen=True, slots=True)
class StockBalance(Term):
    """`bonus` off for every unit from a position that is overstocked.

    It is when it has more on hand than its maximum, or than it sells in `cover_days` (None: only
    the maximum counts).
    """

    name: ClassVar[str] = "stock_balance"
    bonus: Decimal
    cover_days: Decimal | None = None

    def __post_init__(self) -> None:
        Term.__post_init__(self)
        check_cost(self.bonus, "stock_balance: bonus")
        if self.cover_days is not None and not self.cover_days > 0:
            raise RoutingInputError("stock_balance: cover_days must be positive")

    def per_unit(self, offer: Offer, line: RoutingLine, case: Case) -> Fraction:
        """The bonus, where the position is overstocked."""
        return self._price(offer.location.id, line.sku, case)

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """The bonuses of what is in it."""
        prices = (
            self._price(shipment.location_id, part.sku, case) * part.quantity for part in shipment.lines
        )
        return sum(prices, NOTHING)

    def _price(self, location_id: str, sku: str, case: Case) -> Fraction:
        position = case.network.positions.get((location_id, sku))
        return -Fraction(self.bonus) if position is not None and self._overstocked(position) else NOTHING

    def _overstocked(self, position: StockPosition) -> bool:
        if position.maximum is not None and position.on_hand > position.maximum:
            return True
        if self.cover_days is None or position.daily_sales is None:
            return False
        return position.on_hand > self.cover_days * position.daily_sales
