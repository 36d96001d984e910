"""Policies by name. A preset is data: no code path knows its name."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from routing.policy import Policy

LOWEST_COST = Policy(name="lowest_cost")

# A billion minor units per shipment outweighs any freight, so cost only decides among equals.
FEWEST_SHIPMENTS = Policy(name="fewest_shipments", shipment_penalty=Decimal(1_000_000_000))

PRESETS: Mapping[str, Policy] = MappingProxyType(
    {policy.name: policy for policy in (LOWEST_COST, FEWEST_SHIPMENTS)}
)
