"""How units reach a store from other locations, and what carriers' currencies are worth in ours."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from decimal import Decimal

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import exchange_rates, locations, transfer_legs
from routing import TransferLeg


async def put_transfers(connection: AsyncConnection, wanted: Sequence[TransferLeg]) -> None:
    """Make the legs to each store named what is given here."""
    if not wanted:
        return
    stores = {leg.store for leg in wanted}
    await connection.execute(delete(transfer_legs).where(transfer_legs.c.store.in_(stores)))
    await connection.execute(insert(transfer_legs), [asdict(leg) for leg in wanted])


async def read_transfers(connection: AsyncConnection, store: str) -> tuple[TransferLeg, ...]:
    """The legs to a store from locations that are open, by where they begin."""
    rows = await connection.execute(
        select(transfer_legs)
        .join(locations, locations.c.id == transfer_legs.c.origin)
        .where(transfer_legs.c.store == store, locations.c.active)
        .order_by(transfer_legs.c.origin)
    )
    return tuple(TransferLeg(**row) for row in rows.mappings())


async def put_exchange_rates(connection: AsyncConnection, wanted: dict[str, Decimal]) -> None:
    """Put what one minor unit of each currency is worth in minor units of ours; the others stay."""
    if not wanted:
        return
    statement = upsert(exchange_rates)
    changed = {"rate": statement.excluded.rate}
    rows = [{"currency": currency, "rate": rate} for currency, rate in sorted(wanted.items())]
    await connection.execute(statement.on_conflict_do_update(index_elements=["currency"], set_=changed), rows)


async def read_exchange_rates(
    connection: AsyncConnection, currencies: Collection[str | None]
) -> dict[str, Decimal]:
    """What some currencies are worth; nothing is asked where there are none."""
    if not currencies:
        return {}
    rows = await connection.execute(
        select(exchange_rates).where(exchange_rates.c.currency.in_(sorted(map(str, currencies))))
    )
    return {row.currency: row.rate for row in rows}


async def known_currencies(connection: AsyncConnection) -> frozenset[str]:
    """The currencies that have a rate."""
    return frozenset((await connection.execute(select(exchange_rates.c.currency))).scalars())
