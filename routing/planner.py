"""The decision, step by step: sift, state in whole numbers, solve, write out, explain, recheck."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from routing.collector import garbage_waits
from routing.decision import decide, forced
from routing.model.case import Case
from routing.model.fulfillment import Certificate, FulfillmentPlan, Verdict
from routing.model.network import Network
from routing.model.order import RoutingOrder
from routing.model.policy import Policy
from routing.model.presets import LOWEST_COST
from routing.record.assemble import LineLedger, shipments
from routing.record.coming import dated
from routing.record.explain import dearer_verdicts, unsplit_cost
from routing.record.snapshot import Question, hashes_of, input_hash, parts_of
from routing.record.verify import check_plan
from routing.search.instance import Instance
from routing.search.solve import Solution

ENGINE_VERSION = "1"
NODE_LIMIT = 100_000


@garbage_waits()
def plan(  # noqa: PLR0913 - the package's one face
    order: RoutingOrder,
    network: Network,
    policy: Policy = LOWEST_COST,
    *,
    now: datetime,
    explain: bool = True,
    timer: Callable[[], float] | None = None,
    node_limit: int = NODE_LIMIT,
    must_use: str | None = None,
) -> FulfillmentPlan:
    """Decide which location ships what: fewest units backordered, then the lowest objective.

    Equal plans: fewest shipments, then the one met first when options stand by fixed cost,
    location id and service name; the order of the input plays no part. `explain=False` leaves out
    the verdicts of locations that are dearer and the unsplit cost. `timer` gives seconds for the
    certificate. At `node_limit` the best plan so far is returned, with its gap. `must_use` asks what
    would be if a location had to ship: for the best plan that sends a unit from it and leaves no
    more units behind; that plan is not explained.

    Raises CannotShipError if no plan can do so, PlanCheckError if the answer fails its recheck.
    """
    started = timer() if timer else 0.0
    question = Question(order, network, policy, now, explain, node_limit, must_use)
    decided = decide(Case(order, network, now), policy, node_limit)
    if must_use is not None:
        decided, explain = forced(decided, must_use, node_limit), False
    instance, solution, candidates = decided.instance, decided.solution, decided.candidates
    ledger = LineLedger(order)
    sent = shipments(zip(solution.taken, solution.loads, strict=True), candidates, decided.demands, ledger)
    verdicts = [*decided.excluded, *(Verdict(shipment.location_id, "chosen") for shipment in sent)]
    unsplit = None
    if explain:
        ids = [candidate.location.id for candidate in candidates]
        verdicts += dearer_verdicts(instance, solution, ids, {s.location_id for s in sent})
        unsplit = unsplit_cost(instance, solution)
    answer = FulfillmentPlan(
        planned_at=now,
        shipments=sent,
        backorders=dated(ledger.backorders(), Case(order, network, now), verdicts),
        objective=instance.money(solution.total),
        certificate=_certificate(instance, solution, policy, input_hash(hashes_of(parts_of(question)))),
        verdicts=tuple(sorted(verdicts, key=lambda verdict: verdict.location_id)),
        unsplit_cost=unsplit,
        relaxed=tuple(rule.name for rule in decided.relaxed),
    )
    check_plan(answer, order, network, decided.policy)
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
        proof=solution.proof,
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
