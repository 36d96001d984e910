"""Policies that can never match, contradict themselves, or have parts that can never matter."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, get_args

from adapters.policies.document import Fault, Path, PolicyDocument
from routing.model.network import LocationKind
from routing.model.policy import Policy
from routing.rules import KeepTogether, Locations, MaxShipments, NoSplitBelow, Places, Rule

_KINDS: Final = frozenset(get_args(LocationKind))
_LIMITS: Final = {"max_shipments": "most", "max_rejects": "most", "deliver_by": "days", "max_distance": "km"}
_ONCE: Final = {"cutoff", "no_split_below", "ship_complete", "whole_lines"}
_WHERE: Final = {"ring_fence": "at", "capacity": "at", "max_distance": "of", "preference": "places"}
_REPEATED_TERMS: Final = {"preference", "priority"}


def contradictions(document: PolicyDocument) -> tuple[Fault, ...]:
    """Return every reason why this policy cannot mean what it says; none if it can."""
    policy = document.policy
    checks = (_never(document), _empty(policy), _repeated(policy), _excluded(policy), _pointless(policy))
    return tuple(fault for check in checks for fault in check)


def _never(document: PolicyDocument) -> Iterator[Fault]:
    scope = document.scope
    for name in ("channels", "regions", "customer_tiers", "service_levels", "categories"):
        if getattr(scope, name) == frozenset():
            yield Fault(("scope", name), "is empty, so that no order fits; leave it out to ask nothing")
    since, until = document.valid_from, document.valid_to
    if since is not None and until is not None and until <= since:
        yield Fault(("valid_to",), "is not after valid_from, so that the policy never holds")


def _empty(policy: Policy) -> Iterator[Fault]:
    for path, rule in _rules(policy):
        if isinstance(rule, Locations):
            yield from _empty_locations(path, rule)
        elif isinstance(rule, KeepTogether) and not rule.groups and not _names(rule.products):
            yield Fault(path, "keeps nothing together: it names no products, and groups is false")
        elif isinstance(rule, NoSplitBelow) and not (rule.order_value or rule.part_value):
            yield Fault(path, "says nothing: give order_value, part_value, or both")
    includes = [(path, rule.include) for path, rule in _rules(policy) if isinstance(rule, Locations)]
    by_id = [(path, include) for path, include in includes if include and not include.groups | include.kinds]
    for (_, one), (path, other) in pairwise(by_id):
        if not one.ids & other.ids:
            yield Fault((*path, "include"), "has no location in common with the rule before")
    if not policy.terms:
        yield Fault(("terms",), "are none, so that every plan is as good as any other")
    elif not any(term.weight for term in policy.terms):
        yield Fault(("terms",), "all have weight 0, so that every plan is as good as any other")


def _empty_locations(path: Path, rule: Locations) -> Iterator[Fault]:
    if rule.include is None and not rule.exclude:
        yield Fault(path, "says nothing: give include, exclude, or both")
    elif rule.include is not None and not rule.include:
        yield Fault((*path, "include"), "names no location, so that nothing can ship")
    elif rule.include is not None and _within(rule.include, rule.exclude):
        yield Fault(path, "excludes all that it includes, so that nothing can ship")
    elif rule.exclude.kinds == _KINDS:
        yield Fault((*path, "exclude", "kinds"), "names every kind, so that nothing can ship")


def _repeated(policy: Policy) -> Iterator[Fault]:
    seen: dict[tuple[Any, ...], Rule] = {}
    for path, rule in _rules(policy):
        if rule.name not in _LIMITS and rule.name not in _ONCE:
            key: tuple[Any, ...] = (rule,)
        else:
            key = (rule.name, getattr(rule, _WHERE.get(rule.name, ""), None))
        before = seen.get(key)
        seen[key] = rule
        if before is not None:
            yield from _repeats(path, before, rule)
    names = [term.name for term in policy.terms]
    for at, name in enumerate(names):
        if name in names[:at] and (name not in _REPEATED_TERMS or policy.terms[at] in policy.terms[:at]):
            yield Fault(("terms", at, name), "stands twice; give it the weight that you mean")


def _repeats(path: Path, before: Rule, rule: Rule) -> Iterator[Fault]:
    """A limit may stand again where giving it up leaves a wider one: 1 shipment if possible, else 2."""
    field = _LIMITS.get(rule.name)
    if field is None:
        yield Fault(path, "stands twice")
        return
    if not before.soft:
        yield Fault(path, "stands twice, and the first is hard; one hard limit is enough")
        return
    first, second = getattr(before, field), getattr(rule, field)
    if first is None or (second is not None and second <= first):
        yield Fault(path, "is no wider than the soft one before it, which then never matters")


def _excluded(policy: Policy) -> Iterator[Fault]:
    """Find parts that speak only of locations that a hard rule excludes."""
    out = [rule.exclude for rule in policy.rules if isinstance(rule, Locations) and not rule.soft]
    if not out:
        return
    for path, part in (*_rules(policy), *_terms(policy)):
        meant = getattr(part, _WHERE.get(part.name, ""), None)
        if part.name == "priority" and part.ids:
            meant = Places(frozenset(part.ids))
        if isinstance(meant, Places) and meant and any(_within(meant, excluded) for excluded in out):
            yield Fault(path, "speaks only of locations that the policy excludes")


def _pointless(policy: Policy) -> Iterator[Fault]:
    hard = {rule.name for rule in policy.rules if not rule.soft}
    for path, term in _terms(policy):
        if term.name == "lateness" and "deliver_by" in hard:
            yield Fault(path, "never matters: with deliver_by as a hard rule, nothing is late")
    caps = {rule.most for rule in policy.rules if isinstance(rule, MaxShipments) and not rule.soft}
    for path, rule in _rules(policy):
        if caps == {1} and isinstance(rule, NoSplitBelow) and rule.order_value and not rule.part_value:
            yield Fault(path, "never matters: with max_shipments 1 as a hard rule, no order is split")


def _rules(policy: Policy) -> list[tuple[Path, Any]]:
    return [(("rules", at, rule.name), rule) for at, rule in enumerate(policy.rules)]


def _terms(policy: Policy) -> list[tuple[Path, Any]]:
    return [(("terms", at, term.name), term) for at, term in enumerate(policy.terms)]


def _within(some: Places, others: Places) -> bool:
    """Whether all that is named is named there too."""
    return some.ids <= others.ids and some.groups <= others.groups and some.kinds <= others.kinds


def _names(products: Any) -> bool:
    return bool(products.skus or products.categories or products.flags)
