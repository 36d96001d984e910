"""The decision, step by step: sift, state in whole numbers, solve, write out, explain, recheck."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from routing.assemble import LineLedger, shipments
from routing.digest import input_hash
from routing.explain import dearer_verdicts, unsplit_cost
from routing.fill import cheapest_loads
from routing.filters import sift
from routing.fulfillment import Certificate, FulfillmentPlan, Verdict
from routing.instance import Instance
from routing.network import Network
from routing.order import RoutingOrder
from routing.policy import Policy
from routing.presets import LOWEST_COST
from routing.scaling import build_instance, demands_of
from routing.solve import Solution, solve
from routing.verify import check_plan

ENGINE_VERSION = "1"
NODE_LIMIT = 100_000


def plan(  # noqa: PLR0913 - the package's one face
    order: RoutingOrder,
    network: Network,
    policy: Policy = LOWEST_COST,
    *,
    now: datetime,
    explain: bool = True,
    timer: Callable[[], float] | None = None,
    node_limit: int = NODE_LIMIT,
) -> FulfillmentPlan:
    """Decide which location ships what: fewest units backordered, then the lowest objective.

    Equal plans: fewest shipments, then the one met first when options stand by fixed cost,
    location id and service name; the order of the input plays no part. `explain=False` leaves out
    the verdicts of locations that are dearer and the unsplit cost. `timer` gives seconds for the
    certificate. At `node_limit` the best plan so far is returned, with its gap.

    Raises PlanCheckError if the answer fails its recheck.
    """
    started = timer() if timer else 0.0
    demands = demands_of(order)
    candidates, excluded = sift(order, network, policy)
    instance = build_instance(demands, candidates, policy)
    solution = solve(instance, node_limit)
    ledger = LineLedger(order)
    loads = cheapest_loads(solution.taken, instance)
    sent = shipments(zip(solution.taken, loads, strict=True), candidates, demands, ledger)
    verdicts = [*excluded, *(Verdict(shipment.location_id, "chosen") for shipment in sent)]
    unsplit = None
    if explain:
        ids = [candidate.location.id for candidate in candidates]
        verdicts += dearer_verdicts(instance, solution, ids, {s.location_id for s in sent})
        unsplit = unsplit_cost(instance, solution)
    answer = FulfillmentPlan(
        planned_at=now,
        shipments=sent,
        backorders=ledger.backorders(),
        objective=instance.money(solution.total),
        certificate=_certificate(instance, solution, policy, input_hash(order, network, policy)),
        verdicts=tuple(sorted(verdicts, key=lambda verdict: verdict.location_id)),
        unsplit_cost=unsplit,
    )
    check_plan(answer, order, network, policy)
    seconds = timer() - started if timer else 0.0
    return replace(answer, certificate=replace(answer.certificate, seconds=seconds))


def _certificate(instance: Instance, solution: Solution, policy: Policy, fingerprint: str) -> Certificate:
    objective = instance.money(solution.total)
    return Certificate(
        optimal=solution.optimal,
        lower_bound=(bound := _lower_bound(instance, solution)),
        gap=objective - bound,
        nodes=solution.nodes,
        seconds=0.0,
        engine_version=ENGINE_VERSION,
        input_hash=fingerprint,
        policy_name=policy.name,
        policy_version=policy.version,
    )


def _lower_bound(instance: Instance, solution: Solution) -> Fraction:
    """Floor of the objective of every plan that leaves no more units behind than this one."""
    if solution.optimal:
        return instance.money(solution.total)
    left_behind = instance.left_behind(solution.total)
    proven = solution.at_least - left_behind * instance.backorder_price
    # Where fewer backorders are not ruled out, only this is sure: every unit at its cheapest.
    cheapest = sum(
        n * min(0, *costs)
        for n, costs in zip(
            instance.quantities,
            zip(*(o.unit_costs for o in instance.options), strict=True),
            strict=True,
        )
    )
    return instance.scale.money_at_least(max(proven, cheapest))
