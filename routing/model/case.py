"""What is to be decided, as every rule and every term sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from routing.model.network import Network
from routing.model.order import RoutingOrder


@dataclass(frozen=True, eq=False)
class Case:
    """An order, the network that may serve it, and the moment of the decision."""

    order: RoutingOrder
    network: Network
    now: datetime

    @cached_property
    def ranks(self) -> Mapping[int | None, int]:
        """How many ranks each priority in the network stands behind the best; none is behind all."""
        named = {place.priority for place in self.network.locations if place.priority is not None}
        ranks: dict[int | None, int] = {priority: rank for rank, priority in enumerate(sorted(named))}
        return ranks | {None: len(named)}
