"""Keys whose text was made and kept elsewhere, as `oms dev` does in its data folder."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.keys import SCOPES, Role, digest
from adapters.db.tables import api_keys
from domain.errors import InvalidContent


def mint_key(role: Role) -> str:
    """Draw the text of a new key of a role."""
    return f"tl_{role.value}_{secrets.token_urlsafe(32)}"


async def register_key(  # noqa: PLR0913 (what a key is bound to)
    connection: AsyncConnection,
    *,
    key: str,
    name: str,
    role: Role,
    now: datetime,
    channels: Collection[str] = (),
    location_id: str | None = None,
) -> None:
    """Let a key open what its role may; one that is registered stays as it is, revoked or not.

    The location need not exist yet. Raises InvalidContent for a text that cannot be a key.
    """
    key_digest = digest(key)
    if key_digest is None:
        raise InvalidContent(f"What is given as the {role.value} key is none.")
    row = upsert(api_keys).values(
        id=f"key_{secrets.token_hex(8)}",
        name=name,
        role=role.value,
        hash=key_digest,
        scopes=sorted(SCOPES[role]),
        channels=sorted(set(channels)),
        location_id=location_id,
        created_at=now,
    )
    await connection.execute(row.on_conflict_do_nothing(index_elements=["hash"]))
