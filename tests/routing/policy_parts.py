"""What the reference models read of a policy: its structure and its prices, part by part."""

from decimal import Decimal

from routing import Policy
from routing.rules import Locations, MaxShipments
from routing.terms import SplitPenalty


def most_shipments(policy: Policy) -> int | None:
    """The cap on shipments, if the policy has one."""
    return min((rule.most for rule in policy.rules if isinstance(rule, MaxShipments)), default=None)


def shipment_penalty(policy: Policy) -> Decimal:
    """What every shipment adds."""
    return sum((term.amount for term in policy.terms if isinstance(term, SplitPenalty)), Decimal(0))


def may_ship(policy: Policy, location_id: str) -> bool:
    """Whether the policy's rules about locations, by id, let this one ship."""
    rules = [rule for rule in policy.rules if isinstance(rule, Locations)]
    return all(
        location_id not in rule.exclude.ids and (rule.include is None or location_id in rule.include.ids)
        for rule in rules
    )
