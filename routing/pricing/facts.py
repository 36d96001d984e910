"""What a location cannot do, whatever the policy says."""

from collections.abc import Iterable
from datetime import datetime

from routing.model.fulfillment import Rule, Verdict
from routing.model.network import RegionRule, RoutingLocation
from routing.model.order import Destination, RoutingLine, RoutingOrder

SECONDS_PER_HOUR = 3600


def unfit(location: RoutingLocation, order: RoutingOrder, now: datetime) -> Verdict | None:
    """The first fact that keeps a location out of an order altogether, or None."""
    if location.offline:
        return _excluded(location, "offline")
    until = location.cool_off_until
    if until is not None and until > now:
        hours = (until - now).total_seconds() / SECONDS_PER_HOUR
        return _excluded(location, "cool_off", hours, 0)
    if order.method == "ship":
        return _unfit_to_ship(location, order)
    collecting = order.pickup_location in (None, location.id)
    return _excluded(location, "method") if collecting and "pickup" not in location.methods else None


def unhandled(location: RoutingLocation, lines: Iterable[RoutingLine]) -> frozenset[str]:
    """The SKUs with a flag that a location cannot handle."""
    handles = location.handles
    if handles is None:
        return frozenset()
    return frozenset(line.sku for line in lines if not line.flags <= handles)


def is_served(rule: RegionRule, to: Destination) -> bool:
    """Whether a destination lies where a location sends to; what it does not say is in no list."""
    code = (to.postal_code or "").replace(" ", "").upper()
    return (
        (rule.countries is None or to.country in rule.countries)
        and (rule.regions is None or to.region in rule.regions)
        and (rule.postal_prefixes is None or code.startswith(_bare(rule.postal_prefixes)))
        and to.country not in rule.not_countries
        and to.region not in rule.not_regions
        and not code.startswith(_bare(rule.not_postal_prefixes))
    )


def _unfit_to_ship(location: RoutingLocation, order: RoutingOrder) -> Verdict | None:
    if "ship" not in location.methods:
        return _excluded(location, "method")
    if location.serves is not None and not is_served(location.serves, order.destination):
        return _excluded(location, "region")
    return None


def _bare(prefixes: Iterable[str]) -> tuple[str, ...]:
    return tuple(prefix.replace(" ", "").upper() for prefix in prefixes)


def _excluded(
    location: RoutingLocation, rule: Rule, number: float | None = None, threshold: float | None = None
) -> Verdict:
    return Verdict(location.id, "excluded", rule, number, threshold)
