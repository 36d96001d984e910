"""What a day sooner is worth."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.order import RoutingLine
from routing.model.rates import check_cost
from routing.pricing.arrival import arrival, days
from routing.pricing.offers import Offer
from routing.terms.base import Term


@dataclass(frozen=True, slots=True)
class Speed(Term):
    """`per_unit_day` for every unit and day, in fractions, from the decision until it arrives."""

    name: ClassVar[str] = "speed"
    per_unit_day: Decimal

    def __post_init__(self) -> None:
        Term.__post_init__(self)
        check_cost(self.per_unit_day, "speed: per_unit_day")

    def per_unit(self, offer: Offer, line: RoutingLine, case: Case) -> Fraction:
        """The days until it arrives."""
        return Fraction(self.per_unit_day) * days(arrival(offer, case.now) - case.now)

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """The days of all its units."""
        units = sum(line.quantity for line in shipment.lines)
        return Fraction(self.per_unit_day) * days(arrival(shipment, case.now) - case.now) * units
