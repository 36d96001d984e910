"""The same question put to a general solver, HiGHS, in a formulation of its own."""

import math

import highspy

from routing import Network, Policy, RoutingOrder

BACKORDER = 1e5  # per unit; more than any unit of the cases costs, and small enough for the solver


def highs_objective(order: RoutingOrder, network: Network, policy: Policy) -> tuple[int, float]:
    """Backordered units and objective of the plan that HiGHS calls optimal, at a gap of 0."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)  # noqa: FBT003 - the solver's own interface
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 1e-7)
    model.setOptionValue("threads", 1)
    arrivals: list[list[highspy.highs.highs_var]] = [[] for _ in order.lines]
    opened: list[highspy.highs.highs_var] = []
    for location in network.locations:
        km = _km((location.lat, location.lng), (order.destination.lat, order.destination.lng))
        for service in network.services:
            band = next((band for band in service.bands if km <= band.max_km), None)
            if band is None:
                continue
            fixed = float(location.handling_cost + band.base + policy.shipment_penalty)
            opens = model.addBinary(obj=fixed)
            opened.append(opens)
            loads = []
            for line, arriving in zip(order.lines, arrivals, strict=True):
                stock = min(line.quantity, network.stock.get((location.id, line.sku), 0))
                if stock:
                    cost = location.handling_per_unit + band.per_kg * line.weight_g / 1000
                    load = model.addVariable(0, stock, float(cost))
                    model.addConstr(load - stock * opens <= 0)
                    arriving.append(load)
                    loads.append(load)
            if location.capacity is not None and loads:
                model.addConstr(sum(loads) - location.capacity * opens <= 0)
    waits = [model.addVariable(0, line.quantity, BACKORDER) for line in order.lines]
    for line, arriving, wait in zip(order.lines, arrivals, waits, strict=True):
        model.addConstr(sum(arriving) + wait == line.quantity)
    if policy.max_shipments is not None:
        shipments = model.qsum(opened)
        model.addConstr(shipments <= policy.max_shipments)
    model.run()
    waiting = round(sum(model.val(wait) for wait in waits))
    return waiting, model.getInfo().objective_function_value - BACKORDER * waiting


def _km(here: tuple[float, float], there: tuple[float, float]) -> float:
    lat1, lng1, lat2, lng2 = map(math.radians, (*here, *there))
    chord = math.sin((lat2 - lat1) / 2) ** 2
    chord += math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(chord))
