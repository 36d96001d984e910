"""`keys.json` in the data folder: one key per role, and what each carrier proves itself with."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.keys import Role
from adapters.db.known_keys import mint_key, register_key
from cli.embedded.files import write_atomically

CHANNELS: Final = ("web", "store", "app")
"""What the storefront key is bound to."""


def _standard_webhooks_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


_CARRIERS: Final[Mapping[str, Callable[[], dict[str, str]]]] = {
    "ups": lambda: {"credential": secrets.token_urlsafe(32)},
    "fedex": lambda: {"secret": secrets.token_urlsafe(32)},
    "dhl": lambda: {"header": "X-Throughline-Token", "token": secrets.token_urlsafe(32)},
    "easypost": lambda: {"secret": secrets.token_urlsafe(32)},
    "shippo": lambda: {"token": secrets.token_urlsafe(32)},
    "aftership": lambda: {"secret": secrets.token_urlsafe(32)},
    "generic": lambda: {"secret": _standard_webhooks_secret()},
}


class UnreadableKeys(Exception):  # noqa: N818 (names what cannot be read)
    """keys.json is there, but is not what was written."""


def keep_keys(path: Path, location_id: str) -> dict[str, Any]:
    """Read keys.json and fill in what it lacks; a file that lacks nothing is not written again.

    `location_id` is whose the location key is when the file does not say.
    """
    before = _read(path)
    carriers = before.get("carriers", {})
    keys = {
        **{role.value: mint_key(role) for role in Role},
        "location_id": location_id,
        **before,
        "carriers": {
            **{name: make() for name, make in _CARRIERS.items() if name not in carriers},
            **carriers,
        },
    }
    if keys != before:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(keys, indent=2) + "\n")
    return keys


async def register_keys(connection: AsyncConnection, keys: Mapping[str, Any], now: datetime) -> None:
    """Make every key of the file valid in this database, which may be newer than the file."""
    for role in Role:
        await register_key(
            connection,
            key=str(keys[role.value]),
            name=f"keys.json {role.value}",
            role=role,
            now=now,
            channels=CHANNELS if role is Role.STOREFRONT else (),
            location_id=keys["location_id"] if role is Role.LOCATION else None,
        )


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        keys: Any = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableKeys(f"{path} is not JSON; remove it to get new keys") from error
    if not isinstance(keys, dict) or not isinstance(keys.get("carriers", {}), dict):
        raise UnreadableKeys(f"{path} does not hold keys; remove it to get new ones")
    return keys
