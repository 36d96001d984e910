"""What one shipment fewer is worth."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.rates import check_cost
from routing.pricing.offers import Offer
from routing.terms.base import Term


@dataclass(frozen=True, slots=True)
class SplitPenalty(Term):
    """`amount` for every shipment, the first included."""

    name: ClassVar[str] = "split_penalty"
    amount: Decimal

    def __post_init__(self) -> None:
        Term.__post_init__(self)
        check_cost(self.amount, "split_penalty: amount")

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """One amount."""
        return Fraction(self.amount)

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """One amount."""
        return Fraction(self.amount)
