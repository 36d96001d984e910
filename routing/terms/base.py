"""What a term of the objective can do, and what it does where it says nothing."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from routing.errors import RoutingInputError
from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.order import RoutingLine
from routing.pricing.offers import Offer

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A part of what a plan is judged by, in exact minor units; `weight` multiplies it.

    `per_shipment` must not be negative. Neither has the weight in it: whoever adds up multiplies.
    """

    name: ClassVar[str]
    weight: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if not self.weight.is_finite() or self.weight < 0:
            raise RoutingInputError(f"{self.name}: weight must be finite and not negative")

    def per_shipment(self, offer: Offer, case: Case) -> Fraction:
        """What a shipment by this offer adds, whatever is in it."""
        return NOTHING

    def per_unit(self, offer: Offer, line: RoutingLine, case: Case) -> Fraction:
        """What each unit of a line adds when it goes by this offer."""
        return NOTHING

    def charge(self, shipment: Shipment, case: Case) -> Fraction:
        """What a finished shipment adds, in arithmetic of its own."""
        raise NotImplementedError
