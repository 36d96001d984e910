"""Locations that one would rather use, or rather not."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.order import RoutingLine
from routing.model.rates import check_cost
from routing.pricing.offers import Offer
from routing.rules.places import Places
from routing.terms.base import NOTHING, Term


@dataclass(frozen=True, slots=True)
class Preference(Term):
    """An amount for every shipment and every unit from `places`; a unit's may be negative, a bonus."""

    name: ClassVar[str] = "preference"
    places: Places
    each_shipment: Decimal = Decimal(0)
    each_unit: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        Term.__post_init__(self)
        check_cost(self.each_shipment, "preference: each_shipment")
        if not self.each_unit.is_finite():
            raise RoutingInputError("preference: each_unit must be finite")

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """The amount of a shipment, if the location is meant."""
        return Fraction(self.each_shipment) if offer.location in self.places else NOTHING

    def per_unit(self, offer: Offer, line: RoutingLine, case: Case) -> Fraction:
        """The amount of a unit, if the location is meant."""
        return Fraction(self.each_unit) if offer.location in self.places else NOTHING

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """Both amounts, if the location is meant."""
        meant = any(
            place.id == shipment.location_id and place in self.places for place in case.network.locations
        )
        units = sum(line.quantity for line in shipment.lines)
        return Fraction(self.each_shipment) + units * Fraction(self.each_unit) if meant else NOTHING
