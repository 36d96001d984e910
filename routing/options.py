"""What one location's services cost for this order, in whole numbers."""

from decimal import Decimal

from routing.filters import Candidate
from routing.instance import Demand, Option, Scale
from routing.network import Band, RoutingLocation
from routing.policy import Policy

GRAMS_PER_KG = 1000

Price = tuple[int, int, tuple[int, ...]]  # base, per gram, and that by demand for one unit


class OptionPricer:
    """Prices the services of one location after the other."""

    def __init__(
        self,
        demands: tuple[Demand, ...],
        groups: tuple[tuple[int, ...], ...],
        policy: Policy,
        scale: Scale,
    ) -> None:
        self._demands = demands
        self._weights = tuple(demand.weight_g for demand in demands)
        self._groups = groups
        self._opportunity = policy.opportunity_price
        self._scale = scale.units_per_minor
        self._penalty = self._whole(policy.shipment_penalty) + 1  # + 1: the tie-break
        self._band_prices: dict[int, Price] = {}

    def options(self, at: int, candidate: Candidate) -> list[Option]:
        """One option for every service that is the cheapest for some load of this location."""
        supply, cap = self._supply(candidate)
        pools = tuple(candidate.available.get(self._demands[g[0]].sku, 0) for g in self._groups)
        stand = self._whole(candidate.location.handling_cost) + self._penalty
        units = self._per_unit(candidate.location)
        return [
            Option(at, service, stand + base, tuple(map(int.__add__, units, freight)), supply, cap, pools)
            for service, (base, _, freight) in self._useful(candidate, supply)
        ]

    def _supply(self, candidate: Candidate) -> tuple[tuple[int, ...], int | None]:
        """Units at hand by demand, and the capacity if it is smaller than all of them together."""
        location, available = candidate.location, candidate.available
        supply = tuple([min(d.quantity, available.get(d.sku, 0)) for d in self._demands])
        cap = location.capacity if location.capacity_unit == "units" else None
        if cap is None or cap >= sum(supply):
            return supply, None
        return tuple(min(units, cap) for units in supply), cap

    def _per_unit(self, location: RoutingLocation) -> tuple[int, ...]:
        each = self._whole(location.handling_per_unit)
        if not self._opportunity:
            return (each,) * len(self._demands)
        keys = ((demand.sku, location.id) for demand in self._demands)
        return tuple(each + self._whole(self._opportunity.get(key, Decimal(0))) for key in keys)

    def _useful(self, candidate: Candidate, supply: tuple[int, ...]) -> list[tuple[str, Price]]:
        """Drop a service that another beats at every weight this location could send.

        A price is a straight line over weight, so comparing the lightest load (one unit) and the
        heaviest (all of them) is enough. Of services equal at both, the first by name stays.
        """
        prices = [(name, self._price(band)) for name, band in candidate.bands]
        if len(prices) == 1:
            return prices
        lightest = min([grams for grams, units in zip(self._weights, supply, strict=True) if units])
        heaviest = sum(map(int.__mul__, self._weights, supply))
        ends = [(base + gram * lightest, base + gram * heaviest) for _, (base, gram, _) in prices]
        kept: list[tuple[str, Price]] = []
        best_heavy = None
        # By the lightest load's price, a service is of use only where it is cheaper at the heaviest.
        for at in sorted(range(len(prices)), key=lambda at: (ends[at], at)):
            if best_heavy is None or ends[at][1] < best_heavy:
                kept.append(prices[at])
                best_heavy = ends[at][1]
        return kept

    def _price(self, band: Band) -> Price:
        known = self._band_prices.get(id(band))
        if known is None:
            per_gram = self._whole(band.per_kg) // GRAMS_PER_KG
            freight = tuple(per_gram * grams for grams in self._weights)
            known = self._band_prices[id(band)] = (self._whole(band.base), per_gram, freight)
        return known

    def _whole(self, price: Decimal) -> int:
        numerator, denominator = price.as_integer_ratio()
        return numerator * (self._scale // denominator)
