"""Inbound supply: announced, changed, received in parts, cancelled; those who wait are told when it moves.

The announcement's row is locked first, then the orders that wait for the product, then stock. More than was
announced may come, as suppliers do send more: what is there is there, and the announcement ends. What comes
after that, or without one, is booked in as an adjustment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.counting import Adjustment, adjust
from adapters.db.postponing import hear_of_supply
from adapters.db.promises import hold_waiting, tell_dates
from adapters.db.tables import inbound_supply
from domain.errors import NotFound, StateConflict
from domain.ids import inbound_id


@dataclass(frozen=True, slots=True)
class Announcement:
    """Units that a supplier said will come; `reference` is its name for them."""

    location_id: str
    sku: str
    quantity: int
    expected_at: datetime
    reference: str

    @property
    def id(self) -> str:
        """The id that it has, however often it is sent."""
        return inbound_id(self.location_id, self.sku, self.reference)


async def announce(connection: AsyncConnection, new: Announcement, *, now: datetime) -> bool:
    """Write an announcement; False for a repeat. Raises StateConflict for other content under its name."""
    row = upsert(inbound_supply).values(
        id=new.id, location_id=new.location_id, sku=new.sku, quantity=new.quantity,
        reference=new.reference, expected_at=new.expected_at, created_at=now,
    )  # fmt: skip
    written = await connection.execute(
        row.on_conflict_do_nothing(index_elements=["id"]).returning(inbound_supply.c.id)
    )
    if written.first() is None:
        known = await _locked(connection, new.id)
        if (known.quantity, known.expected_at) != (new.quantity, new.expected_at):
            raise StateConflict(f"{new.reference} was announced before with another quantity or date")
        return False
    await _tell(connection, new.sku, await hold_waiting(connection, new.sku), now)
    return True


async def change(
    connection: AsyncConnection, name: str, *, quantity: int, expected_at: datetime, now: datetime
) -> None:
    """Correct what is to come, and when; what has all come by then ends. Raises StateConflict once ended."""
    known = await _open(connection, name)
    ended_at = now if known.received >= quantity else None
    await _write(connection, name, quantity=quantity, expected_at=expected_at, ended_at=ended_at)
    await _tell(connection, known.sku, await hold_waiting(connection, known.sku), now)


async def receive(
    connection: AsyncConnection, name: str, *, quantity: int, actor: str, now: datetime
) -> None:
    """Book units in, to those who wait first; it ends when all has come. Raises StateConflict once ended."""
    known = await _open(connection, name)
    held = await hold_waiting(connection, known.sku)
    received = known.received + quantity
    ended_at = now if received >= known.quantity else None
    await _write(connection, name, received=received, ended_at=ended_at)
    arrived = Adjustment(known.location_id, known.sku, quantity, f"inbound {known.reference}")
    await adjust(connection, arrived, actor=actor, now=now)
    await _tell(connection, known.sku, held, now)


async def cancel(connection: AsyncConnection, name: str, *, now: datetime) -> None:
    """Nothing more of it will come; a repeat changes nothing. Raises StateConflict when all has come."""
    known = await _locked(connection, name)
    if known.ended_at is not None and known.received < known.quantity:
        return
    known = await _open(connection, name)
    await _write(connection, name, ended_at=now)
    await _tell(connection, known.sku, await hold_waiting(connection, known.sku), now)


async def _tell(connection: AsyncConnection, sku: str, held: set[str], now: datetime) -> None:
    """Tell those who wait their new dates; those of them who were to pay later may have to by now."""
    await tell_dates(connection, sku, held, now)
    await hear_of_supply(connection, sku, held, now)


async def _locked(connection: AsyncConnection, name: str) -> Row[Any]:
    found = await connection.execute(
        select(inbound_supply).where(inbound_supply.c.id == name).with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound(f"no supply {name} was announced")
    return row


async def _open(connection: AsyncConnection, name: str) -> Row[Any]:
    row = await _locked(connection, name)
    if row.ended_at is not None:
        how = "has come" if row.received >= row.quantity else "was cancelled"
        raise StateConflict(f"{row.reference} {how}: what else comes is booked in as an adjustment")
    return row


async def _write(connection: AsyncConnection, name: str, **columns: Any) -> None:
    await connection.execute(update(inbound_supply).where(inbound_supply.c.id == name).values(**columns))
