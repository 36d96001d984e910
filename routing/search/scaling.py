"""From offers, policy and shape to the instance that the search reads."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from operator import attrgetter

from routing.model.case import Case
from routing.model.policy import Policy
from routing.pricing.filters import Candidate
from routing.search.costs import Costs
from routing.search.demands import Demand
from routing.search.instance import Instance, Option
from routing.search.options import OptionBuilder
from routing.search.shape import Shape


def build_instance(
    case: Case,
    policy: Policy,
    shape: Shape,
    demands: tuple[Demand, ...],
    candidates: Sequence[Candidate],
) -> Instance:
    """State the problem in whole numbers; candidates are known by their place in the list."""
    costs = Costs(case, policy, demands, candidates)
    builder = OptionBuilder(demands, costs, in_rows=_needs_rows(shape, demands, candidates))
    built = [option for at, one in enumerate(candidates) for option in builder.options(at, one)]
    # Fixed cost first lets the search stop at the first option that is too dear. Equal ones stay
    # as they were built, by location and service: so no tie depends on the order of the input.
    built.sort(key=attrgetter("fixed"))
    penalty = None if shape.backorder_penalty is None else costs.whole(shape.backorder_penalty)
    values, least_value = _values(case, shape, demands)
    given_up = None if penalty is None else penalty * sum(line.quantity for line in case.order.lines)
    counted = shape.ship_complete or least_value or penalty is not None
    quantities = tuple(demand.quantity for demand in demands)
    if not counted:
        quantities = _reachable(quantities, builder.groups, built)
    price = 0
    if penalty is None or shape.ship_complete:
        price = backorder_price(built, quantities, given_up or 0)
    waits = tuple((price or penalty or 0) * demand.units for demand in demands)
    nothing = sum(map(int.__mul__, quantities, waits))
    coupled = bool(builder.groups) or any(option.cap is not None for option in built)
    return Instance(
        options=tuple(built),
        quantities=quantities,
        groups=builder.groups,
        waits=waits,
        backorder_price=price,
        ceiling=nothing + (price or backorder_price(built, quantities, 0)),
        max_shipments=min(shape.max_shipments or len(candidates), len(candidates)),
        coupled=coupled,
        scale=costs.scale,
        tangled=bool(least_value) or any(option.rows or option.above for option in built),
        least_value=least_value,
        values=values,
        refusal=(nothing if given_up is None else given_up) if shape.ship_complete else None,
        dearest=dearest_units(built, len(demands)) if coupled else (),
    )


def _needs_rows(shape: Shape, demands: Sequence[Demand], candidates: Sequence[Candidate]) -> bool:
    """Whether something is measured otherwise than in units, which a flow could not load."""
    if shape.min_part_value or any(offer.breaks for one in candidates for offer in one.offers):
        return True
    if all(demand.units == 1 and len(demand.needs) == 1 for demand in demands):
        return False
    skus = [sku for demand in demands for sku, _ in demand.needs]
    limited = any(
        one.location.capacity is not None and one.location.capacity_unit == "units" for one in candidates
    )
    return limited or len(set(skus)) < len(skus)


def _values(case: Case, shape: Shape, demands: Sequence[Demand]) -> tuple[tuple[int, ...], int]:
    """What a piece of each demand is worth, and the least value of a part, as whole numbers."""
    if not shape.min_part_value:
        return (), 0
    by_line = [Fraction(shape.value_by_line.get(line.line_id, 0)) for line in case.order.lines]
    values = [demand.price(by_line) for demand in demands]
    least = Fraction(shape.min_part_value)
    scale = least.denominator
    for value in values:
        scale *= (value * scale).denominator
    return tuple(int(value * scale) for value in values), int(least * scale)


def _reachable(
    quantities: Sequence[int], groups: tuple[tuple[int, ...], ...], options: Sequence[Option]
) -> tuple[int, ...]:
    """Leave out what the whole network cannot supply, so that no bound has to price it.

    Demands that share a sku are kept whole: which of them waits is for the search to say.
    """
    most: dict[int, tuple[int, ...]] = {}
    for option in options:
        known = most.get(option.location)
        most[option.location] = option.supply if known is None else tuple(map(max, known, option.supply))
    totals = [sum(column) for column in zip(*most.values(), strict=True)] or [0] * len(quantities)
    shared = {index for group in groups for index in group}
    return tuple(
        quantity if index in shared else min(quantity, totals[index])
        for index, quantity in enumerate(quantities)
    )


def dearest_units(options: Sequence[Option], demands: int) -> tuple[int, ...]:
    """By demand, the highest price of one of it."""
    return tuple(
        max((option.unit_costs[at] for option in options if option.supply[at]), default=0)
        for at in range(demands)
    )


def backorder_price(options: Sequence[Option], quantities: Sequence[int], given_up: int) -> int:
    """More than twice what any plan can cost, so that a total tells backorders and cost apart."""
    dearest = given_up
    columns: Iterable[tuple[int, ...]] = zip(*(option.unit_costs for option in options), strict=True)
    for quantity, costs in zip(quantities, columns, strict=False):
        dearest += quantity * max(map(abs, costs))
    return 2 * (sum([option.fixed for option in options]) + dearest + 1)
