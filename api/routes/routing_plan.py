"""The DOM alone: a plan without an order, which changes nothing."""

import time
from dataclasses import replace
from typing import Annotated, ClassVar, Final, cast

from fastapi import APIRouter

from adapters.db.network import load_network
from adapters.db.policies import policy_named
from adapters.db.stock_targets import positions, weighs_stock
from adapters.db.transfers import read_transfers
from api.access import Caller, needs
from api.plan_answered import PlanAnswered
from api.plan_asked import PlanAsked
from api.plan_network_asked import NetworkAsked
from api.planning import BUSY, in_turn
from api.reading import MEBIBYTE, JsonRoute
from api.state import Services, UsesServices
from domain.errors import InvalidContent
from routing import PRESETS, CannotShipError, Network, Policy, RoutingInputError
from routing.record.changes import with_changes
from routing.record.replay import answer
from routing.record.snapshot import Question

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
    policy = await _policy(services, asked)
    live = None if asked.network else await _live_network(services, asked, policy)
    return await in_turn(services, lambda: _planned(asked, live, policy, services))


def _planned(asked: PlanAsked, live: Network | None, policy: Policy, services: Services) -> PlanAnswered:
    order = asked.order()
    network = live or cast("NetworkAsked", asked.network).network()
    explain = len(network.locations) * len(asked.lines) <= _EXPLAINED
    question = Question(order, network, policy, services.now(), explain, _NODES, asked.must_use)
    try:
        found = answer(question, timer=time.perf_counter)
        if asked.changes and explain:
            found = with_changes(found, question)
    except CannotShipError as error:
        raise InvalidContent(
            "No plan can ship from there with as few units left behind.", "/must_use"
        ) from error
    except RoutingInputError as error:
        raise InvalidContent("The lines, the network or the policy make no sense together.") from error
    return PlanAnswered.of(found)


async def _live_network(services: Services, asked: PlanAsked, policy: Policy) -> Network:
    skus, level = {line.sku for line in asked.lines}, asked.service_level or "standard"
    async with services.engine.connect() as connection:
        network = await load_network(connection, skus, services.now(), level)
        if weighs_stock(policy):
            network = replace(network, positions=await positions(connection, skus, services.now()))
        if asked.pickup_location is None:
            return network
        return replace(network, transfers=await read_transfers(connection, asked.pickup_location))


async def _policy(services: Services, asked: PlanAsked) -> Policy:
    """The policy that is spelled out, a preset, or the version of a stored one that holds now."""
    if not isinstance(asked.policy, str):
        return asked.policy.policy()
    if asked.policy in PRESETS:
        return PRESETS[asked.policy]
    async with services.engine.connect() as connection:
        policy = await policy_named(connection, asked.policy, services.now())
    if policy is None:
        raise InvalidContent("There is no such policy.", "/policy")
    return policy
