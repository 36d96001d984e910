"""Legal entities: who sells, on which channels, and what their documents are numbered with."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.numbering import NUMBERING
from adapters.db.tables import invoices, legal_entities
from adapters.db.tables.books import NOBODY_YET
from domain.errors import InvalidContent, NotFound
from domain.invoicing import DocumentKind, may_collide


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


async def list_legal_entities(
    connection: AsyncConnection, *, after: str | None, limit: int
) -> list[LegalEntity]:
    """Return who sells, by id, after one."""
    wanted = select(legal_entities).order_by(legal_entities.c.id).limit(limit)
    if after is not None:
        wanted = wanted.where(legal_entities.c.id > after)
    return [LegalEntity(**row) for row in (await connection.execute(wanted)).mappings()]


async def nobody_sells_yet(connection: AsyncConnection) -> bool:
    """Whether documents are issued in the name of a placeholder, as nobody has said who sells by default."""
    default = legal_entities.c.id == "default"
    found = await connection.execute(select(legal_entities.c.address).where(default))
    return bool(found.scalar() == NOBODY_YET)


async def name_seller(connection: AsyncConnection, name: str, address: str) -> None:
    """Say who sells by default where nobody has yet."""
    await connection.execute(
        update(legal_entities)
        .where(legal_entities.c.id == "default", legal_entities.c.address == NOBODY_YET)
        .values(name=name, address=address)
    )


async def put_legal_entity(connection: AsyncConnection, wanted: LegalEntity) -> bool:
    """Make who sells what is given here; returns whether it is new. What is written already stays as it is.

    Raises InvalidContent for a channel on which another one sells, and for a prefix behind which a number
    would be that of another document.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(NUMBERING)))
    rows = (await connection.execute(select(legal_entities))).all()
    others = [row for row in rows if row.id != wanted.id]
    sells = {channel: row.id for row in others for channel in row.channels}
    for index, channel in enumerate(wanted.channels):
        if channel in sells:
            raise InvalidContent(f"{sells[channel]} sells on {channel}", f"/channels/{index}")
    await _number_apart(connection, wanted, others)
    values = asdict(wanted)
    await connection.execute(
        upsert(legal_entities).values(values).on_conflict_do_update(index_elements=["id"], set_=values)
    )
    return wanted.id not in {row.id for row in rows}


async def _number_apart(connection: AsyncConnection, wanted: LegalEntity, others: Iterable[Row[Any]]) -> None:
    taken = {prefix: f"of {row.id}" for row in others for prefix in _prefixes(row).values()}
    for kind, prefix in _prefixes(wanted).items():
        pointer = f"/{kind}_prefix"
        for other, whose in taken.items():
            if may_collide(prefix, other):
                raise InvalidContent(f"numbers {whose} begin with {other!r}", pointer)
        if await _numbered_elsewhere(connection, wanted.id, kind, prefix):
            raise InvalidContent(f"documents of others have numbers that begin with {prefix!r}", pointer)
        taken[prefix] = f"of its {kind.replace('_', ' ')}s"


def _prefixes(entity: Any) -> dict[str, str]:
    return {kind.value: getattr(entity, f"{kind.value}_prefix") for kind in DocumentKind}


async def _numbered_elsewhere(connection: AsyncConnection, entity_id: str, kind: str, prefix: str) -> bool:
    """Whether a document of another series has a number of this prefix, from when it was that one's."""
    document = invoices.c
    rest = func.substr(document.label, len(prefix) + 1)
    found = await connection.execute(
        select(document.id)
        .where(
            document.label.startswith(prefix, autoescape=True),
            rest.regexp_match("^[0-9]+$"),
            (document.legal_entity != entity_id) | (document.kind != kind),
        )
        .limit(1)
    )
    return found.first() is not None
