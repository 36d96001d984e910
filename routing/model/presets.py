"""Policies by name. A preset is data: no code path knows its name."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from routing.model.policy import COST, Policy
from routing.rules import MaxShipments
from routing.terms import Distance, Priority, Speed, SplitPenalty

# A billion minor units outweighs any freight, so cost only decides among equals.
_ABOVE_COST: Final = Decimal(10**9)
_PER_KM: Final = Decimal(10**8)  # 0.1 km outweighs any freight
_ABOVE_DISTANCE: Final = Decimal(10**15)

LOWEST_COST: Final = Policy("lowest_cost")
FEWEST_SHIPMENTS: Final = Policy("fewest_shipments", terms=(*COST, SplitPenalty(_ABOVE_COST)))
FASTEST: Final = Policy("fastest", terms=(*COST, Speed(_ABOVE_COST)))
ALL_IN_ONE_FIRST: Final = Policy("all_in_one_first", rules=(MaxShipments(1, soft=True),))

PRIORITY_LIST: Final = Policy("priority_list", terms=(*COST, Priority(each_unit=_ABOVE_COST)))
"""The walk of Magento, Solidus and Saleor: location after location by rank, each gives what it has."""

FEWEST_THEN_NEAREST: Final = Policy(
    "fewest_then_nearest", terms=(*COST, SplitPenalty(_ABOVE_DISTANCE), Distance(_PER_KM))
)
"""Salesforce's: the fewest shipments, of these the least distance."""

_ALL = (LOWEST_COST, FEWEST_SHIPMENTS, FASTEST, ALL_IN_ONE_FIRST, PRIORITY_LIST, FEWEST_THEN_NEAREST)
PRESETS: Final[Mapping[str, Policy]] = MappingProxyType({policy.name: policy for policy in _ALL})
