"""What picking and packing cost."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.order import RoutingLine
from routing.pricing.offers import Offer
from routing.terms.base import Term


@dataclass(frozen=True, slots=True)
class Handling(Term):
    """The handling of every shipment and of every unit, at the location's prices."""

    name: ClassVar[str] = "handling"

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """The location's price of a shipment."""
        return Fraction(offer.location.handling_cost)

    def per_unit(self, offer: Offer, line: RoutingLine, case: Case) -> Fraction:
        """The location's price of a unit."""
        return Fraction(offer.location.handling_per_unit)

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """The handling of what is in it."""
        return shipment.handling
