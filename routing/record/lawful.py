"""Whether shipments keep what a policy demands: those of a person, and those that stock moved against."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from routing.model.case import Case
from routing.model.fulfillment import Backorder, Certificate, FulfillmentPlan, Shipment
from routing.model.policy import Policy
from routing.pricing.ruling import Ruling

_ENDLESS: Final = 10**9
_NOTHING: Final = Fraction(0)
_UNPROVEN: Final = Certificate(
    optimal=False, lower_bound=_NOTHING, gap=_NOTHING, nodes=0, seconds=0.0,
    engine_version="", input_hash="", policy_name="", policy_version=0,
)  # fmt: skip


def broken_rules(
    shipments: Sequence[Shipment], backorders: Sequence[Backorder], case: Case, policy: Policy
) -> Mapping[str, str]:
    """How shipments, and the units that they leave behind, break a policy's hard rules, by rule."""
    thought_of = FulfillmentPlan(case.now, tuple(shipments), tuple(backorders), _NOTHING, _UNPROVEN)
    found = ((rule.name, rule.breaches(thought_of, case)) for rule in policy.rules if not rule.soft)
    return {name: told for name, told in found if told is not None}


def kept_back(
    shipments: Sequence[Shipment], case: Case, policy: Policy, *, relaxed: Sequence[str] | None = None
) -> Mapping[tuple[str, str], int]:
    """Units that rules keep from shipments where they come from, by (location id, sku).

    `relaxed` names the soft rules that were given up; None, as a person does, all of them.
    """
    rules = tuple(
        rule for rule in policy.rules if not (rule.soft and (relaxed is None or rule.name in relaxed))
    )
    ruling = Ruling(replace(policy, rules=rules), case)
    if not ruling.keeps_stock:
        return {}
    places = {place.id: place for place in case.network.locations}
    found = {}
    for shipment in shipments:
        for line in shipment.lines:
            free = ruling.available(places[shipment.location_id], {line.sku: _ENDLESS})
            found[shipment.location_id, line.sku] = _ENDLESS - free.get(line.sku, 0)
    return {cell: units for cell, units in found.items() if units}
