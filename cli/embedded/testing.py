"""PostgreSQL and Temporal for a test run, as async context managers.

async with embedded_postgres(folder) as database_url, embedded_temporal() as address: ...
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cli.embedded.data_dir import held
from cli.embedded.ports import free_port
from cli.embedded.postgres import prepare_postgres
from cli.embedded.supervisor import Supervisor
from cli.embedded.temporal import Temporal


@asynccontextmanager
async def embedded_postgres(data_dir: Path, *, durable: bool = False) -> AsyncIterator[str]:
    """Run PostgreSQL on a free port; yields the URL of an empty database (owner: superuser).

    durable: False is for a throwaway cluster, without fsync. It is restarted, on the same port, should
    it die, and it ends with this process even by SIGKILL. Up in about 1.5 s.
    """
    with held(data_dir) as lock:
        postgres = prepare_postgres(data_dir, port=free_port(), durable=durable)
        async with Supervisor(data_dir / "logs", keep_open=[lock]) as supervisor:
            await supervisor.start(postgres.part())
            yield postgres.url
    postgres.discard()


@asynccontextmanager
async def embedded_temporal(
    *, time_skipping: bool = True, database: Path | None = None, port: int | None = None
) -> AsyncIterator[str]:
    """Run a Temporal dev server on a port, free unless given; yields its address, `host:port`.

    time_skipping: workflows started with a time-skipping configuration may skip. database: a file to
    keep the workflows in; None keeps them in memory. Up in about 0.3 s.
    """
    port = port or free_port()
    temporal = Temporal(
        port=port, http_port=free_port(but=[port]), database=database, time_skipping=time_skipping
    )
    with tempfile.TemporaryDirectory(prefix="throughline-temporal-") as logs:
        async with Supervisor(Path(logs)) as supervisor:
            await supervisor.start(temporal.part())
            yield temporal.address
