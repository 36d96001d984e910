"""It must still leave today."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from routing.model.case import Case
from routing.model.fulfillment import FulfillmentPlan, Verdict
from routing.pricing.offers import Offer
from routing.rules.base import Rule


@dataclass(frozen=True, slots=True)
class Cutoff(Rule):
    """Only what leaves on the day of the decision, by the location's own clock.

    A location without cut-off, processing time and calendar, by a carrier without pick-up times,
    always does.
    """

    name: ClassVar[str] = "cutoff"

    def refuses(self, offer: Offer, case: Case) -> Verdict | None:
        """Keep out what would leave on a later day."""
        days = _days_later(offer.ship_by, case.now, offer.location.time_zone)
        return Verdict(offer.location.id, "excluded", "cutoff", days, 0) if days > 0 else None

    def breaches(self, plan: FulfillmentPlan, case: Case) -> str | None:
        """Look at the date that every shipment leaves on."""
        zones = {place.id: ZoneInfo(place.time_zone) for place in case.network.locations}
        for shipment in plan.shipments:
            zone = zones[shipment.location_id]
            if (
                shipment.ship_by
                and shipment.ship_by.astimezone(zone).date() > case.now.astimezone(zone).date()
            ):
                return f"{shipment.location_id} ships later than today"
        return None


def _days_later(ship_by: datetime | None, now: datetime, time_zone: str) -> int:
    if ship_by is None:
        return 0
    zone = ZoneInfo(time_zone)
    return (ship_by.astimezone(zone).date() - now.astimezone(zone).date()).days
