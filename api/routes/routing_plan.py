"""The DOM alone: a plan without an order, which changes nothing."""

import time
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter

from adapters.db.network import load_network
from api.access import Caller, needs
from api.plan_answered import PlanAnswered
from api.plan_asked import PlanAsked
from api.planning import BUSY, in_turn
from api.reading import MEBIBYTE, JsonRoute
from api.state import Services, UsesServices
from domain.errors import InvalidContent
from routing import Network, RoutingInputError, plan

_EXPLAINED: Final = 400
"""Up to so many lines × locations each location hears how much dearer it is: a search for each of them."""

_NODES: Final = 20_000
"""Where a search gives up and shows its gap: some seconds, so that one question cannot hold up the rest."""


class _WithNetwork(JsonRoute):
    """A body that may bring a network of ten thousand locations with its stock."""

    max_body: ClassVar[int] = 16 * MEBIBYTE


router = APIRouter(tags=["routing"], route_class=_WithNetwork)


@router.post(
    "/v1/routing/plan",
    summary="Plan which location ships what, with proof",
    responses=BUSY,
)
async def plan_routing(
    asked: PlanAsked,
    services: UsesServices,
    _caller: Annotated[Caller, needs("routing:read|promise:read|orders:read")],
) -> PlanAnswered:
    """Decide by the policy on the given network, or on the live one; nothing is reserved.

    Fewest backordered units first, then the lowest objective, compared exactly; each cost is then
    rounded half up to whole minor units. Beyond 400 lines × locations the verdicts tell the chosen and the
    excluded locations only. A search too hard to finish answers the best plan it found, and its gap.
    """
    network = asked.network.network() if asked.network else await _live_network(services, asked)
    return await in_turn(services, lambda: _planned(asked, network, services))


def _planned(asked: PlanAsked, network: Network, services: Services) -> PlanAnswered:
    try:
        found = plan(
            asked.order(),
            network,
            asked.chosen_policy(),
            now=services.now(),
            explain=len(network.locations) * len(asked.lines) <= _EXPLAINED,
            node_limit=_NODES,
            timer=time.perf_counter,
        )
    except RoutingInputError as error:
        raise InvalidContent("The lines, the network or the policy make no sense together.") from error
    return PlanAnswered.of(found)


async def _live_network(services: Services, asked: PlanAsked) -> Network:
    async with services.engine.connect() as connection:
        return await load_network(connection, {line.sku for line in asked.lines}, services.now())
