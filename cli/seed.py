"""What `oms dev` finds in its database and data folder after migration."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import create_engine, in_transaction
from adapters.db.postal import knows_country, put_postal_areas
from cli.seed_keys import keep_keys, register_keys
from cli.seed_network import HOME, load_demo_network
from cli.seed_us_zips import us_postal_areas
from config.settings import Settings

_STATEMENT_TIMEOUT: Final = timedelta(minutes=1)


async def seed(settings: Settings, data_dir: Path, *, demo_network: bool) -> None:
    """Write `keys.json` and make its keys valid; load the demo network where there is none yet.

    Safe to run again, and after a crash: the file is written first, and the database takes all or nothing.
    """
    keys = keep_keys(data_dir / "keys.json", HOME)
    now = datetime.now(UTC)

    async def fill(connection: AsyncConnection) -> None:
        await register_keys(connection, keys, now)
        if demo_network:
            await load_demo_network(connection, now)
            if not await knows_country(connection, "US"):
                await put_postal_areas(connection, us_postal_areas())

    engine = create_engine(settings.sqlalchemy_url, pool_size=1, statement_timeout=_STATEMENT_TIMEOUT)
    try:
        await in_transaction(engine, fill)
    finally:
        await engine.dispose()
