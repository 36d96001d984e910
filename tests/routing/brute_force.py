"""Every plan of a small case, one by one, priced in fractions by the contract's words alone."""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

from routing import Network, Policy, RoutingLocation, RoutingOrder
from tests.routing.policy_parts import may_ship, most_shipments, shipment_penalty

Plan = tuple[tuple[int, ...], ...]  # units by location, by line
Best = tuple[int, Fraction]  # units left behind, objective
Price = Callable[[tuple[int, ...]], Fraction | None]  # of a load; None where nothing reaches


def best_plans(
    order: RoutingOrder, network: Network, policy: Policy
) -> tuple[Best, dict[str, Best], Best | None]:
    """The best plan, the best that uses each location, and the best of at most one shipment."""
    prices = [_prices(order, network, policy, location) for location in network.locations]
    wanted = sum(line.quantity for line in order.lines)
    best: Best = (wanted, Fraction(0))
    by_location: dict[str, Best] = {}
    unsplit: Best | None = None
    for plan in _plans(order, network, policy):
        used = [at for at, load in enumerate(plan) if any(load)]
        costs = [prices[at](plan[at]) for at in used]
        if any(cost is None for cost in costs):
            continue
        total = (wanted - sum(map(sum, plan)), sum((c for c in costs if c is not None), Fraction(0)))
        best = min(best, total)
        for at in used:
            name = network.locations[at].id
            by_location[name] = min(by_location.get(name, total), total)
        if len(used) == 1:
            unsplit = total if unsplit is None else min(unsplit, total)
    return best, by_location, unsplit


def _plans(order: RoutingOrder, network: Network, policy: Policy) -> Iterator[Plan]:
    most = most_shipments(policy)
    choices = [_loads(order, network, policy, location) for location in network.locations]

    def extend(at: int, left: tuple[int, ...], used: int) -> Iterator[Plan]:
        if at == len(choices):
            yield ()
            return
        for load in choices[at]:
            if any(n > m for n, m in zip(load, left, strict=True)):
                continue
            now_used = used + any(load)
            if most is not None and now_used > most:
                continue
            rest = tuple(m - n for n, m in zip(load, left, strict=True))
            for tail in extend(at + 1, rest, now_used):
                yield (load, *tail)

    yield from extend(0, tuple(line.quantity for line in order.lines), 0)


def _loads(
    order: RoutingOrder, network: Network, policy: Policy, location: RoutingLocation
) -> list[tuple[int, ...]]:
    nothing = (0,) * len(order.lines)
    if not may_ship(policy, location.id):
        return [nothing]
    most = math.inf if location.capacity is None else location.capacity
    if location.capacity_unit == "orders":
        most = math.inf if most else 0
    return [
        load
        for load in product(*(range(line.quantity + 1) for line in order.lines))
        if sum(load) <= most and _in_stock(order, network, location.id, load)
    ]


def _in_stock(order: RoutingOrder, network: Network, location_id: str, load: tuple[int, ...]) -> bool:
    for sku in {line.sku for line in order.lines}:
        sent = sum(n for line, n in zip(order.lines, load, strict=True) if line.sku == sku)
        if sent > network.stock.get((location_id, sku), 0):
            return False
    return True


def _prices(order: RoutingOrder, network: Network, policy: Policy, location: RoutingLocation) -> Price:
    km = _km(location, order)
    bands = []
    for service in network.services:
        reaching = [band for band in service.bands if km <= band.max_km]
        if reaching:
            bands.append(min(reaching, key=lambda band: band.max_km))

    def price(load: tuple[int, ...]) -> Fraction | None:
        if not bands:
            return None
        pairs = list(zip(order.lines, load, strict=True))
        grams = sum(n * line.weight_g for line, n in pairs)
        freight = min(Fraction(band.base) + Fraction(band.per_kg) * Fraction(grams, 1000) for band in bands)
        opportunity = sum(
            n * Fraction(policy.opportunity_price.get((line.sku, location.id), 0)) for line, n in pairs
        )
        handling = Fraction(location.handling_cost)
        handling += Fraction(location.handling_per_unit) * sum(load)
        return freight + handling + opportunity + Fraction(shipment_penalty(policy))

    return price


def _km(location: RoutingLocation, order: RoutingOrder) -> float:
    lat1, lat2 = math.radians(location.lat), math.radians(order.destination.lat)
    east = math.radians(order.destination.lng - location.lng)
    chord = math.sin((lat2 - lat1) / 2) ** 2
    chord += math.cos(lat1) * math.cos(lat2) * math.sin(east / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(chord))
