"""Locations in an order of rank."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.network import RoutingLocation
from routing.model.order import RoutingLine
from routing.model.rates import check_cost
from routing.pricing.offers import Offer
from routing.terms.base import Term


@dataclass(frozen=True, slots=True)
class Priority(Term):
    """Amounts for each rank that a location stands behind the first.

    The ranks are those of `ids`, first is best; without ids, the locations' own `priority`, lower
    is better. Whoever has no rank stands one behind the last.
    """

    name: ClassVar[str] = "priority"
    each_shipment: Decimal = Decimal(0)
    each_unit: Decimal = Decimal(0)
    ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Term.__post_init__(self)
        check_cost(self.each_shipment, "priority: each_shipment")
        check_cost(self.each_unit, "priority: each_unit")
        if len(set(self.ids)) != len(self.ids):
            raise RoutingInputError("priority: ids must be unique")

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """A shipment's amount, for each rank."""
        return Fraction(self.each_shipment) * self.rank(offer.location, case)

    def per_unit(self, offer: Offer, line: RoutingLine, case: Case) -> Fraction:
        """A unit's amount, for each rank."""
        return Fraction(self.each_unit) * self.rank(offer.location, case)

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """Both amounts, for each rank."""
        (place,) = (one for one in case.network.locations if one.id == shipment.location_id)
        units = sum(line.quantity for line in shipment.lines)
        each = Fraction(self.each_shipment) + units * Fraction(self.each_unit)
        return each * self.rank(place, case)

    def rank(self, place: RoutingLocation, case: Case) -> int:
        """How many ranks a location stands behind the first."""
        if self.ids:
            return self.ids.index(place.id) if place.id in self.ids else len(self.ids)
        return case.ranks[place.priority]
