"""The constraints of a policy, one a file."""

from collections.abc import Mapping
from types import MappingProxyType

from routing.rules.base import Rule
from routing.rules.capacity import Capacity
from routing.rules.cutoff import Cutoff
from routing.rules.deliver_by import DeliverBy
from routing.rules.keep_together import KeepTogether
from routing.rules.locations import Locations
from routing.rules.max_distance import MaxDistance
from routing.rules.max_rejects import MaxRejects
from routing.rules.max_shipments import MaxShipments
from routing.rules.no_split_below import NoSplitBelow
from routing.rules.places import Places
from routing.rules.products import Products
from routing.rules.ring_fence import RingFence
from routing.rules.ship_complete import ShipComplete
from routing.rules.whole_lines import WholeLines

_ALL: tuple[type[Rule], ...] = (
    Capacity,
    Cutoff,
    DeliverBy,
    KeepTogether,
    Locations,
    MaxDistance,
    MaxRejects,
    MaxShipments,
    NoSplitBelow,
    RingFence,
    ShipComplete,
    WholeLines,
)
RULES: Mapping[str, type[Rule]] = MappingProxyType({rule.name: rule for rule in _ALL})

__all__ = [
    "RULES",
    "Capacity",
    "Cutoff",
    "DeliverBy",
    "KeepTogether",
    "Locations",
    "MaxDistance",
    "MaxRejects",
    "MaxShipments",
    "NoSplitBelow",
    "Places",
    "Products",
    "RingFence",
    "Rule",
    "ShipComplete",
    "WholeLines",
]
