"""Routing an order: read, plan without locks, reserve in one short transaction; a miss plans afresh."""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from activities.database import clock, news_of, on_order
from adapters.db.attention import NO_LOCATION_LEFT, PICKUP_LOCATION_GONE, TOO_MANY_FAILURES, park
from adapters.db.lifecycle import place_address
from adapters.db.location_steps import failures
from adapters.db.locked_order import LockedOrder
from adapters.db.network import capacity_returns_at
from adapters.db.reservation import Decision, Miss, PlannedUnits, PlannedWork, decided, reserve
from adapters.db.routing_record import record_of
from adapters.db.routing_request import RoutingRequest, read_request
from config.failpoints import declare, failpoint
from routing import LOWEST_COST, FulfillmentPlan, Policy, RoutingOrder, plan, within_reach
from workflows.messages import OrderNews, RouteStep
from workflows.ports import RoutingSteps

_WRITTEN = declare("routing-written", "the reservation is written, not yet committed")
_RESERVED = declare("routing-reserved", "the reservation is committed, the process does not know")
_FREE_ATTEMPTS: Final = 2
_NEVER_SERVES: Final = {"not_served", "excluded_by_policy", "not_included"}


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
                continue
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
        skus = sorted({line.sku for line in order.lines.values() if line.quantities.pending})
        await order.connection.execute(
            text("SELECT 1 FROM stock WHERE sku = ANY(:skus) ORDER BY sku, location_id FOR UPDATE"),
            {"skus": skus},
        )
        request = await read_request(order.connection, order.id, _moment(step))
        return await self._decide(step, request, order.connection)

    async def _decide(
        self, step: RouteStep, request: RoutingRequest, connection: AsyncConnection | None = None
    ) -> Decision | None:
        if request.order is None:
            return None
        made = await asyncio.to_thread(self._plan, request.order, request, step.now)
        able = _servers(made)
        lacking = _lacks_capacity(made, request, able)
        servers = (*able, *_restockable(made, request, request.order))
        retry_at = await self._retry_at(lacking, _moment(step), connection) if lacking else None
        return Decision(
            n=step.n,
            now=_moment(step),
            policy=made.certificate.policy_name,
            record=record_of(made),
            works=tuple(PlannedWork.of(shipment) for shipment in made.shipments),
            backorders=tuple(PlannedUnits(b.line_id, b.sku, b.quantity) for b in made.backorders),
            seen=request.stock,
            servers=tuple(place for place in servers if place not in lacking),
            retry_at=retry_at,
            ship_within=self._rules.ship_within,
            accept_within=self._rules.accept_within,
            refused_by=_refused_by(made, request, servers),
        )

    async def _retry_at(
        self, lacking: set[str], now: datetime, connection: AsyncConnection | None
    ) -> datetime | None:
        if connection is not None:
            return await capacity_returns_at(connection, lacking, now)
        async with self._engine.connect() as reading:
            return await capacity_returns_at(reading, lacking, now)

    def _plan(self, order: RoutingOrder, request: RoutingRequest, now: datetime) -> FulfillmentPlan:
        policy = replace(
            self._policy,
            exclude_locations=self._policy.exclude_locations | request.exclude | request.failed,
            include_locations=request.include or self._policy.include_locations,
        )
        return plan(order, request.network, policy, now=now, timer=time.perf_counter)


def _moment(step: RouteStep) -> datetime:
    """The day that is routed for is the process's: when it slept until midnight, it is past midnight."""
    return max(clock(), step.now)


def _servers(made: FulfillmentPlan) -> tuple[str, ...]:
    """The locations that may serve the order when they have stock and capacity."""
    return tuple(v.location_id for v in made.verdicts if v.rule not in _NEVER_SERVES)


def _restockable(made: FulfillmentPlan, request: RoutingRequest, order: RoutingOrder) -> list[str]:
    """Locations that found too few units and have none on their books: new ones they may serve again."""
    waiting = {line.sku for line in made.backorders}
    if not waiting or not request.short:
        return []
    stocked = {place for (place, sku), units in request.stock.items() if sku in waiting and units > 0}
    usable = request.short - stocked - request.exclude
    return sorted(
        place
        for place in usable & within_reach(order, request.network)
        if request.include is None or place in request.include
    )


def _lacks_capacity(made: FulfillmentPlan, request: RoutingRequest, servers: tuple[str, ...]) -> set[str]:
    """Locations with stock of what is backordered: there, only capacity is missing."""
    left = dict(request.stock)
    for shipment in made.shipments:
        for line in shipment.lines:
            left[shipment.location_id, line.sku] -= line.quantity
    waiting = {line.sku for line in made.backorders}
    return {
        place for (place, sku), units in left.items() if sku in waiting and place in servers and units > 0
    }


def _refused_by(made: FulfillmentPlan, request: RoutingRequest, servers: tuple[str, ...]) -> tuple[str, ...]:
    """Locations that failed the order, where nobody else could ever serve what it waits for."""
    return tuple(sorted(request.failed)) if made.backorders and not servers else ()
