"""API keys: what each role may do, and the rows that stand for keys; a key itself is shown once."""

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import api_keys, locations
from domain.errors import InvalidContent, NotFound, StateConflict

OVERLAP: Final = timedelta(hours=24)
"""How long a rotated key still works, so that its holder can change over."""


class Role(StrEnum):
    """Who calls."""

    STOREFRONT = "storefront"
    OPS = "ops"
    LOCATION = "location"
    ADMIN = "admin"


_STOREFRONT: Final = frozenset(
    {"orders:write", "orders:read", "promise:read", "availability:read", "returns:write", "catalog:read"}
)
_LOCATION: Final = frozenset(
    {
        "fulfillments:read",
        "fulfillments:write",
        "inventory:read",
        "inventory:write",
        "returns:write",
        "locations:read",
    }
)
_OPS: Final = (
    _STOREFRONT
    | _LOCATION
    | {"orders:command", "catalog:write", "routing:read", "routing:write", "webhooks:write"}
    | {"finance:read", "finance:write"}
)
SCOPES: Final[dict[Role, frozenset[str]]] = {
    Role.STOREFRONT: _STOREFRONT,
    Role.LOCATION: _LOCATION,
    Role.OPS: _OPS,
    Role.ADMIN: _OPS | {"keys:write"},
}
"""What a new key of a role may do; the key's row keeps its own copy."""

_SHAPE: Final = re.compile(r"tl_(?:storefront|ops|location|admin)_[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown, once."""

    id: str
    key: str


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is kept of a key."""

    id: str
    name: str
    role: Role
    scopes: frozenset[str]
    channels: frozenset[str]
    location_id: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def works_at(self, now: datetime) -> bool:
        """Whether the key opens anything at that moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyNameTaken(StateConflict):
    """A name may be held twice, by rotation, but not created twice."""

    code = "key-name-taken"


def digest(key: str) -> str | None:
    """What is stored of a key, or None for a text that cannot be one."""
    return hashlib.sha256(key.encode()).hexdigest() if _SHAPE.fullmatch(key) else None


async def create_key(  # noqa: PLR0913 (what a key is bound to)
    connection: AsyncConnection,
    *,
    name: str,
    role: Role,
    now: datetime,
    channels: Collection[str] = (),
    location_id: str | None = None,
    expires_at: datetime | None = None,
) -> NewKey:
    """Create a key of a name that no working key has; its text is in the answer and nowhere else.

    A storefront key is bound to its channels, a location key to its location.
    """
    await _one_at_a_time(connection, name)
    if await _working(connection, name, now):
        raise KeyNameTaken(f"A key named {name} works; rotate it instead.")
    await _check_binding(connection, role, channels, location_id)
    return await _insert(
        connection,
        {
            "name": name,
            "role": role.value,
            "scopes": sorted(SCOPES[role]),
            "channels": sorted(set(channels)),
            "location_id": location_id,
            "created_at": now,
            "expires_at": expires_at,
        },
    )


async def rotate_key(
    connection: AsyncConnection, *, name: str, now: datetime, overlap: timedelta = OVERLAP
) -> NewKey:
    """Create the successor of the name's working key, which works on for the overlap and not longer.

    At most two keys of a name work at a time.
    """
    await _one_at_a_time(connection, name)
    working = await _working(connection, name, now)
    if not working:
        raise NotFound(f"No key named {name} works.")
    if len(working) > 1:
        raise StateConflict(f"Two keys named {name} work already; revoke the older one first.")
    held = working[0]
    end = now + overlap if held.expires_at is None else min(held.expires_at, now + overlap)
    await connection.execute(update(api_keys).where(api_keys.c.id == held.id).values(expires_at=end))
    return await _insert(
        connection,
        {
            "name": name,
            "role": held.role.value,
            "scopes": sorted(SCOPES[held.role]),
            "channels": sorted(held.channels),
            "location_id": held.location_id,
            "created_at": now,
        },
    )


async def revoke_key(connection: AsyncConnection, *, key_id: str, now: datetime) -> None:
    """Make a key worthless from now on; revoking it again changes nothing."""
    known = await connection.scalar(select(api_keys.c.id).where(api_keys.c.id == key_id))
    if known is None:
        raise NotFound(f"There is no key {key_id}.")
    await connection.execute(
        update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def list_keys(connection: AsyncConnection) -> list[StoredKey]:
    """Every key that ever was, by name, oldest first."""
    rows = await connection.execute(select(api_keys).order_by(api_keys.c.name, api_keys.c.created_at))
    return [_stored(row) for row in rows]


async def find_key(connection: AsyncConnection, key_digest: str) -> StoredKey | None:
    """The row of the key with that digest."""
    row = (await connection.execute(select(api_keys).where(api_keys.c.hash == key_digest))).one_or_none()
    return None if row is None else _stored(row)


async def _one_at_a_time(connection: AsyncConnection, name: str) -> None:
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"api_key {name}"}
    )


async def _working(connection: AsyncConnection, name: str, now: datetime) -> list[StoredKey]:
    rows = await connection.execute(
        select(api_keys)
        .where(api_keys.c.name == name, api_keys.c.revoked_at.is_(None))
        .where(or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > now))
        .order_by(api_keys.c.created_at)
    )
    return [_stored(row) for row in rows]


async def _check_binding(
    connection: AsyncConnection, role: Role, channels: Collection[str], location_id: str | None
) -> None:
    if (role is Role.STOREFRONT) != bool(channels):
        raise InvalidContent("A storefront key is bound to channels, and only a storefront key is.")
    if (role is Role.LOCATION) != (location_id is not None):
        raise InvalidContent("A location key is bound to a location, and only a location key is.")
    if location_id is not None:
        known = await connection.scalar(select(locations.c.id).where(locations.c.id == location_id))
        if known is None:
            raise InvalidContent(f"There is no location {location_id}.")


async def _insert(connection: AsyncConnection, values: dict[str, Any]) -> NewKey:
    new = NewKey(f"key_{secrets.token_hex(8)}", f"tl_{values['role']}_{secrets.token_urlsafe(32)}")
    await connection.execute(insert(api_keys).values(id=new.id, hash=digest(new.key), **values))
    return new


def _stored(row: Row[Any]) -> StoredKey:
    return StoredKey(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        scopes=frozenset(row.scopes),
        channels=frozenset(row.channels),
        location_id=row.location_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
