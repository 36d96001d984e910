"""An instance as a mixed-integer programme: who ships, how much of each demand, and what waits.

HiGHS works on one thread with a fixed seed and is limited in nodes, not in seconds, so that it ends
the same way every time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from routing.search.fill import Loads
from routing.search.instance import Instance, Option

SOLVER_NODES: Final = 20_000
_SETTINGS: Final[dict[str, bool | float | str]] = {
    "output_flag": False,
    "presolve": "off",  # in HiGHS 1.16 it calls some programmes infeasible that are not
    "threads": 1,
    "random_seed": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-7,
    "mip_feasibility_tolerance": 1e-7,
    "mip_max_nodes": SOLVER_NODES,
}

Terms = Iterable[tuple[int, float]]  # column, factor


@dataclass(frozen=True, slots=True)
class Answer:
    """Loads by option, and the least cost in minor units that is proven."""

    loads: Loads | None
    at_least: float
    optimal: bool
    infeasible: bool


class Model:
    """The programme of these options, ready to be asked for its fewest backorders or its lowest cost."""

    def __init__(self, instance: Instance, options: Sequence[Option]) -> None:
        import highspy  # noqa: PLC0415 - it takes a while to load, and few orders need it

        self._kinds = highspy
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in _SETTINGS.items():
            self._solver.setOptionValue(name, value)
        self._instance = instance
        self._options = options
        self._columns = 0
        self._waits = [self._column(units) for units in instance.quantities]
        self._takes = [self._column(1) for _ in options]
        self._sends = [[self._column(units) for units in option.supply] for option in options]
        self._limit_options()
        self._limit_plan()
        if instance.least_value:
            self._limit_parts()

    def settle_waiting(self) -> int | None:
        """The fewest units that can be left behind, held from here on; None where that stays open."""
        price = self._instance.backorder_price
        units = [wait // price for wait in self._instance.waits]
        answer = self._minimise(zip(self._waits, units, strict=True))
        if answer.loads is None or not answer.optimal:
            return None
        waiting = round(answer.at_least)
        self._row(zip(self._waits, units, strict=True), most=waiting)
        return waiting

    def cheapest(self) -> Answer:
        """The lowest cost, by the limits so far."""
        in_money = self._instance.scale.units_per_minor
        costs = [(take, option.fixed) for take, option in zip(self._takes, self._options, strict=True)]
        for sends, option in zip(self._sends, self._options, strict=True):
            costs += zip(sends, option.unit_costs, strict=True)
        if not self._instance.backorder_price:
            costs += zip(self._waits, self._instance.waits, strict=True)
        return self._minimise((column, cost / in_money) for column, cost in costs)

    def _limit_options(self) -> None:
        for take, sends, option in zip(self._takes, self._sends, self._options, strict=True):
            for send, units in zip(sends, option.supply, strict=True):
                self._row([(send, 1), (take, -units)], most=0)
            for row in option.rows:
                self._row([*zip(sends, row.uses, strict=True), (take, -row.limit)], most=0)
            self._row([*((send, 1) for send in sends), (take, -1)], least=0)
            if option.above is not None:
                more = option.above.limit + 1
                self._row([*zip(sends, option.above.uses, strict=True), (take, -more)], least=0)

    def _limit_plan(self) -> None:
        for demand, quantity in enumerate(self._instance.quantities):
            parts = [self._waits[demand], *(sends[demand] for sends in self._sends)]
            self._row([(part, 1) for part in parts], least=quantity, most=quantity)
        if self._instance.refusal is not None:
            self._row([(wait, 1) for wait in self._waits], most=0)
        places: dict[int, list[int]] = {}
        for take, option in zip(self._takes, self._options, strict=True):
            places.setdefault(option.location, []).append(take)
        for takes in places.values():
            self._row([(take, 1) for take in takes], most=1)
        self._row([(take, 1) for take in self._takes], most=self._instance.max_shipments)
        for take, option in zip(self._takes, self._options, strict=True):
            if option.must:
                self._row([(take, 1)], least=1)

    def _limit_parts(self) -> None:
        """Once there are two parts, each of them is worth the least value."""
        values, least = self._instance.values, self._instance.least_value
        some_wait, split = self._column(1), self._column(1)
        most_parts = len(self._takes) + 1
        parts = [*self._takes, some_wait]
        self._row([*((part, 1) for part in parts), (split, -most_parts)], most=1)
        for part, units in zip(parts, [*self._sends, self._waits], strict=True):
            self._row([*zip(units, values, strict=True), (part, -least), (split, -least)], least=-least)
        for wait, quantity in zip(self._waits, self._instance.quantities, strict=True):
            self._row([(wait, 1), (some_wait, -quantity)], most=0)

    def _column(self, most: int) -> int:
        self._solver.addCol(0.0, 0.0, float(most), 0, [], [])
        self._solver.changeColIntegrality(self._columns, self._kinds.HighsVarType.kInteger)
        self._columns += 1
        return self._columns - 1

    def _row(self, terms: Terms, *, least: float = float("-inf"), most: float = float("inf")) -> None:
        used = [(column, float(factor)) for column, factor in terms if factor]
        columns, factors = [column for column, _ in used], [factor for _, factor in used]
        self._solver.addRow(least, most, len(used), columns, factors)

    def _minimise(self, costs: Terms) -> Answer:
        for column in range(self._columns):
            self._solver.changeColCost(column, 0.0)
        for column, cost in costs:
            self._solver.changeColCost(column, float(cost))
        self._solver.run()
        status, info = self._solver.getModelStatus(), self._solver.getInfo()
        kinds = self._kinds.HighsModelStatus
        infeasible = status in {kinds.kInfeasible, kinds.kUnboundedOrInfeasible}
        feasible = info.primal_solution_status == self._kinds.kSolutionStatusFeasible
        return Answer(
            loads=self._loads() if feasible else None,
            at_least=info.mip_dual_bound,
            optimal=status == kinds.kOptimal,
            infeasible=infeasible,
        )

    def _loads(self) -> Loads:
        values = self._solver.getSolution().col_value
        return tuple(tuple(round(values[send]) for send in sends) for sends in self._sends)
