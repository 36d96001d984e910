"""What a kilometre costs."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.rates import check_cost
from routing.pricing.offers import Offer
from routing.terms.base import Term

_PARTS_OF_A_KM = 10


@dataclass(frozen=True, slots=True)
class Distance(Term):
    """`per_km` for every kilometre that a shipment goes, rounded to 0.1 km."""

    name: ClassVar[str] = "distance"
    per_km: Decimal

    def __post_init__(self) -> None:
        Term.__post_init__(self)
        check_cost(self.per_km, "distance: per_km")

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """The way from here."""
        return Fraction(self.per_km) * _rounded(offer.km)

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """The way it goes."""
        return Fraction(self.per_km) * _rounded(shipment.km)


def _rounded(km: float) -> Fraction:
    # The last digits of a distance differ between machines' sines, and a price must not.
    return Fraction(round(km * _PARTS_OF_A_KM), _PARTS_OF_A_KM)
