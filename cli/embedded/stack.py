"""The whole service on one machine: PostgreSQL, Temporal, payment provider, workers and API."""

import asyncio
import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cli.embedded.data_dir import held
from cli.embedded.files import write_atomically
from cli.embedded.ports import LOOPBACK, free_port, remembered_ports, require_free
from cli.embedded.postgres import Postgres, prepare_postgres
from cli.embedded.programs import OMS, oms_environment, run_to_end
from cli.embedded.service import api_part, psp_part, worker_parts
from cli.embedded.supervisor import Supervisor
from cli.embedded.temporal import Temporal
from cli.embedded.together import together


def _say_nothing(_line: str) -> None:
    pass


@dataclass(kw_only=True)
class Stack:
    """Runs everything for as long as the `async with` lasts; entering it takes until `/readyz` is 200.

    data_dir: keeps the databases, `logs/`, `keys.json` and `stack.json`; a later stack on the same
    folder goes on with every order where it was. port: of the API; None takes a free one. seed: load
    the demo network. workers: how many worker processes. env: added to the environment of our own
    processes. report: gets a line of progress now and then. oms: the command whose subcommands our
    processes are.

    `DATABASE_URL` and `TEMPORAL_ADDRESS`, when set, are used instead of embedded parts, whose pids are
    then null in stack.json. EmbeddedError tells why the stack does not start.
    """

    data_dir: Path
    port: int | None = 8000
    seed: bool = True
    workers: int = 1
    env: Mapping[str, str] = field(default_factory=dict)
    report: Callable[[str], None] = _say_nothing
    oms: Sequence[str] = OMS

    def __post_init__(self) -> None:
        # Notices are signed when they are sent: one secret for as long as the processes live is enough.
        self._notice_secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()

    @property
    def api_url(self) -> str:
        """The base URL of the API."""
        return f"http://{LOOPBACK}:{self._api_port}"

    @property
    def psp_url(self) -> str:
        """The base URL of the sandbox payment provider."""
        return f"http://{LOOPBACK}:{self._ports['psp']}"

    @property
    def pids(self) -> dict[str, int]:
        """The process of each part, by name: api, worker, worker-2, …, psp, temporal, postgres."""
        return self._supervisor.pids

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as leaving:
            await self._boot(leaving)
            self._leaving = leaving.pop_all()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._leaving.aclose()

    async def _boot(self, leaving: AsyncExitStack) -> None:
        self.data_dir = self.data_dir.absolute()
        lock = leaving.enter_context(held(self.data_dir))
        leaving.callback((self.data_dir / "stack.json").unlink, missing_ok=True)
        self._choose_ports()
        self._supervisor = await leaving.enter_async_context(
            Supervisor(
                self.data_dir / "logs",
                on_change=self._write_record,
                keep_open=[lock],
                report=self.report,
            )
        )
        await self._start_servers()
        self.report("migrating the database and starting the service")
        await self._start_service()

    def _choose_ports(self) -> None:
        names = ("postgres", "temporal", "temporal-http", "psp")
        self._ports = remembered_ports(self.data_dir / "ports.json", names)
        if self.port:
            require_free(self.port)
        self._api_port = self.port or free_port(but=self._ports.values())

    async def _start_servers(self) -> None:
        """Start what the environment does not name, PostgreSQL and Temporal side by side."""
        self.report("starting PostgreSQL and Temporal")
        settings = {**os.environ, **self.env}
        self.temporal_address = settings.get("TEMPORAL_ADDRESS", "")
        self.temporal_namespace = settings.get("TEMPORAL_NAMESPACE", "default")
        self.database_url = settings.get("DATABASE_URL", "")
        await together(
            *([] if self.temporal_address else [self._start_temporal()]),
            *([] if self.database_url else [self._start_postgres()]),
        )

    async def _start_postgres(self) -> None:
        port = self._ports["postgres"]
        postgres: Postgres = await asyncio.to_thread(prepare_postgres, self.data_dir, port=port, durable=True)
        self.database_url = postgres.url
        await self._supervisor.start(postgres.part())

    async def _start_temporal(self) -> None:
        temporal = Temporal(
            port=self._ports["temporal"],
            http_port=self._ports["temporal-http"],
            namespace=self.temporal_namespace,
            database=self.data_dir / "temporal.db",
        )
        self.temporal_address = temporal.address
        await self._supervisor.start(temporal.part())

    async def _start_service(self) -> None:
        env = self.environment
        set_up = asyncio.Event()
        # Provider and API need seconds of imports and no tables: they load while the database is
        # migrated. Stopped the other way round: API, workers, provider.
        await together(
            self._set_up(set_up),
            self._supervisor.start(psp_part(self.oms, self._ports["psp"], env)),
            self._supervisor.start(*worker_parts(self.oms, self.workers, env, after=set_up.wait)),
            self._supervisor.start(api_part(self.oms, self._api_port, env)),
        )

    async def _set_up(self, done: asyncio.Event) -> None:
        await run_to_end([*self.oms, *self._setup_arguments()], env=self.environment)
        done.set()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of our own processes; for one more of them, as `oms bench`."""
        return oms_environment() | {
            "DATABASE_URL": self.database_url,
            "TEMPORAL_ADDRESS": self.temporal_address,
            "TEMPORAL_NAMESPACE": self.temporal_namespace,
            "OMS_PSP_URL": self.psp_url,
            "OMS_PSP_NOTICE_URL": f"{self.api_url}/v1/payments/{{account}}/notices",
            "OMS_PSP_NOTICE_SECRET": self._notice_secret,
            "OMS_WORKER_TAKES_OVER": "true",  # all workers of a stack are of one version
            "OMS_CARRIER_SECRETS_FILE": str(self.data_dir / "keys.json"),
            **self.env,
        }

    def _setup_arguments(self) -> Sequence[str]:
        network = "--demo-network" if self.seed else "--no-demo-network"
        return ["setup", "--data-dir", str(self.data_dir), network]

    def _write_record(self, pids: Mapping[str, int]) -> None:
        record = {
            "api": self.api_url,
            "temporal_address": self.temporal_address,
            "temporal_namespace": self.temporal_namespace,
            "database_url": self.database_url,
            "psp_url": self.psp_url,
            "pids": {"api": None, "worker": None, "temporal": None, "postgres": None, "psp": None}
            | dict(pids),
        }
        write_atomically(self.data_dir / "stack.json", json.dumps(record, indent=2))
