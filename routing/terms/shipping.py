"""What carriers charge."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.order import RoutingLine
from routing.pricing.offers import Offer
from routing.terms.base import Term


@dataclass(frozen=True, slots=True)
class Shipping(Term):
    """The freight of every shipment. Whoever adds up adds the offer's weight breaks by himself."""

    name: ClassVar[str] = "shipping"

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """The freight before the first unit."""
        return offer.fixed

    def per_unit(self, offer: Offer, line: RoutingLine, case: Case) -> Fraction:
        """The freight that a unit adds."""
        return offer.per_unit[case.order.lines.index(line)]

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """The freight of what is in it."""
        return shipment.shipping
