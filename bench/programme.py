"""A routing question under any mix of rules and terms as a mixed-integer programme, from the question itself.

It shares nothing with the search: binaries for every location, service and weight break, loads by
order line, the rules as rows. Fewest backorders are settled first, in a solve of their own. The
answer is priced anew in fractions, from the rounded loads.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Final

import highspy

from bench.carriage import Carriage, Price, carriages
from bench.charges import Charges, able, freight_weight
from bench.instances import NOW
from routing import Network, Policy, RoutingLine, RoutingLocation, RoutingOrder
from routing.rules import (
    Capacity,
    Cutoff,
    DeliverBy,
    KeepTogether,
    Locations,
    MaxDistance,
    MaxRejects,
    MaxShipments,
    NoSplitBelow,
    RingFence,
    Rule,
    ShipComplete,
    WholeLines,
)

_OPTIONS: Final[Mapping[str, bool | float | str]] = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-8,
    "mip_feasibility_tolerance": 1e-7,
    "presolve": "off",  # that of HiGHS 1.16 loses plans, and calls what is left the best
}

Terms = Iterable[tuple[int, Fraction | int]]  # column, factor


@dataclass(frozen=True, slots=True)
class Optimum:
    """Units that wait in the best plan, and its objective, the price of what waits included."""

    waiting: int
    objective: Fraction


@dataclass(slots=True)
class _Way:
    """One location shipping by one service in one weight break: its binary and its loads by line."""

    location: RoutingLocation
    opens: int
    loads: list[int] = field(default_factory=list)


def optimum(
    order: RoutingOrder, network: Network, policy: Policy, must_ship: str | None = None
) -> Optimum | None:
    """What HiGHS calls the best plan, at a gap of 0; None where no plan ships from `must_ship`."""
    return _Programme(order, network, policy).solve(must_ship)


class _Programme:
    def __init__(self, order: RoutingOrder, network: Network, policy: Policy) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            self._solver.setOptionValue(option, value)
        self._order, self._network, self._policy = order, network, policy
        self._charges = Charges(order, network, NOW)
        self._costs: dict[int, Fraction] = {}
        self._ways: list[_Way] = []
        self._columns = 0
        self._waits = [self._column(line.quantity) for line in order.lines]
        for location in network.locations:
            if self._may_ship(location):
                self._add_location(location)
        for at, line in enumerate(order.lines):
            parts = [self._waits[at], *(way.loads[at] for way in self._ways)]
            self._row([(part, 1) for part in parts], least=line.quantity, most=line.quantity)
        for rule in policy.rules:
            self._keep(rule)

    def solve(self, must_ship: str | None) -> Optimum | None:
        if must_ship is not None:
            opens = [(way.opens, 1) for way in self._ways if way.location.id == must_ship]
            self._row(opens, least=1)
        penalty = self._policy.backorder_penalty
        if penalty is None:
            values = self._minimise(dict.fromkeys(self._waits, Fraction(1)))
            if values is None:
                return None
            self._row([(wait, 1) for wait in self._waits], most=sum(values[wait] for wait in self._waits))
        else:
            self._costs.update(dict.fromkeys(self._waits, Fraction(penalty)))
        values = self._minimise(self._costs)
        if values is None:
            return None
        objective = sum((cost * values[column] for column, cost in self._costs.items()), Fraction(0))
        return Optimum(sum(values[wait] for wait in self._waits), objective)

    def _may_ship(self, location: RoutingLocation) -> bool:
        store = self._order.pickup_location
        if not all(
            able(one, self._order, NOW) for one in self._network.locations if one.id in (location.id, store)
        ):
            return False  # nothing is brought to a store that cannot hand it out
        for rule in self._policy.rules:
            if isinstance(rule, Locations) and (
                location in rule.exclude or not (rule.include is None or location in rule.include)
            ):
                return False
            if isinstance(rule, MaxRejects) and self._order.rejects.get(location.id, 0) >= rule.most:
                return False
            if isinstance(rule, MaxDistance) and self._charges.km(location) > rule.km:
                return False
        return True

    def _in_time(self, way: Carriage) -> bool:
        """Whether a way keeps the rules about time."""
        due = self._order.deliver_by
        for rule in self._policy.rules:
            if isinstance(rule, Cutoff) and way.leaves.date() > NOW.date():
                return False
            if isinstance(rule, DeliverBy):
                if due is not None and way.arrives > due:
                    return False
                if rule.days is not None and way.arrives > NOW + float(rule.days) * timedelta(days=1):
                    return False
        return True

    def _add_location(self, location: RoutingLocation) -> None:
        ways = [
            self._add_way(location, carriage, price)
            for carriage in carriages(location, self._order, self._network, NOW, self._charges.km(location))
            if self._in_time(carriage)
            for price in carriage.prices
        ]
        self._row([(way.opens, 1) for way in ways], most=1)
        for sku in {line.sku for line in self._order.lines}:
            sent = [
                (way.loads[at], 1)
                for way in ways
                for at, line in enumerate(self._order.lines)
                if line.sku == sku
            ]
            self._row(sent, most=self._free_stock(location, sku))
        left = self._free_capacity(location)
        if left is not None and location.capacity_unit == "units":
            self._row([(load, 1) for way in ways for load in way.loads], most=left)
        elif left is not None:
            self._row([(way.opens, 1) for way in ways], most=left)
        self._ways += ways

    def _add_way(self, location: RoutingLocation, carriage: Carriage, price: Price) -> _Way:
        way = _Way(location, self._column(1))
        terms = self._policy.terms
        freight = freight_weight(terms)
        self._costs[way.opens] = freight * price.fixed + sum(
            (Fraction(term.weight) * self._charges.each_shipment(term, location, carriage) for term in terms),
            Fraction(0),
        )
        for line, extra, grams in zip(self._order.lines, carriage.each, carriage.grams, strict=True):
            load = self._column(line.quantity)
            steering = self._steering(location, carriage, line)
            self._costs[load] = steering + freight * (extra + price.per_gram * grams)
            self._row([(load, 1), (way.opens, -line.quantity)], most=0)
            way.loads.append(load)
        self._row([*((load, 1) for load in way.loads), (way.opens, -1)], least=0)
        weights = list(zip(way.loads, carriage.grams, strict=True))
        if price.up_to_g is not None:
            self._row([*weights, (way.opens, -price.up_to_g)], most=0)
        if price.over_g is not None:
            self._row([*weights, (way.opens, -price.over_g - 1)], least=0)
        return way

    def _steering(self, location: RoutingLocation, carriage: Carriage, line: RoutingLine) -> Fraction:
        """What all terms but freight add to a unit of a line."""
        worth = Fraction(self._policy.opportunity_price.get((line.sku, location.id), 0))
        return sum(
            (
                Fraction(term.weight) * self._charges.each_unit(term, location, carriage, line)
                for term in self._policy.terms
            ),
            worth,
        )

    def _free_stock(self, location: RoutingLocation, sku: str) -> int:
        held = self._network.stock.get((location.id, sku), 0)
        flags = {flag for line in self._order.lines if line.sku == sku for flag in line.flags}
        if location.handles is not None and not flags <= location.handles:
            return 0
        kept = [
            rule.units
            for rule in self._policy.rules
            if isinstance(rule, RingFence)
            for line in self._order.lines
            if line.sku == sku and (rule.products is None or line in rule.products)
        ]
        return max(0, held - max(kept, default=0))

    def _free_capacity(self, location: RoutingLocation) -> int | None:
        if location.capacity is None:
            return None
        kept = [rule.keep_free for rule in self._policy.rules if isinstance(rule, Capacity)]
        return max(0, location.capacity - max(kept, default=0))

    def _keep(self, rule: Rule) -> None:
        opens = [(way.opens, 1) for way in self._ways]
        if isinstance(rule, MaxShipments):
            self._row(opens, most=rule.most)
        elif isinstance(rule, ShipComplete):
            self._all_or_nothing(range(len(self._waits)))
        elif isinstance(rule, WholeLines):
            for at in range(len(self._waits)):
                self._together([at])
        elif isinstance(rule, KeepTogether):
            self._keep_together(rule)
        elif isinstance(rule, NoSplitBelow):
            if sum(line.quantity * line.value for line in self._order.lines) < rule.order_value:
                self._row(opens, most=1)
                self._all_or_nothing(range(len(self._waits)))
            elif rule.part_value:
                self._no_small_part(Fraction(rule.part_value))

    def _keep_together(self, rule: KeepTogether) -> None:
        lines = self._order.lines
        for sku in {line.sku for line in lines if line in rule.products}:
            self._together([at for at, line in enumerate(lines) if line.sku == sku and line in rule.products])
        for group in {line.keep_together for line in lines if rule.groups and line.keep_together}:
            self._together([at for at, line in enumerate(lines) if line.keep_together == group])

    def _all_or_nothing(self, lines: Iterable[int]) -> None:
        nothing = self._column(1)
        for at in lines:
            self._row([(self._waits[at], 1), (nothing, -self._order.lines[at].quantity)], least=0, most=0)

    def _together(self, lines: list[int]) -> None:
        self._all_or_nothing(lines)
        for way in self._ways:
            here = self._column(1)
            for at in lines:
                self._row([(way.loads[at], 1), (here, -self._order.lines[at].quantity)], least=0, most=0)

    def _no_small_part(self, least: Fraction) -> None:
        """Once there is more than one part, each shipment and the left-over are worth so much."""
        values = [Fraction(line.value) for line in self._order.lines]
        waiting, split = self._column(1), self._column(1)
        for wait, line in zip(self._waits, self._order.lines, strict=True):
            self._row([(wait, 1), (waiting, -line.quantity)], most=0)
        parts = [*((way.opens, way.loads) for way in self._ways), (waiting, self._waits)]
        self._row([*((opens, 1) for opens, _ in parts), (split, -len(parts))], most=1)
        for opens, loads in parts:
            worth = list(zip(loads, values, strict=True))
            self._row([*worth, (opens, -least), (split, -least)], least=-least)

    def _column(self, most: int) -> int:
        self._solver.addCol(0.0, 0.0, float(most), 0, [], [])
        self._solver.changeColIntegrality(self._columns, highspy.HighsVarType.kInteger)
        self._columns += 1
        return self._columns - 1

    def _row(
        self, terms: Terms, *, least: Fraction | float = -math.inf, most: Fraction | float = math.inf
    ) -> None:
        used = [(column, float(factor)) for column, factor in terms]
        columns, factors = [column for column, _ in used], [factor for _, factor in used]
        self._solver.addRow(float(least), float(most), len(used), columns, factors)

    def _minimise(self, costs: dict[int, Fraction]) -> list[int] | None:
        for column in range(self._columns):
            self._solver.changeColCost(column, float(costs.get(column, 0)))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return [round(value) for value in self._solver.getSolution().col_value]
