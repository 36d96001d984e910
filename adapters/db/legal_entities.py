"""Legal entities: who sells, on which channels, and what their documents are numbered with."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import legal_entities
from domain.errors import InvalidContent, NotFound

_ONE_AT_A_TIME = 7_214_536
"""The advisory lock of those who change who sells."""


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """Who sells; `default` sells on every channel that no other names."""

    id: str
    name: str
    address: str
    tax_id: str | None
    invoice_prefix: str
    credit_note_prefix: str
    channels: Sequence[str]


async def get_legal_entity(connection: AsyncConnection, entity_id: str) -> LegalEntity:
    """Return who sells; raises NotFound."""
    found = await connection.execute(select(legal_entities).where(legal_entities.c.id == entity_id))
    row = found.mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such legal entity.")
    return LegalEntity(**row)


async def put_legal_entity(connection: AsyncConnection, wanted: LegalEntity) -> bool:
    """Make who sells what is given here; returns whether it is new. What is written already stays as it is.

    Raises InvalidContent for a channel on which another one sells.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    rows = (await connection.execute(select(legal_entities.c.id, legal_entities.c.channels))).all()
    sells = {channel: row.id for row in rows for channel in row.channels if row.id != wanted.id}
    for index, channel in enumerate(wanted.channels):
        if channel in sells:
            raise InvalidContent(f"{sells[channel]} sells on {channel}", f"/channels/{index}")
    values = asdict(wanted)
    await connection.execute(
        upsert(legal_entities).values(values).on_conflict_do_update(index_elements=["id"], set_=values)
    )
    return wanted.id not in {row.id for row in rows}
