"""A small network on a real database, what may happen in it, and what must be true after each thing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from activities.routing import RoutingActivities, RoutingRules
from adapters.db import location_steps, shipping
from adapters.db.cancellation import LineUnits, cancel
from adapters.db.carriage import lock_numbers, record_scan
from adapters.db.counting import Adjustment, StockCount, adjust, take_count
from adapters.db.engine import LookAgain, in_transaction
from adapters.db.intake import NewLine, NewOrder, take_order
from adapters.db.locked_order import LockedOrder, lock_order
from adapters.db.order_rows import Work
from adapters.db.tables import orders, products
from domain.errors import ThroughlineError
from domain.pricing import QuotedLine, price_order
from domain.tracking import Scan, TrackingStatus
from workflows.messages import RouteStep

PLACES = ("p-north", "p-south", "p-east")
OLDEST = datetime(2026, 3, 2, 12, tzinfo=UTC)

Happening = tuple[str, int, int, int]
"""What, and three numbers that say to whom, where and how much."""

WHAT = (
    "place", "place", "route", "route", "route", "cancel", "cancel_line", "accept", "pick", "short_pick",
    "reject", "ship", "ship_part", "deliver", "receive", "receive", "book_out", "count", "old_count",
)  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class SmallNetwork:
    """Two products of its own at three locations, and the orders for them."""

    engine: AsyncEngine
    prefix: str = field(default_factory=lambda: uuid4().hex[:10])
    orders: list[str] = field(default_factory=list)
    decisions: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    did: list[str] = field(default_factory=list)

    @property
    def skus(self) -> tuple[str, str]:
        return f"{self.prefix}-a", f"{self.prefix}-b"

    async def open(self) -> None:
        async with self.engine.begin() as connection:
            rows = [{"sku": sku, "name": sku, "weight_g": 100} for sku in self.skus]
            await connection.execute(insert(products), rows)

    async def happens(self, happening: Happening) -> None:
        """Let one thing happen; the domain may refuse it, and a crowd may make it look again in vain."""
        what, *numbers = happening
        try:
            await getattr(self, f"_{what}")(*numbers)
        except (ThroughlineError, LookAgain) as refusal:
            self.refused.append(type(refusal).__name__)
        else:
            self.did.append(what)

    async def _place(self, one: int, two: int, late: int) -> None:
        wanted = [(sku, n) for sku, n in zip(self.skus, (one % 4, two % 4), strict=True) if n]
        lines = [QuotedLine(quantity, 100) for _, quantity in wanted]
        if not lines:
            return
        number = f"{self.prefix}-{uuid4().hex[:8]}"
        new = NewOrder(
            channel="web", order_number=number, content_hash="-", currency="USD",
            placed_at=OLDEST + timedelta(days=late), customer={"id": "c", "name": "c", "email": "c"},
            ship_to={"lat": 39.0, "lng": -100.0, "postal_code": "1", "country": "US"},
            lines=tuple(NewLine(sku, quantity, 100) for sku, quantity in wanted),
            delivery_method="ship", service_level="standard", pickup_location=None, deliver_by=None,
            price=price_order(lines, shipping=0, discount=0, tax=0), shipping=0, discount=0, tax=0,
            payment_provider="sandbox", payment_token="tok_ok",
        )  # fmt: skip
        async with self.engine.begin() as connection:
            await take_order(connection, new, actor="test", now=now())
            # The money is set aside at once: nothing is routed before.
            paid = {"payment_status": "authorized", "authorized": orders.c.total}
            await connection.execute(update(orders).where(orders.c.id == new.id).values(paid))
        self.orders.append(new.id)

    async def _route(self, which: int, _where: int, _much: int) -> None:
        for order_id in self.orders[which % 3 :: 3]:
            n = self.decisions[order_id] = self.decisions.get(order_id, 0) + 1
            routing = RoutingActivities(self.engine, RoutingRules(timedelta(hours=48)))
            await routing.route_order(RouteStep(order_id=order_id, now=now(), n=n))

    async def _cancel(self, which: int, _where: int, _much: int) -> None:
        await self._on_order(which, lambda order: cancel(order, None, reason="test"))

    async def _cancel_line(self, which: int, line: int, much: int) -> None:
        units = [LineUnits(str(1 + line % 2), 1 + much % 2)]
        await self._on_order(which, lambda order: cancel(order, units, reason="test"))

    async def _accept(self, which: int, where: int, _much: int) -> None:
        await self._on_work(which, where, location_steps.accept)

    async def _pick(self, which: int, where: int, _much: int) -> None:
        await self._on_work(which, where, lambda order, work: location_steps.pick(order, work, None))

    async def _short_pick(self, which: int, where: int, much: int) -> None:
        async def pick(order: LockedOrder, work: Work) -> None:
            found = [LineUnits(one.line_id, min(much % 3, one.to_ship)) for one in work.lines.values()]
            await location_steps.pick(order, work, found)

        await self._on_work(which, where, pick)

    async def _reject(self, which: int, where: int, _much: int) -> None:
        await self._on_work(which, where, lambda o, work: location_steps.reject(o, work, reason="test"))

    async def _ship(self, which: int, where: int, _much: int) -> None:
        async def ship(order: LockedOrder, work: Work) -> None:
            number = f"{work.id}-{work.shipments}"
            await shipping.ship(order, work, [shipping.ShippedParcel("ups", number)], version=work.version)

        await self._on_work(which, where, ship)

    async def _ship_part(self, which: int, where: int, _much: int) -> None:
        async def ship(order: LockedOrder, work: Work) -> None:
            line = next((one for one in work.lines.values() if one.to_ship), None)
            if line is not None:
                part = (LineUnits(line.line_id, 1),)
                parcel = shipping.ShippedParcel("ups", f"{work.id}-{work.shipments}", lines=part)
                await shipping.ship(order, work, [parcel])

        await self._on_work(which, where, ship)

    async def _deliver(self, which: int, where: int, much: int) -> None:
        order_id = self._order(which)
        if order_id is not None:
            number = f"ful_{order_id.removeprefix('ord_')}_{1 + where % 3}-{much % 2}"
            scan = Scan(now(), TrackingStatus.DELIVERED)
            await self._in_one(lambda connection: record_scan(connection, "ups", number, scan, now()))

    async def _receive(self, what: int, where: int, much: int) -> None:
        await self._adjust(what, where, 1 + much)

    async def _book_out(self, what: int, where: int, much: int) -> None:
        await self._adjust(what, where, -1 - much)

    async def _adjust(self, what: int, where: int, delta: int) -> None:
        change = Adjustment(PLACES[where % 3], self.skus[what % 2], delta, "test")
        await self._in_one(lambda connection: adjust(connection, change, actor="test", now=now()))

    async def _count(self, what: int, where: int, much: int) -> None:
        await self._take_count(what, where, much, now())

    async def _old_count(self, what: int, where: int, much: int) -> None:
        await self._take_count(what, where, much, now() - timedelta(milliseconds=300))

    async def _take_count(self, what: int, where: int, much: int, as_of: datetime) -> None:
        count = StockCount(PLACES[where % 3], self.skus[what % 2], much, as_of)
        await self._in_one(lambda connection: take_count(connection, count, actor="test", now=now()))

    def _order(self, which: int) -> str | None:
        return self.orders[which % len(self.orders)] if self.orders else None

    async def _on_order(self, which: int, command: Callable[[LockedOrder], Awaitable[Any]]) -> None:
        order_id = self._order(which)

        async def work(connection: AsyncConnection) -> None:
            if order_id is not None:
                await lock_numbers(connection, [])
                order = await lock_order(connection, order_id, actor="test", now=now())
                await command(order)
                await order.save()

        await self._in_one(work)

    async def _on_work(
        self, which: int, where: int, step: Callable[[LockedOrder, Work], Awaitable[None]]
    ) -> None:
        async def command(order: LockedOrder) -> None:
            works = list(order.works.values())
            if works:
                await step(order, works[where % len(works)])

        await self._on_order(which, command)

    async def _in_one(self, work: Callable[[AsyncConnection], Awaitable[Any]]) -> None:
        await in_transaction(self.engine, work)

    async def wrongs(self) -> list[str]:
        """Everything that is not as it must be."""
        async with self.engine.connect() as connection:
            found = []
            for name, query in INVARIANTS.items():
                rows = await connection.execute(text(query), {"prefix": f"{self.prefix}%"})
                found += [f"{name}: {tuple(row)}" for row in rows]
            return found


# ruff: noqa: S608 (the queries are put together from the constants here)
_OPEN = "f.status IN ('open', 'accepted', 'picking', 'packed', 'ready_for_pickup', 'partially_shipped')"
_WORK = (
    "SELECT f.order_id, f.location_id, l.line_id, l.sku, l.quantity, l.shipped, "
    f"CASE WHEN {_OPEN} THEN l.quantity - l.shipped ELSE 0 END AS held "
    "FROM fulfillment_lines l JOIN fulfillment_orders f ON f.id = l.fulfillment_id "
    "WHERE l.sku LIKE :prefix"
)
INVARIANTS = {
    "the ledger of movements sums to the levels": (
        "SELECT s.location_id, s.sku, s.on_hand, s.reserved, m.on_hand, m.reserved FROM stock s "
        "FULL JOIN (SELECT location_id, sku, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved "
        "  FROM stock_movements WHERE sku LIKE :prefix GROUP BY 1, 2) m USING (location_id, sku) "
        "WHERE sku LIKE :prefix AND (coalesce(s.on_hand, 0) <> coalesce(m.on_hand, 0) "
        "  OR coalesce(s.reserved, 0) <> coalesce(m.reserved, 0))"
    ),
    "what is reserved is open work and earmarks": (
        f"SELECT s.location_id, s.sku, s.reserved, coalesce(w.held, 0), coalesce(e.held, 0) FROM stock s "
        f"LEFT JOIN (SELECT location_id, sku, sum(held) AS held FROM ({_WORK}) x GROUP BY 1, 2) w "
        "  USING (location_id, sku) "
        "LEFT JOIN (SELECT location_id, sku, sum(quantity) AS held FROM earmarks GROUP BY 1, 2) e "
        "  USING (location_id, sku) "
        "WHERE s.sku LIKE :prefix AND s.reserved <> coalesce(w.held, 0) + coalesce(e.held, 0)"
    ),
    "a line's allocated units are in open work, its gone ones were shipped": (
        "SELECT o.order_id, o.line_id, o.allocated, w.held, w.shipped FROM order_lines o "
        f"LEFT JOIN (SELECT order_id, line_id, sum(held) AS held, sum(shipped) AS shipped FROM ({_WORK}) x "
        "  GROUP BY 1, 2) w USING (order_id, line_id) "
        "WHERE o.sku LIKE :prefix AND (o.allocated <> coalesce(w.held, 0) "
        "  OR o.shipped + o.delivered <> coalesce(w.shipped, 0))"
    ),
    "a line's backordered units are in the queue": (
        "SELECT o.order_id, o.line_id, o.backordered, b.quantity FROM order_lines o "
        "LEFT JOIN backorders b USING (order_id, line_id) "
        "WHERE o.sku LIKE :prefix AND o.backordered <> coalesce(b.quantity, 0)"
    ),
    "earmarks are for pending units": (
        "SELECT o.order_id, o.line_id, o.pending, e.held FROM order_lines o "
        "JOIN (SELECT order_id, line_id, sum(quantity) AS held FROM earmarks GROUP BY 1, 2) e "
        "  USING (order_id, line_id) WHERE o.sku LIKE :prefix AND e.held > o.pending"
    ),
    "a line's units sum to what was ordered": (
        "SELECT order_id, line_id FROM order_lines WHERE sku LIKE :prefix AND quantity <> "
        "pending + backordered + allocated + shipped + delivered + returned + lost + cancelled"
    ),
    "nobody waits beside stock that may serve him": (
        "SELECT b.order_id, b.line_id, b.quantity, s.location_id, s.on_hand - s.reserved "
        "FROM backorders b JOIN stock s ON s.sku = b.sku AND s.location_id = ANY(b.locations) "
        "WHERE b.sku LIKE :prefix AND s.on_hand - s.reserved - s.safety_stock "
        "> coalesce((b.refused ->> s.location_id)::int, 0)"
    ),
    "what parcels hold has left": (
        "SELECT f.order_id, p.line_id, sum(p.quantity), max(o.shipped + o.delivered) FROM parcel_lines p "
        "JOIN parcels f ON f.id = p.parcel_id JOIN order_lines o USING (order_id, line_id) "
        "WHERE o.sku LIKE :prefix GROUP BY 1, 2 HAVING sum(p.quantity) <> max(o.shipped + o.delivered)"
    ),
    "work with nothing to ship is not open": (
        "SELECT f.id, f.status FROM fulfillment_orders f "
        "JOIN fulfillment_lines l ON l.fulfillment_id = f.id "
        f"WHERE l.sku LIKE :prefix AND {_OPEN} GROUP BY 1, 2 HAVING sum(l.quantity - l.shipped) = 0"
    ),
    "a day's capacity is taken by what was not given back, and by nothing else": (
        "SELECT u.location_id, u.day, u.used, t.units, t.orders FROM capacity_usage u "
        "JOIN locations p ON p.id = u.location_id LEFT JOIN (SELECT f.location_id, f.capacity_day AS day, "
        "  sum(l.quantity) AS units, count(DISTINCT f.id) AS orders FROM fulfillment_orders f "
        "  JOIN fulfillment_lines l ON l.fulfillment_id = f.id "
        "  WHERE f.status NOT IN ('rejected', 'expired', 'cancelled') GROUP BY 1, 2"
        ") t USING (location_id, day) "
        "WHERE u.used <> coalesce(CASE p.capacity_unit WHEN 'units' THEN t.units ELSE t.orders END, 0)"
    ),
    "events are numbered without gaps": (
        "SELECT e.order_id, count(*), max(e.seq), max(o.next_seq) FROM order_events e "
        "JOIN orders o ON o.id = e.order_id WHERE o.order_number LIKE :prefix GROUP BY 1 "
        "HAVING count(*) <> max(e.seq) OR max(o.next_seq) <> max(e.seq) + 1"
    ),
}


async def in_batches(network: SmallNetwork, happenings: Sequence[Happening], size: int) -> list[str]:
    """Let things happen, `size` at the same moment, and look after each batch; returns what is wrong."""
    for first in range(0, len(happenings), size):
        batch = happenings[first : first + size]
        await asyncio.gather(*(network.happens(one) for one in batch))
        wrongs = await network.wrongs()
        if wrongs:
            return [*wrongs, f"after {happenings[: first + size]}"]
    return []
