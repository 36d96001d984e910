"""The routing question as a mixed-integer programme for HiGHS, which is installed for development only."""

import math
import time
from typing import Final

import highspy

from bench.instances import Instance
from routing import Band, Network, RoutingLocation, RoutingOrder, Service

_BACKORDER: Final = 1e5  # per unit: more than any unit costs, and small enough for the solver
_EARTH_KM: Final = 6371


def highs_solve(instance: Instance) -> tuple[float, float]:
    """The objective at a gap of 0, backorders apart, and the seconds of the solve once the model stood."""
    order, network, _ = instance
    model = _Model(order)
    for location in network.locations:
        model.add_location(location, network)
    return model.solve()


class _Model:
    """A binary per location and service, a load per line below it, and one service a location at most."""

    def __init__(self, order: RoutingOrder) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            self._solver.setOptionValue(option, value)
        self._order = order
        self._arrivals: list[list[highspy.highs.highs_var]] = [[] for _ in order.lines]

    def add_location(self, location: RoutingLocation, network: Network) -> None:
        km = _km(location, self._order)
        bands = [band for service in network.services if (band := _band(service, km)) is not None]
        opened = [self._add_option(location, band, network) for band in bands]
        if opened:
            self._solver.addConstr(self._solver.qsum(opened) <= 1)

    def _add_option(self, location: RoutingLocation, band: Band, network: Network) -> highspy.highs.highs_var:
        opens: highspy.highs.highs_var = self._solver.addBinary(obj=float(location.handling_cost + band.base))
        for line, arriving in zip(self._order.lines, self._arrivals, strict=True):
            most = min(line.quantity, network.stock.get((location.id, line.sku), 0))
            if most:
                cost = location.handling_per_unit + band.per_kg * line.weight_g / 1000
                load = self._solver.addVariable(0, most, float(cost))
                self._solver.addConstr(load - most * opens <= 0)
                arriving.append(load)
        return opens

    def solve(self) -> tuple[float, float]:
        waits = [self._solver.addVariable(0, line.quantity, _BACKORDER) for line in self._order.lines]
        for line, arriving, wait in zip(self._order.lines, self._arrivals, waits, strict=True):
            self._solver.addConstr(self._solver.qsum(arriving) + wait == line.quantity)
        began = time.perf_counter()
        self._solver.run()
        seconds = time.perf_counter() - began
        waiting = round(sum(self._solver.val(wait) for wait in waits))
        return self._solver.getInfo().objective_function_value - _BACKORDER * waiting, seconds


_OPTIONS: Final = {"output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-7, "threads": 1}


def _band(service: Service, km: float) -> Band | None:
    return next((band for band in service.bands if km <= band.max_km), None)


def _km(location: RoutingLocation, order: RoutingOrder) -> float:
    to = order.destination
    lat1, lng1, lat2, lng2 = map(math.radians, (location.lat, location.lng, to.lat, to.lng))
    chord = math.sin((lat2 - lat1) / 2) ** 2
    chord += math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(chord))
