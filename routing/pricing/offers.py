"""What a location offers for this order: a service, its exact price, and its dates."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from routing.model.network import RoutingLocation
from routing.model.rates import Band
from routing.pricing.freight import Freight, FreightBreak


class Offer(NamedTuple):
    """One service of one location, with the band that applies and the dates that it gives, in UTC."""

    location: RoutingLocation
    service: str
    km: float
    band: Band
    freight: Freight
    ship_by: datetime
    deliver_by: datetime

    @property
    def transit_days(self) -> Decimal:
        """The carrier's days on the way."""
        return self.band.transit_days

    @property
    def fixed(self) -> Fraction:
        """What a shipment costs before its first unit."""
        return self.freight.fixed

    @property
    def per_unit(self) -> tuple[Fraction, ...]:
        """What each unit adds, by order line."""
        return self.freight.per_unit

    @property
    def billable_g(self) -> tuple[int, ...]:
        """What each unit weighs on the carrier's bill, in grams, by order line."""
        return self.freight.billable_g

    @property
    def breaks(self) -> tuple[FreightBreak, ...]:
        """The weight breaks, lightest first; empty where the price is a straight line."""
        return self.freight.breaks
