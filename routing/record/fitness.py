"""Whether a location may ship what it is said to ship, worked out anew from what it says of itself."""

from routing.errors import PlanCheckError
from routing.model.case import Case
from routing.model.fulfillment import Shipment
from routing.model.network import RegionRule, RoutingLocation
from routing.model.order import Destination


def check_fitness(shipment: Shipment, place: RoutingLocation, case: Case) -> None:
    """Raise PlanCheckError for a location that is off or rests, or does not do, send or handle such."""
    order = case.order
    stores = [one for one in case.network.locations if one.id == order.pickup_location]
    for one in (place, *stores):
        if one.offline or (one.cool_off_until and case.now < one.cool_off_until):
            raise PlanCheckError(f"{one.id} takes no work at {case.now.isoformat()}")
    for one in stores if order.pickup_location else [place]:
        if order.method not in one.methods:
            raise PlanCheckError(f"{one.id} does not offer {order.method}")
    if order.method == "ship" and place.serves and not _lies_within(order.destination, place.serves):
        raise PlanCheckError(f"{place.id} does not send there")
    flags = {line.line_id: line.flags for line in order.lines}
    sent = {flag for part in shipment.lines for flag in flags[part.line_id]}
    if place.handles is not None and sent - place.handles:
        raise PlanCheckError(f"{place.id} does not handle {', '.join(sorted(sent - place.handles))}")


def _lies_within(to: Destination, rule: RegionRule) -> bool:
    code = _plain(to.postal_code or "")
    beginnings = {code[:length] for length in range(len(code) + 1)}
    wanted = (
        (rule.countries, {to.country}),
        (rule.regions, {to.region}),
        (_plain_all(rule.postal_prefixes), beginnings),
    )
    unwanted = (
        (rule.not_countries, {to.country}),
        (rule.not_regions, {to.region}),
        (_plain_all(rule.not_postal_prefixes), beginnings),
    )
    inside = all(listed is None or listed & own for listed, own in wanted)
    return inside and not any(listed and listed & own for listed, own in unwanted)


def _plain_all(codes: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(map(_plain, codes))


def _plain(code: str) -> str:
    return "".join(code.split(" ")).upper()
