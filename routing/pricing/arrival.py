"""When a shipment arrives, and spans of days in exact numbers."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from routing.model.fulfillment import Shipment
from routing.pricing.offers import Offer

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND


def arrival(sent: Offer | Shipment, now: datetime) -> datetime:
    """When it is delivered: by its dates, or, where no clock is kept, its transit days from now."""
    return sent.deliver_by or now + span(sent.transit_days)


def span(days_long: Decimal) -> timedelta:
    """A number of days as a span of time, down to the microsecond."""
    return int(days_long * _DAY) * _MICROSECOND


def days(long: timedelta) -> Fraction:
    """A span of time in days, exactly."""
    return Fraction(long // _MICROSECOND, _DAY)
