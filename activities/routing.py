"""Routing an order: read, plan without locks, reserve in one short transaction; a miss plans afresh."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from activities.database import clock, news_of, on_order
from adapters.db.attention import NO_LOCATION_LEFT, PICKUP_LOCATION_GONE, TOO_MANY_FAILURES, park
from adapters.db.decisions import Account, decided
from adapters.db.due_dates import keeping_hours
from adapters.db.lifecycle import place_address
from adapters.db.location_steps import failures
from adapters.db.locked_order import LockedOrder
from adapters.db.network import capacity_returns_at
from adapters.db.reservation import Decision, PlannedUnits, PlannedWork, reserve
from adapters.db.routing_request import RoutingRequest, read_request
from adapters.db.stock import Cell, Miss, lock_products
from config.failpoints import declare, failpoint
from routing import LOWEST_COST, FulfillmentPlan, Policy, RoutingOrder, within_reach
from routing.model.case import Case
from routing.model.fulfillment import NEVER_SERVES
from routing.planner import NODE_LIMIT
from routing.record.lawful import kept_back
from routing.record.replay import answer
from routing.record.snapshot import Question, parts_of
from routing.record.written import record_text
from workflows.messages import OrderNews, RouteStep
from workflows.ports import RoutingSteps

log = logging.getLogger(__name__)

_WRITTEN = declare("routing-written", "the reservation is written, not yet committed")
_RESERVED = declare("routing-reserved", "the reservation is committed, the process does not know")
_FREE_ATTEMPTS: Final = 2
_UNTIL_SOME_DAY: Final = {"capacity", "cool_off", "cutoff"}
"""Verdicts that pass with time, whatever stock there is."""


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """What locations are given: time to accept (None: any), time to ship, and how often they may fail."""

    ship_within: timedelta
    accept_within: timedelta | None = None
    most_failures: int = 5


class RoutingActivities(RoutingSteps):
    """Asks the DOM and writes down what it decided."""

    def __init__(self, engine: AsyncEngine, rules: RoutingRules, *, policy: Policy = LOWEST_COST) -> None:
        self._engine = engine
        self._rules = rules
        self._policy = policy

    async def route_order(self, step: RouteStep) -> OrderNews:
        """Plan without locks twice; when both miss, plan under the locks of the cells in question."""
        for _ in range(_FREE_ATTEMPTS):
            async with self._engine.connect() as connection:
                request = await read_request(connection, step.order_id, _moment(step))
            try:
                return await self._commit(step, request)
            except Miss:
                log.info("the plan missed", extra={"order_id": step.order_id, "n": step.n})
        return await self._commit(step, None)

    async def _commit(self, step: RouteStep, request: RoutingRequest | None) -> OrderNews:
        decision = await self._decide(step, request) if request is not None else None

        async def work(order: LockedOrder) -> OrderNews:
            return await self._write(order, step, decision)

        news = await on_order(self._engine, step, work)
        failpoint(_RESERVED)
        return news

    async def _write(self, order: LockedOrder, step: RouteStep, decision: Decision | None) -> OrderNews:
        if await decided(order.connection, order.id, step.n) or not order.progress().to_route:
            return news_of(order.progress())
        if failures(order) >= self._rules.most_failures:
            park(order, TOO_MANY_FAILURES)
            return news_of(await order.save(tell_process=False))
        if order.values["lat"] is None and order.values["delivery_method"] == "ship":
            await place_address(order)
            return news_of(await order.save(tell_process=False))
        if decision is None:
            decision = await self._decide_under_locks(order, step)
        if decision is None:
            park(order, PICKUP_LOCATION_GONE, location_id=order.values["pickup_location"])
        elif decision.refused_by:
            park(order, NO_LOCATION_LEFT, locations=list(decision.refused_by))
        else:
            await reserve(order, decision)
        progress = await order.save(tell_process=False)
        failpoint(_WRITTEN)
        return news_of(progress)

    async def _decide_under_locks(self, order: LockedOrder, step: RouteStep) -> Decision | None:
        skus = {line.sku for line in order.lines.values() if line.quantities.pending}
        await lock_products(order.connection, skus)
        request = await read_request(order.connection, order.id, _moment(step))
        return await self._decide(step, request, order.connection)

    async def _decide(
        self, step: RouteStep, request: RoutingRequest, connection: AsyncConnection | None = None
    ) -> Decision | None:
        if request.order is None:
            return None
        made, account = await asyncio.to_thread(self._plan, request.order, request, step.now)
        able = _servers(made, request, request.order)
        unused = _unused(made, request, able)
        lacking = _lacks_capacity(made, request, {place for place, _ in unused})
        servers = (*able, *_restockable(made, request, request.order))
        limited = {place.id for place in request.network.locations if place.capacity is not None}
        later = lacking | {place for place, _ in unused if place in limited}
        retry_at = await self._retry_at(later, request, _moment(step), connection)
        return Decision(
            n=step.n,
            now=_moment(step),
            account=account,
            works=_works(made, request),
            backorders=tuple(PlannedUnits(b.line_id, b.sku, b.quantity) for b in made.backorders),
            seen=request.stock,
            servers=tuple(place for place in servers if place not in lacking),
            retry_at=retry_at,
            ship_within=self._rules.ship_within,
            accept_within=self._rules.accept_within,
            refused_by=_refused_by(made, request, servers),
            kept_back=kept_back(
                made.shipments,
                Case(request.order, request.network, made.planned_at),
                request.limited(self._policy),
                relaxed=made.relaxed,
            ),
            refused={cell: units for cell, units in unused.items() if cell[0] not in lacking},
        )

    async def _retry_at(
        self,
        lacking: set[str],
        request: RoutingRequest,
        now: datetime,
        connection: AsyncConnection | None,
    ) -> datetime | None:
        """When one of the locations with stock may ship again: after its rest, or with its next day."""
        rests = {place.id: place.cool_off_until for place in request.network.locations if place.id in lacking}
        moments = list(rests.values())
        full = {place for place, until in rests.items() if until is None}
        if full:
            async with nullcontext(connection) if connection else self._engine.connect() as reading:
                moments.append(await capacity_returns_at(reading, full, now))
        return min((moment for moment in moments if moment is not None), default=None)

    def _plan(
        self, order: RoutingOrder, request: RoutingRequest, now: datetime
    ) -> tuple[FulfillmentPlan, Account]:
        question = Question(order, request.network, request.limited(self._policy), now, node_limit=NODE_LIMIT)
        made = answer(question, timer=time.perf_counter)
        proof = made.certificate
        return made, Account(proof.policy_name, record_text(made), parts_of(question), proof.seconds)


def _moment(step: RouteStep) -> datetime:
    """The day that is routed for is the process's: when it slept until midnight, it is past midnight."""
    return max(clock(), step.now)


def _works(made: FulfillmentPlan, request: RoutingRequest) -> tuple[PlannedWork, ...]:
    keeping = keeping_hours(request.network)
    return tuple(
        PlannedWork.of(shipment, keeps_hours=shipment.location_id in keeping) for shipment in made.shipments
    )


def _servers(made: FulfillmentPlan, request: RoutingRequest, order: RoutingOrder) -> tuple[str, ...]:
    """The locations that may serve what waits as soon as they have stock and capacity."""
    if not made.backorders:
        return ()
    able = [verdict.location_id for verdict in made.verdicts if verdict.rule not in NEVER_SERVES]
    reach = within_reach(order, request.network, made.planned_at)
    return tuple(place for place in able if place in reach)


def _restockable(made: FulfillmentPlan, request: RoutingRequest, order: RoutingOrder) -> list[str]:
    """Locations that found too few units and have none on their books: new ones they may serve again."""
    waiting = {line.sku for line in made.backorders}
    if not waiting or not request.short:
        return []
    stocked = {place for (place, sku), units in request.stock.items() if sku in waiting and units > 0}
    usable = request.short - stocked - request.exclude
    return sorted(
        place
        for place in usable & within_reach(order, request.network, made.planned_at)
        if request.include is None or place in request.include
    )


def _unused(made: FulfillmentPlan, request: RoutingRequest, servers: tuple[str, ...]) -> Mapping[Cell, int]:
    """Stock of what is backordered that the plan left where it is, for want of capacity or by rule."""
    left = dict(request.stock)
    for shipment in made.shipments:
        for line in shipment.lines:
            left[shipment.location_id, line.sku] -= line.quantity
    waiting = {line.sku for line in made.backorders}
    return {
        cell: units for cell, units in left.items() if cell[1] in waiting and cell[0] in servers and units > 0
    }


def _lacks_capacity(made: FulfillmentPlan, request: RoutingRequest, unused: set[str]) -> set[str]:
    """Those of the locations with unused stock that cannot ship another unit before some day begins."""
    shipped = {one.location_id: sum(line.quantity for line in one.lines) for one in made.shipments}
    resting = {verdict.location_id for verdict in made.verdicts if verdict.rule in _UNTIL_SOME_DAY}
    full = {
        place.id
        for place in request.network.locations
        if place.capacity is not None
        and place.capacity_unit == "units"
        and place.capacity <= shipped.get(place.id, 0)
    }
    return unused & (resting | full)


def _refused_by(made: FulfillmentPlan, request: RoutingRequest, servers: tuple[str, ...]) -> tuple[str, ...]:
    """Locations that failed the order, where nobody else could ever serve what it waits for."""
    return tuple(sorted(request.failed)) if made.backorders and not servers else ()
