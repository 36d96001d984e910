"""Which kinds of questions random mixes have put, so that none is left out unseen."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from bench.instances import Instance
from routing import FulfillmentPlan, Network, Policy, RoutingOrder
from routing.rules import RULES
from routing.terms import TERMS

SHAPES: Final = (
    "lines of one sku",
    "pickup",
    "brought to a store",
    "service level",
    "deliver_by",
    "backorder penalty",
    "opportunity price",
    "least value of a part",
    "capacity in units",
    "capacity in orders",
    "weight breaks",
    "volume weight",
    "zones",
    "distances given",
    "another currency",
    "pick-ups",
    "cut-off",
    "surcharge: oversize",
    "surcharge: residential",
    "surcharge: flag",
)
ANSWERS: Final = (
    "split",
    "nothing ships",
    "some units wait",
    "soft rule given up",
    "transfer used",
    "finished by HiGHS",
    "excluded: offline",
    "excluded: cool_off",
    "excluded: method",
    "excluded: region",
    "excluded: flags",
    "excluded: no_transfer",
    "excluded: no_stock",
    "excluded: too_heavy",
    "excluded: excluded_by_policy",
    "excluded: max_distance",
    "excluded: max_rejects",
    "excluded: ring_fence",
    "excluded: cutoff",
    "excluded: deliver_by",
)
KINDS: Final = (
    *(f"rule {name}" for name in RULES),
    *(f"soft {name}" for name in RULES),
    *(f"term {name}" for name in TERMS),
    *SHAPES,
)


def asked(instance: Instance) -> Iterator[str]:
    """The kinds that a question is of."""
    order, network, policy = instance
    yield from {f"{'soft' if rule.soft else 'rule'} {rule.name}" for rule in policy.rules}
    yield from {f"term {term.name}" for term in policy.terms}
    shapes = chain(_of_order(order), _of_policy(policy), _of_network(network))
    yield from (kind for kind, is_there in zip(SHAPES, shapes, strict=True) if is_there)


def answered(plan: FulfillmentPlan) -> Iterator[str]:
    """What an answer shows."""
    if len(plan.shipments) > 1:
        yield "split"
    if not plan.shipments:
        yield "nothing ships"
    if plan.backorders and plan.shipments:
        yield "some units wait"
    if plan.relaxed:
        yield "soft rule given up"
    if any(shipment.service == "transfer" for shipment in plan.shipments):
        yield "transfer used"
    if plan.certificate.proof == "highs":
        yield "finished by HiGHS"
    yield from {f"excluded: {verdict.rule}" for verdict in plan.verdicts if verdict.outcome == "excluded"}


def never_met(met: Counter[str], kinds: Iterable[str]) -> list[str]:
    """The kinds that stand at 0."""
    return [kind for kind in kinds if not met[kind]]


def _of_order(order: RoutingOrder) -> Iterator[bool]:
    yield len({line.sku for line in order.lines}) < len(order.lines)
    yield order.method == "pickup"
    yield order.pickup_location is not None
    yield order.service_level is not None
    yield order.deliver_by is not None


def _of_policy(policy: Policy) -> Iterator[bool]:
    yield policy.backorder_penalty is not None
    yield bool(policy.opportunity_price)
    yield any(getattr(rule, "part_value", 0) > 0 for rule in policy.rules)


def _of_network(network: Network) -> Iterator[bool]:
    limited = {place.capacity_unit for place in network.locations if place.capacity is not None}
    yield "units" in limited
    yield "orders" in limited
    services = network.services
    yield any(band.breaks for service in services for band in service.bands)
    yield any(service.dim_divisor is not None for service in services)
    yield any(service.zones is not None for service in services)
    yield network.distances is not None
    yield any(service.currency is not None for service in services)
    yield any(service.pickups for service in services)
    yield any(place.cutoff is not None for place in network.locations)
    charged = {one.kind for service in services for one in service.surcharges}
    yield from (kind in charged for kind in ("oversize", "residential", "flag"))
