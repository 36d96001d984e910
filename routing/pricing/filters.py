"""The hard filters: which locations may take part, and what keeps the others out."""

from dataclasses import dataclass, replace
from datetime import datetime

from routing.model.case import Case
from routing.model.fulfillment import Verdict
from routing.model.network import Network, RoutingLocation
from routing.model.order import RoutingOrder
from routing.model.policy import Policy
from routing.model.rates import Band
from routing.pricing.facts import unfit, unhandled
from routing.pricing.market import Market
from routing.pricing.offers import Offer
from routing.pricing.ruling import Ruling


@dataclass(frozen=True, slots=True)
class Candidate:
    """A location that may ship: what it has of the order, and what it offers."""

    location: RoutingLocation
    km: float
    available: dict[str, int]
    offers: tuple[Offer, ...]

    @property
    def bands(self) -> tuple[tuple[str, Band], ...]:
        """The services that reach, with the band that applies."""
        return tuple((offer.service, offer.band) for offer in self.offers)

    def offer(self, service: str) -> Offer:
        """The offer of a service."""
        return next(offer for offer in self.offers if offer.service == service)


def sift(
    order: RoutingOrder, network: Network, policy: Policy, now: datetime
) -> tuple[list[Candidate], list[Verdict]]:
    """Part the locations into candidates and excluded, both by location id."""
    gate = _Gate(order, network, policy, now)
    candidates: list[Candidate] = []
    excluded: list[Verdict] = []
    for place in sorted(network.locations, key=lambda place: place.id):
        found = gate.admit(place)
        if isinstance(found, Candidate):
            candidates.append(found)
        else:
            excluded.append(found)
    return candidates, excluded


def within_reach(order: RoutingOrder, network: Network, now: datetime) -> frozenset[str]:
    """The locations from which a service reaches the destination, whatever they have."""
    market = Market(order, network, now)
    return frozenset(place.id for place in network.locations if market.reaches(place))


class _Gate:
    """Asks the policy, the facts and the rates of one location after the other."""

    def __init__(self, order: RoutingOrder, network: Network, policy: Policy, now: datetime) -> None:
        self._order = order
        self._stock = network.stock
        self._now = now
        self._skus = tuple(dict.fromkeys(line.sku for line in order.lines))
        self._flagged = any(line.flags for line in order.lines)
        self._ruling = Ruling(policy, Case(order, network, now))
        self._market = Market(order, network, now)

    def admit(self, place: RoutingLocation) -> Candidate | Verdict:
        """Make a candidate of a location, or name the first thing that keeps it out."""
        location = self._ruling.with_free_capacity(place)
        ruled_out = self._ruling.keeps_out(location) or unfit(location, self._order, self._now)
        if ruled_out:
            return ruled_out
        stock = {sku: n for sku in self._skus if (n := self._stock.get((place.id, sku), 0)) > 0}
        available = self._ruling.available(place, stock)
        if lacking := _lacking(location, stock, available):
            return lacking
        if self._flagged and location.handles is not None:
            available = _handled(location, self._order, available)
            if not available:
                return Verdict(place.id, "excluded", "flags", sum(stock.values()), 0)
        offers, why_not = self._market.offers(location, available)
        if why_not is not None:
            return why_not
        return self._ruled(Candidate(location, offers[0].km, available, offers))

    def _ruled(self, candidate: Candidate) -> Candidate | Verdict:
        """Keep the offers that no rule refuses; without any, the first refusal is the verdict."""
        if not self._ruling.judges_offers:
            return candidate
        refusals = {offer.service: self._ruling.refuses(offer) for offer in candidate.offers}
        allowed = tuple(offer for offer in candidate.offers if refusals[offer.service] is None)
        refused = next(filter(None, refusals.values()), None)
        if refused is not None and not allowed:
            return refused
        return candidate if refused is None else replace(candidate, offers=allowed)


def _lacking(location: RoutingLocation, stock: dict[str, int], free: dict[str, int]) -> Verdict | None:
    if location.capacity == 0:
        return Verdict(location.id, "excluded", "capacity", number=0, threshold=1)
    if not stock:
        return Verdict(location.id, "excluded", "no_stock", number=0, threshold=1)
    if not free:
        return Verdict(location.id, "excluded", "ring_fence", number=sum(stock.values()))
    return None


def _handled(location: RoutingLocation, order: RoutingOrder, available: dict[str, int]) -> dict[str, int]:
    barred = unhandled(location, order.lines)
    return {sku: units for sku, units in available.items() if sku not in barred}
