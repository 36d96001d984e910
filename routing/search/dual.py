"""A price for every demand that proves how cheap a plan can at best be.

Relax the plan: let each demand buy units anywhere, and charge an option only what its fixed cost
exceeds the bargains it offers at these prices (Erlenkotter's dual, with limited stock). Then

    total of a plan  ≥  Σ price × quantity  +  Σ over its options of the option's slack,
    slack            =  fixed  −  the most that one load of it can gain, price − unit cost a unit.

Any prices up to that of a backorder give a valid bound, so they may be found by a rough ascent;
the bound itself is exact. An option whose slack alone lifts the bound to the best known plan is in
no better plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.search.ascent import first_prices, shortlist
from routing.search.instance import Instance, Option
from routing.search.knapsack import Offer, most_gained

SHORTLIST_ROUNDS = 4
PATIENCE = 3  # rounds without gain before the step is halved


@dataclass(frozen=True, slots=True)
class Bound:
    """A floor under every plan, and by how much each option lifts it (aligned with options)."""

    base: int
    lifts: tuple[int, ...]
    prices: tuple[int, ...]


class Dual:
    """The relaxed problem of some options, ready to be priced again and again."""

    def __init__(
        self, options: Sequence[Option], instance: Instance, *, must_ship: int | None = None
    ) -> None:
        """`must_ship` is the place of an option that has to send at least one unit."""
        self._options = options
        self._instance = instance
        self._must_ship = must_ship
        self._offers: list[list[Offer]] = [
            [
                (demand, cost, units)
                for demand, (cost, units) in enumerate(zip(o.unit_costs, o.supply, strict=True))
                if units
            ]
            for o in options
        ]

    def bound(self, prices: Sequence[int]) -> Bound:
        """The bound that these prices prove."""
        return self._priced(prices)[0]

    def ascend(self) -> Bound:
        """Find prices from nothing, by one demand after the other.

        In a large network only the options that look cheapest set the prices; those that turn out
        to be bargains at these prices join them, as long as there are any and it is worth it.
        """
        names = shortlist(self._options, self._instance)
        for _ in range(SHORTLIST_ROUNDS):
            prices = first_prices([self._options[at] for at in sorted(names)], self._instance)
            bound = self.bound(prices)
            bargains = {at for at, lift in enumerate(bound.lifts) if not lift} - names
            if not bargains:
                break
            names |= bargains
        return bound

    def climb(self, start: Sequence[int], target: int, rounds: int) -> Bound:
        """Raise the bound by moving all prices at once, towards where demands are over- or underfed.

        Each round steps by Polyak's rule (the gap to `target` over the squared imbalance), by
        half of it after rounds that gained nothing. Ends early when the bound reaches `target`.
        """
        best, imbalance = self._priced(start)
        prices, base, halvings, stale = best.prices, best.base, 0, 0
        for _ in range(rounds):
            norm = sum([units * units for units in imbalance]) << halvings
            if not norm or best.base >= target:
                break
            gap = target - base
            prices = tuple([p + gap * g // norm for p, g in zip(prices, imbalance, strict=True)])
            bound, imbalance = self._priced(prices)
            base = bound.base
            if base > best.base:
                best, stale = bound, 0
            elif (stale := stale + 1) == PATIENCE:
                halvings, stale = halvings + 1, 0
        return best

    def _priced(self, prices: Sequence[int]) -> tuple[Bound, list[int]]:
        """The bound, and by demand the units wanted less those that options gain by sending."""
        # A unit may always be left behind: a demand never pays more than that for it.
        prices = list(map(min, prices, self._instance.waits))
        base = sum(map(int.__mul__, self._instance.quantities, prices))
        imbalance = list(self._instance.quantities)
        slacks = []
        gaining: dict[int, int] = {}  # by location, the option that gains most
        for at, (option, offers) in enumerate(zip(self._options, self._offers, strict=True)):
            slack = option.fixed
            for demand, cost, units in offers:
                if (price := prices[demand]) > cost:
                    slack -= units * (price - cost)
            # Limits only matter where the option would gain without them.
            if slack < 0 and (option.rows or option.cap is not None or option.pools):
                slack = option.fixed - self._load(option, offers, prices)[0]
            slacks.append(slack)
            if slack < 0:
                rival = gaining.get(option.location)
                if rival is None or slack < slacks[rival]:
                    gaining[option.location] = at
        if self._must_ship is not None and slacks[self._must_ship] >= 0:
            loss, demand = self._least_loss(self._must_ship, prices)
            base += loss
            imbalance[demand] -= 1
        for at in gaining.values():
            base += slacks[at]
            for demand, _, units in self._load(self._options[at], self._offers[at], prices)[1]:
                imbalance[demand] -= units
        return Bound(base, self._lifts(slacks, gaining), tuple(prices)), imbalance

    def _lifts(self, slacks: Sequence[int], gaining: Mapping[int, int]) -> tuple[int, ...]:
        # A location's best gain is granted to every plan, so an option lifts by what it gains less.
        return tuple(
            [
                slack - slacks[gaining[option.location]] if option.location in gaining else slack
                for option, slack in zip(self._options, slacks, strict=True)
            ]
        )

    def _least_loss(self, at: int, prices: Sequence[int]) -> tuple[int, int]:
        """What an option that gains nothing loses by sending one unit after all, and of which demand."""
        return min([(cost - prices[demand], demand) for demand, cost, _ in self._offers[at]])

    def _load(
        self, option: Option, offers: Sequence[Offer], prices: Sequence[int]
    ) -> tuple[int, Sequence[Offer]]:
        """What the option gains at most, and a load that tells what it would send."""
        load = [offer for offer in offers if prices[offer[0]] > offer[1]]
        if option.cap is not None or option.pools:
            load = self._fitted(option, load, prices)
        if option.rows:
            return most_gained(option.rows, load, prices)
        return sum([units * (prices[demand] - cost) for demand, cost, units in load]), load

    def _fitted(self, option: Option, load: list[Offer], prices: Sequence[int]) -> list[Offer]:
        """Cut a load to limits in units: greedy by gain, as they are nested."""
        load.sort(key=lambda offer: offer[1] - prices[offer[0]])
        left = sum(option.supply) if option.cap is None else option.cap
        pools = list(option.pools)
        fitted = []
        for demand, cost, units in load:
            group = next((n for n, g in enumerate(self._instance.groups) if demand in g), None)
            sent = min(units, left) if group is None else min(units, left, pools[group])
            left -= sent
            if group is not None:
                pools[group] -= sent
            fitted.append((demand, cost, sent))
        return fitted
