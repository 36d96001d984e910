"""Waiting for the service to come to rest, so that an audit does not find what is merely under way."""

import asyncio
import time
from collections.abc import Sequence

import asyncpg

_PAUSE = 0.5
_OPEN_ORDERS = """SELECT count(*) FROM orders WHERE id = ANY($1)
                  AND (closed_at IS NULL OR adjusting AND attention IS NULL)"""
_UNTOLD = "SELECT count(*) FROM outbox WHERE done_at IS NULL"
_UNNUMBERED = "SELECT count(*) FROM invoices WHERE number IS NULL"


async def come_to_rest(database_url: str, order_ids: Sequence[str], *, seconds: float) -> bool:
    """Wait until these are closed and settled, all is told and numbered; False when that takes too long."""
    until = time.monotonic() + seconds
    while True:
        connection = await asyncpg.connect(database_url)
        try:
            waiting = await connection.fetchval(_OPEN_ORDERS, list(order_ids))
            waiting += await connection.fetchval(_UNTOLD)
            waiting += await connection.fetchval(_UNNUMBERED)
        finally:
            await connection.close()
        if not waiting:
            return True
        if time.monotonic() > until:
            return False
        await asyncio.sleep(_PAUSE)
