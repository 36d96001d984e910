"""The same question put to a general solver, HiGHS, in a formulation of its own."""

import math
import time

import highspy

from routing import Band, Network, Policy, RoutingLocation, RoutingOrder
from tests.routing.policy_parts import most_shipments, shipment_penalty

BACKORDER = 1e5  # per unit; more than any unit of the cases costs, and small enough for the solver


def highs_objective(
    order: RoutingOrder, network: Network, policy: Policy, must_ship: str | None = None
) -> tuple[int, float]:
    """Backordered units and objective of the plan that HiGHS calls optimal, at a gap of 0."""
    waiting, objective, _ = highs_solve(order, network, policy, must_ship)
    return waiting, objective


def highs_solve(
    order: RoutingOrder, network: Network, policy: Policy, must_ship: str | None = None
) -> tuple[int, float, float]:
    """The same, and the seconds that HiGHS took once the model stood."""
    model = _Model(order, policy)
    for location in network.locations:
        loads = model.add_location(location, network)
        if location.id == must_ship:
            model.solver.addConstr(model.solver.qsum(loads) >= 1)
    return model.solve()


class _Model:
    """A binary per location and service, a load per line, and at most one service a location."""

    def __init__(self, order: RoutingOrder, policy: Policy) -> None:
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)  # noqa: FBT003 - the solver's own interface
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", 1e-7)
        self.solver.setOptionValue("threads", 1)
        self._order = order
        self._policy = policy
        self._arrivals: list[list[highspy.highs.highs_var]] = [[] for _ in order.lines]
        self._opened: list[highspy.highs.highs_var] = []

    def add_location(self, location: RoutingLocation, network: Network) -> list[highspy.highs.highs_var]:
        opened, loads = [], []
        to = self._order.destination
        km = _km((location.lat, location.lng), (to.lat, to.lng))
        for service in network.services:
            band = next((band for band in service.bands if km <= band.max_km), None)
            if band is not None:
                opens, sends = self._add_option(location, band, network)
                opened.append(opens)
                loads += sends
        if opened:
            self.solver.addConstr(self.solver.qsum(opened) <= 1)
        self._opened += opened
        return loads

    def _add_option(
        self, location: RoutingLocation, band: Band, network: Network
    ) -> tuple[highspy.highs.highs_var, list[highspy.highs.highs_var]]:
        fixed = location.handling_cost + band.base + shipment_penalty(self._policy)
        opens = self.solver.addBinary(obj=float(fixed))
        loads = []
        for line, arriving in zip(self._order.lines, self._arrivals, strict=True):
            stock = min(line.quantity, network.stock.get((location.id, line.sku), 0))
            if stock:
                cost = location.handling_per_unit + band.per_kg * line.weight_g / 1000
                load = self.solver.addVariable(0, stock, float(cost))
                self.solver.addConstr(load - stock * opens <= 0)
                arriving.append(load)
                loads.append(load)
        if location.capacity is not None and loads:
            self.solver.addConstr(self.solver.qsum(loads) - location.capacity * opens <= 0)
        return opens, loads

    def solve(self) -> tuple[int, float, float]:
        waits = [self.solver.addVariable(0, line.quantity, BACKORDER) for line in self._order.lines]
        for line, arriving, wait in zip(self._order.lines, self._arrivals, waits, strict=True):
            self.solver.addConstr(self.solver.qsum(arriving) + wait == line.quantity)
        most = most_shipments(self._policy)
        if most is not None:
            self.solver.addConstr(self.solver.qsum(self._opened) <= most)
        began = time.perf_counter()
        self.solver.run()
        seconds = time.perf_counter() - began
        waiting = round(sum(self.solver.val(wait) for wait in waits))
        return waiting, self.solver.getInfo().objective_function_value - BACKORDER * waiting, seconds


def _km(here: tuple[float, float], there: tuple[float, float]) -> float:
    lat1, lng1, lat2, lng2 = map(math.radians, (*here, *there))
    chord = math.sin((lat2 - lat1) / 2) ** 2
    chord += math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(chord))
