"""From Decimals to the instance: one common integer unit for every price."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from routing.filters import Candidate
from routing.instance import Demand, Instance, Option, Scale
from routing.options import OptionPricer
from routing.order import RoutingOrder
from routing.policy import Policy

GRAMS_PER_KG = 1000


def demands_of(order: RoutingOrder) -> tuple[Demand, ...]:
    """Join the lines whose units are alike, by sku and weight."""
    joined: dict[tuple[str, int], int] = {}
    for line in order.lines:
        key = (line.sku, line.weight_g)
        joined[key] = joined.get(key, 0) + line.quantity
    return tuple(Demand(sku, weight, n) for (sku, weight), n in sorted(joined.items()))


def build_instance(demands: tuple[Demand, ...], candidates: Sequence[Candidate], policy: Policy) -> Instance:
    """State the problem in whole numbers; candidates are known by their place in the list."""
    rank = len(candidates) + 1
    units = _common_unit(candidates, policy)
    scale = Scale(units * rank, rank)
    groups = _shared_skus(demands)
    pricer = OptionPricer(demands, groups, policy, scale)
    built = [option for at, one in enumerate(candidates) for option in pricer.options(at, one)]
    # Fixed cost first lets the search stop at the first option that is too dear; the rest of the
    # key makes the order, and with it every tie, independent of the order of the input.
    built.sort(key=lambda option: (option.fixed, option.location, option.service))
    reachable = _reachable(demands, groups, built)
    return Instance(
        options=tuple(built),
        quantities=reachable,
        groups=groups,
        backorder_price=_backorder_price(built, reachable),
        max_shipments=min(policy.max_shipments or len(candidates), len(candidates)),
        coupled=bool(groups) or any(option.cap is not None for option in built),
        scale=scale,
    )


def _common_unit(candidates: Sequence[Candidate], policy: Policy) -> int:
    """Find the smallest number that makes every price whole when multiplied."""
    bands = {id(band): band for one in candidates for _, band in one.bands}.values()
    places = [one.location for one in candidates]
    prices: set[Decimal] = {policy.shipment_penalty, *policy.opportunity_price.values()}
    prices.update(at.handling_cost for at in places)
    prices.update(at.handling_per_unit for at in places)
    prices.update(band.base for band in bands)
    per_kg = {band.per_kg for band in bands}
    return math.lcm(_denominators(prices), GRAMS_PER_KG * _denominators(per_kg))


def _denominators(prices: Iterable[Decimal]) -> int:
    return math.lcm(*{price.as_integer_ratio()[1] for price in prices})


def _shared_skus(demands: tuple[Demand, ...]) -> tuple[tuple[int, ...], ...]:
    by_sku: dict[str, list[int]] = {}
    for index, demand in enumerate(demands):
        by_sku.setdefault(demand.sku, []).append(index)
    return tuple(tuple(group) for group in by_sku.values() if len(group) > 1)


def _reachable(
    demands: tuple[Demand, ...], groups: tuple[tuple[int, ...], ...], options: Sequence[Option]
) -> tuple[int, ...]:
    """Leave out what the whole network cannot supply, so that no bound has to price it.

    Demands that share a sku are kept whole: which of them waits is for the search to say.
    """
    supply = {option.location: option.supply for option in options}.values()
    totals = [sum(column) for column in zip(*supply, strict=True)] or [0] * len(demands)
    shared = {index for group in groups for index in group}
    return tuple(
        demand.quantity if index in shared else min(demand.quantity, totals[index])
        for index, demand in enumerate(demands)
    )


def _backorder_price(options: Sequence[Option], quantities: Sequence[int]) -> int:
    """More than twice what any plan can cost, so that a total tells backorders and cost apart."""
    dearest = 0
    columns: Iterable[tuple[int, ...]] = zip(*(option.unit_costs for option in options), strict=True)
    for quantity, costs in zip(quantities, columns, strict=False):
        dearest += quantity * max(map(abs, costs))
    return 2 * (sum([option.fixed for option in options]) + dearest + 1)
