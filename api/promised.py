"""What a cart can be promised, planned as its order would be routed, and told over HTTP."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.carts import Cart, CartRequest, read_cart
from adapters.db.due_dates import dated
from adapters.db.promises import LaterSupply, later_supply
from adapters.db.stock import Cell
from config.settings import Settings
from routing import (
    PRESETS,
    Backorder,
    FulfillmentPlan,
    Network,
    PlannedLine,
    Policy,
    plan,
    round_half_up,
    within_reach,
)
from routing.model.case import Case
from routing.record.lawful import kept_back

_NODES: Final = 20_000
"""Where a search gives up, so that one cart cannot hold up the others."""

Turn = Callable[[Callable[[], FulfillmentPlan]], Awaitable[FulfillmentPlan]]
"""How planning gets its turn."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a location has to ship, and by what is planned that no stored policy is for."""

    ship_within: timedelta
    policy: Policy

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        """The rules that orders are routed by."""
        return cls(settings.ship_within, PRESETS[settings.routing_policy])


Reading = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""A connection for as long as reading takes: none is kept while a plan waits for its turn."""


@dataclass(frozen=True, slots=True)
class Promised:
    """A plan for a cart, and what it promises: all of it by `deliver_by`, None while a part has no date.

    `kept_back`: units that its policy's rules keep from it, by cell. `served`: a service goes there.
    `full`: a location has some of what waits, and can ship no more today.
    """

    cart: Cart
    made: FulfillmentPlan
    told: dict[str, Any]
    kept_back: Mapping[Cell, int]
    served: bool
    full: bool

    @property
    def units(self) -> dict[Cell, int]:
        """The units that it rests on, by cell."""
        return dict(_sent(self.made))

    @property
    def late(self) -> bool:
        """Whether some of it would come after the moment that was asked for."""
        asked, told = self.cart.deliver_by, self.told["deliver_by"]
        return asked is not None and told is not None and datetime.fromisoformat(told) > asked

    @property
    def why_not(self) -> str | None:
        """Why nothing can be promised; None where it can."""
        if self.told["deliver_by"] is not None:
            return "too_late" if self.late else None
        if not self.served:
            return "not_served"
        return "no_capacity" if self.full else "no_stock"


async def promised(reading: Reading, cart: Cart, turn: Turn, *, now: datetime, rules: Rules) -> Promised:
    """Plan a cart on what there is now; nothing is kept. Raises InvalidContent for what does not exist."""
    async with reading() as connection:
        request = await read_cart(connection, cart, now, rules.policy)
    made = await turn(lambda: _planned(request, now, rules.ship_within))
    reach = within_reach(request.order, request.network, now)
    later = LaterSupply({}, {})
    if made.backorders and reach:
        waiting = {one["sku"]: one["quantity"] for one in _units(made.backorders)}
        async with reading() as connection:
            later = await later_supply(connection, waiting, reach, now)
    plans = [made, *await _plans_then(request, made, later, turn, rules)]
    told = _told(made, later) | {"made_at": now.isoformat(), "service_level": cart.service_level}
    told["deliver_by"] = _iso(_all_by(plans))
    return Promised(
        cart,
        made,
        told,
        kept_back=kept_back(
            made.shipments,
            Case(request.order, request.network, now),
            request.policy,
            relaxed=made.relaxed,
        ),
        served=bool(reach),
        full=_is_full(request.network, made),
    )


def _is_full(network: Network, made: FulfillmentPlan) -> bool:
    sent = _sent(made)
    shipped: Counter[str] = Counter()
    for (place, _), units in sent.items():
        shipped[place] += units
    full = [
        place.id
        for place in network.locations
        if place.capacity == 0 or (place.capacity_unit == "units" and place.capacity == shipped[place.id])
    ]
    waiting = {short.sku for short in made.backorders}
    return any(network.stock.get((place, sku), 0) > sent[place, sku] for place in full for sku in waiting)


def _sent(made: FulfillmentPlan) -> Counter[Cell]:
    sent: Counter[Cell] = Counter()
    for shipment in made.shipments:
        for line in shipment.lines:
            sent[shipment.location_id, line.sku] += line.quantity
    return sent


async def _plans_then(
    request: CartRequest, made: FulfillmentPlan, later: LaterSupply, turn: Turn, rules: Rules
) -> list[FulfillmentPlan]:
    """What waits, planned for the moment when the last of it is covered, from where its supply is due."""
    units = {short.line_id: short.quantity for short in made.backorders}
    lines = tuple(
        replace(line, quantity=units[line.line_id]) for line in request.order.lines if line.line_id in units
    )
    if not lines or any(line.sku not in later.dates for line in lines):
        return []
    due = max(made.planned_at, *(later.dates[line.sku] for line in lines))
    enough = sum(units.values())
    then = CartRequest(
        replace(request.order, lines=lines),
        replace(
            request.network,
            stock={(place, sku): enough for sku, places in later.places.items() for place in places},
            locations=tuple(replace(place, capacity=None) for place in request.network.locations),
        ),
        request.policy,
    )
    return [await turn(lambda: _planned(then, due, rules.ship_within))]


def _all_by(plans: Sequence[FulfillmentPlan]) -> datetime | None:
    """When all is there; None while the last of the plans leaves units behind."""
    if plans[-1].backorders:
        return None
    return max((one.deliver_by for made in plans for one in made.shipments if one.deliver_by), default=None)


def _planned(request: CartRequest, now: datetime, ship_within: timedelta) -> FulfillmentPlan:
    """The plan, dated as fulfillment orders are: by a location's hours where it keeps any."""
    made = plan(
        request.order, request.network, request.policy, now=now, explain=False, node_limit=_NODES,
        timer=time.perf_counter,
    )  # fmt: skip
    return replace(made, shipments=dated(made.shipments, request.network, now + ship_within))


def _told(made: FulfillmentPlan, later: LaterSupply) -> dict[str, Any]:
    return {
        "ship_by": _iso(max((one.ship_by for one in made.shipments if one.ship_by), default=None)),
        "price": round_half_up(made.cost),
        "shipments": [
            {
                "location_id": one.location_id,
                "service": one.service,
                "lines": _units(one.lines),
                "price": round_half_up(one.total),
                "ship_by": _iso(one.ship_by),
                "deliver_by": _iso(one.deliver_by),
            }
            for one in made.shipments
        ],
        "backorders": [
            {**one, "expected_at": _iso(later.dates.get(one["sku"]))} for one in _units(made.backorders)
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _units(lines: Iterable[PlannedLine | Backorder]) -> list[dict[str, Any]]:
    units: Counter[str] = Counter()
    for line in lines:
        units[line.sku] += line.quantity
    return [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]
