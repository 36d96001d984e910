"""The options of one location for this order: what it can send, by which service, in which weight break."""

from collections.abc import Iterator, Sequence

from routing.pricing.filters import Candidate
from routing.search.costs import Costs, Leg
from routing.search.demands import Demand
from routing.search.instance import Option, Row

Priced = tuple[str, int, tuple[int, ...], Leg]  # service, fixed, by demand, the leg it comes from


class OptionBuilder:
    """Builds the options of one location after the other."""

    def __init__(self, demands: tuple[Demand, ...], costs: Costs, *, in_rows: bool) -> None:
        """`in_rows` says that limits in units are stated as rows, beside others that have to be."""
        self._demands = demands
        self._units = tuple(demand.units for demand in demands)
        self._costs = costs
        self._in_rows = in_rows
        self._single = tuple(d.needs[0][0] if not d.whole else None for d in demands)
        self._pools = _shared_skus(demands)
        self._handled_legs: dict[tuple[int, int], tuple[int, ...]] = {}
        self._uses = [tuple(dict(demand.needs).get(sku, 0) for demand in demands) for sku, _ in self._pools]
        self.groups = () if in_rows else tuple(group for _, group in self._pools)

    def options(self, at: int, candidate: Candidate) -> list[Option]:
        """One option for every service and break that is the cheapest for some load of this location.

        There is none where it has or takes no piece whole.
        """
        supply = self._supply(candidate)
        if not any(supply):
            return []
        cap = self._cap(candidate, supply)
        pools: tuple[int, ...] = ()
        rows: tuple[Row, ...] = ()
        if self._in_rows:
            rows, cap = self._rows(candidate, supply, cap), None
        elif self._pools:
            pools = tuple(candidate.available.get(sku, 0) for sku, _ in self._pools)
        built = []
        for service, fixed, each, leg in self._useful(self._priced(candidate), supply):
            if leg.row is None:
                built.append(Option(at, service, fixed, each, supply, cap, pools, rows))
            else:
                built += _within(leg, Option(at, service, fixed, each, supply, cap, pools, rows))
        return built

    def _supply(self, candidate: Candidate) -> tuple[int, ...]:
        """Pieces at hand by demand, none of them more than the capacity."""
        available, place = candidate.available, candidate.location
        supply = tuple(
            [
                min(demand.quantity, available.get(sku, 0)) if sku is not None else _has(demand, available)
                for demand, sku in zip(self._demands, self._single, strict=True)
            ]
        )
        if place.capacity is None or place.capacity_unit != "units":
            return supply
        most = place.capacity
        return tuple(min(n, most // units) for n, units in zip(supply, self._units, strict=True))

    def _cap(self, candidate: Candidate, supply: tuple[int, ...]) -> int | None:
        """The capacity in units, if it is smaller than all that is at hand."""
        place = candidate.location
        if place.capacity is None or place.capacity_unit != "units":
            return None
        return place.capacity if place.capacity < sum(map(int.__mul__, self._units, supply)) else None

    def _rows(self, candidate: Candidate, supply: tuple[int, ...], cap: int | None) -> tuple[Row, ...]:
        rows = [] if cap is None else [Row(cap, self._units)]
        for (sku, _), uses in zip(self._pools, self._uses, strict=True):
            pool = Row(candidate.available.get(sku, 0), uses)
            if pool.used(supply) > pool.limit:
                rows.append(pool)
        return tuple(rows)

    def _priced(self, candidate: Candidate) -> Iterator[Priced]:
        stand, unit = self._costs.handling(candidate)
        stand += 1  # the tie-break
        worth = self._costs.worth(candidate.location.id)
        for offer in candidate.offers:
            steering = self._costs.steering(offer)
            for leg in self._costs.legs(offer):
                fixed, each = stand + leg.fixed, self._handled(unit, leg)
                if worth is not None:
                    each = tuple(map(int.__add__, each, worth))
                if steering is not None:
                    fixed += steering[0]
                    each = tuple(map(int.__add__, each, steering[1]))
                yield offer.service, fixed, each, leg

    def _handled(self, unit: int, leg: Leg) -> tuple[int, ...]:
        """The leg's price of each piece and its handling: alike for many locations."""
        key = (unit, id(leg))
        known = self._handled_legs.get(key)
        if known is None:
            known = tuple(price + unit * units for price, units in zip(leg.each, self._units, strict=True))
            self._handled_legs[key] = known
        return known

    def _useful(self, priced: Iterator[Priced], supply: tuple[int, ...]) -> list[Priced]:
        """Drop what another beats at every load that this location could send by it.

        Of what is equal at every load, the first by name stays.
        """
        found = list(priced)
        if len(found) == 1:
            return found
        kept: list[Priced] = []
        for one in found:
            for other in kept:
                if _beats(other, one, supply):
                    break
            else:
                kept = [other for other in kept if not _beats(one, other, supply)]
                kept.append(one)
        return kept


def _beats(one: Priced, other: Priced, supply: Sequence[int]) -> bool:
    """Whether a price is never above the other one, at any load that the other one is for."""
    leg, rival = one[3], other[3]
    if not leg.rises or (leg.row is not None and not _wider(leg.row, rival.row, supply)):
        return False
    # At its worst it sends all of what it is dearer at, or else the one unit that gains least.
    dearer = one[1] - other[1]
    least = None
    for a, b, units in zip(one[2], other[2], supply, strict=True):
        if units:
            if a > b:
                dearer += (a - b) * units
                least = 0
            elif least is None or a - b > least:
                least = a - b
        if dearer > 0 and least == 0:
            return False
    return dearer + (least or 0) <= 0


def _wider(row: Row, other: Row | None, supply: Sequence[int]) -> bool:
    """Whether all that fits the other row, or the supply, fits this one."""
    if row.used(supply) <= row.limit:
        return True
    return other is not None and row.uses == other.uses and row.limit >= other.limit


def _within(leg: Leg, option: Option) -> Iterator[Option]:
    """The option within the weights of its leg, if there is a load for it."""
    row, above = leg.row, leg.above
    if row is None or (above is not None and above.used(option.supply) <= above.limit):
        return
    supply = tuple(
        min(n, row.limit // use) if use else n for n, use in zip(option.supply, row.uses, strict=True)
    )
    if not any(supply):
        return
    rows = (*option.rows, row) if row.used(supply) > row.limit else option.rows
    at, service, fixed, each = option.location, option.service, option.fixed, option.unit_costs
    yield Option(at, service, fixed, each, supply, rows=rows, above=None if leg.rises else above)


def _has(demand: Demand, available: dict[str, int]) -> int:
    return min(available.get(sku, 0) // units for sku, units in demand.needs) and 1


def _shared_skus(demands: tuple[Demand, ...]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    by_sku: dict[str, list[int]] = {}
    for index, demand in enumerate(demands):
        for sku, _ in demand.needs:
            by_sku.setdefault(sku, []).append(index)
    return tuple((sku, tuple(group)) for sku, group in by_sku.items() if len(group) > 1)
