"""What it costs to arrive late."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import ClassVar

from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.rates import check_cost
from routing.pricing.arrival import arrival, days
from routing.pricing.offers import Offer
from routing.terms.base import Term


@dataclass(frozen=True, slots=True)
class Lateness(Term):
    """`per_day` for every started day that a shipment arrives after the order's `deliver_by`."""

    name: ClassVar[str] = "lateness"
    per_day: Decimal

    def __post_init__(self) -> None:
        Term.__post_init__(self)
        check_cost(self.per_day, "lateness: per_day")

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """The days that this offer is late."""
        return self._price(offer, case)

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """The days that it is late."""
        return self._price(shipment, case)

    def _price(self, sent: Offer | Shipment, case: Case) -> Fraction:
        due = case.order.deliver_by
        if due is None:
            return Fraction(0)
        return Fraction(self.per_day) * max(0, ceil(days(arrival(sent, case.now) - due)))
