"""The small network, where people route by hand and suppliers announce what they send."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from sqlalchemy import text, update

from adapters.db import inbound
from adapters.db.allocation import Allocation, Terms, allocate
from adapters.db.cancellation import LineUnits
from adapters.db.locked_order import LockedOrder
from adapters.db.quoting import Part
from adapters.db.tables import orders
from tests.properties.network import OLDEST, PLACES, WHAT, SmallNetwork, now

MORE: Final = (
    "place_by_hand",
    "place_by_hand",
    *["allocate"] * 4,
    "announce",
    "announce",
    "come",
    "come",
    "come_not",
    "put_off",
)
MORE_HAPPENINGS = st.tuples(
    st.sampled_from((*WHAT, *MORE)), st.integers(0, 5), st.integers(0, 5), st.integers(0, 4)
)


@dataclass
class WiderNetwork(SmallNetwork):
    """The same, and the supply that was announced in it."""

    supplies: list[str] = field(default_factory=list)

    async def _place_by_hand(self, one: int, two: int, late: int) -> None:
        await self._place(one, two, late)
        if self.orders:
            async with self.engine.begin() as connection:
                by_hand = update(orders).where(orders.c.id == self.orders[-1]).values(routing="manual")
                await connection.execute(by_hand)

    async def _allocate(self, which: int, where: int, much: int) -> None:
        """Ask one place for some of what waits, of one line or of both."""

        async def command(order: LockedOrder) -> None:
            waiting = [
                LineUnits(line.line_id, min(1 + much, line.quantities.pending + line.quantities.backordered))
                for line in order.lines.values()
            ]
            units = tuple(one for one in waiting if one.quantity)[: 1 + much % 2]
            if units:
                part = Part(PLACES[where % 3], units)
                await allocate(order, Allocation((part,)), Terms(timedelta(hours=48)))

        await self._on_order(which, command)

    async def _announce(self, what: int, where: int, much: int) -> None:
        new = inbound.Announcement(
            location_id=PLACES[where % 3],
            sku=self.skus[what % 2],
            quantity=1 + much,
            expected_at=OLDEST + timedelta(days=30 + what),
            reference=f"{self.prefix}-{len(self.supplies)}",
        )
        await self._in_one(lambda connection: inbound.announce(connection, new, now=now()))
        self.supplies.append(new.id)

    async def _come(self, which: int, _where: int, much: int) -> None:
        if self.supplies:
            name = self.supplies[which % len(self.supplies)]
            await self._in_one(
                lambda connection: inbound.receive(
                    connection, name, quantity=1 + much, actor="test", now=now()
                )
            )

    async def _come_not(self, which: int, _where: int, _much: int) -> None:
        if self.supplies:
            name = self.supplies[which % len(self.supplies)]
            await self._in_one(lambda connection: inbound.cancel(connection, name, now=now()))

    async def _put_off(self, which: int, later: int, much: int) -> None:
        if self.supplies:
            name = self.supplies[which % len(self.supplies)]
            date = OLDEST + timedelta(days=60 + later)
            await self._in_one(
                lambda connection: inbound.change(
                    connection, name, quantity=1 + much, expected_at=date, now=now()
                )
            )

    async def wrongs(self) -> list[str]:
        """Everything that is not as it must be, of supply too."""
        found = await super().wrongs()
        async with self.engine.connect() as connection:
            rows = await connection.execute(text(RECEIVED), {"prefix": f"{self.prefix}%"})
            return found + [f"what came is in the ledger: {tuple(row)}" for row in rows]


RECEIVED: Final = """
    SELECT i.location_id, i.sku, i.received, m.came FROM (
        SELECT location_id, sku, sum(received) AS received FROM inbound_supply GROUP BY 1, 2) i
    LEFT JOIN (SELECT location_id, sku, sum(on_hand_delta) AS came FROM stock_movements
        WHERE reason LIKE 'adjustment: inbound %' GROUP BY 1, 2) m USING (location_id, sku)
    WHERE i.sku LIKE :prefix AND i.received <> coalesce(m.came, 0)
"""
