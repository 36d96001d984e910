"""When shipments are due: by the hours of locations that keep any, else so long after the decision."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from routing import Network, Shipment


def keeping_hours(network: Network) -> frozenset[str]:
    """The locations whose dates are those of the plan."""
    return frozenset(place.id for place in network.locations if place.keeps_hours)


def dated(shipments: Iterable[Shipment], network: Network, due: datetime) -> tuple[Shipment, ...]:
    """Shipments with the dates that their work gets; `due` is when the others are to have left."""
    keeping = keeping_hours(network)
    return tuple(
        one if one.location_id in keeping else replace(one, ship_by=due, deliver_by=due + transit(one))
        for one in shipments
    )


def transit(shipment: Shipment) -> timedelta:
    """How long the carrier takes."""
    return timedelta(days=float(shipment.transit_days))
