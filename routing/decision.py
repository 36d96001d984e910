"""One question put to the search, and again with fewer soft rules while these alone make units wait."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.errors import CannotShipError
from routing.model.case import Case
from routing.model.fulfillment import Verdict
from routing.model.policy import Policy
from routing.pricing.filters import Candidate, sift
from routing.record.explain import Forcing
from routing.rules import Rule
from routing.search.demands import Demand, demands_of
from routing.search.instance import Instance
from routing.search.scaling import build_instance
from routing.search.solve import Solution, solve


@dataclass(frozen=True, slots=True)
class Decision:
    """What the search answered, what it was asked, and which soft rules were given up for it."""

    policy: Policy
    relaxed: tuple[Rule, ...]
    demands: tuple[Demand, ...]
    candidates: Sequence[Candidate]
    excluded: Sequence[Verdict]
    instance: Instance
    solution: Solution

    @property
    def shipped(self) -> int:
        """Units that leave."""
        sent = self.solution.loads
        return sum(load[at] * demand.units for load in sent for at, demand in enumerate(self.demands))


def decide(case: Case, policy: Policy, node_limit: int) -> Decision:
    """Solve under all rules; then give up soft ones, in their order, while units wait for them alone.

    Those that were not in the way after all are put back.
    """
    soft = [rule for rule in policy.rules if rule.soft]
    decided = _under(case, policy, (), node_limit)
    wanted = sum(line.quantity for line in case.order.lines)
    if not soft or decided.shipped == wanted:
        return decided
    most = _under(case, policy, tuple(soft), node_limit).shipped
    given_up: tuple[Rule, ...] = ()
    for rule in soft:
        if decided.shipped >= most:
            break
        given_up = (*given_up, rule)
        decided = _under(case, policy, given_up, node_limit)
    for rule in given_up[-2::-1]:
        fewer = tuple(other for other in given_up if other is not rule)
        again = _under(case, policy, fewer, node_limit)
        if again.shipped >= most:
            given_up, decided = fewer, again
    return decided


def forced(decided: Decision, location_id: str, node_limit: int) -> Decision:
    """The best that could have been decided with a unit sent from a location, and no more left behind.

    Raises CannotShipError where there is no such plan.
    """
    ids = [candidate.location.id for candidate in decided.candidates]
    if any(ids[option.location] == location_id for option in decided.solution.taken):
        return decided
    found = None
    if location_id in ids:
        found = Forcing(decided.instance, decided.solution, node_limit).plan(ids.index(location_id))
    if found is None:
        why = next((one.rule for one in decided.excluded if one.location_id == location_id), None)
        told = f"it is excluded ({why})" if why else "no plan has it without leaving more units behind"
        raise CannotShipError(f"{location_id} cannot be made to ship: {told}")
    return replace(decided, solution=found)


def _under(case: Case, policy: Policy, without: tuple[Rule, ...], node_limit: int) -> Decision:
    kept = policy
    if without:
        kept = replace(policy, rules=tuple(rule for rule in policy.rules if not _among(rule, without)))
    shape = kept.shape(case.order)
    demands = demands_of(case.order, shape)
    candidates, excluded = sift(case.order, case.network, kept, case.now)
    instance = build_instance(case, kept, shape, demands, candidates)
    return Decision(kept, without, demands, candidates, excluded, instance, solve(instance, node_limit))


def _among(rule: Rule, others: Sequence[Rule]) -> bool:
    return any(rule is other for other in others)
