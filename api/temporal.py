"""The client of the workflow engine, connected when it is first needed."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from config.settings import Settings

_HEALTH_TIMEOUT: Final = timedelta(seconds=1)


@dataclass(slots=True)
class Temporal:
    """Gives the client, without waiting for the engine to be there."""

    settings: Settings
    given: Client | None = None
    _connecting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def client(self) -> Client:
        """Return the client; it connects at its first call and again after the engine was away."""
        async with self._connecting:
            if self.given is None:
                self.given = await Client.connect(
                    self.settings.temporal_address,
                    namespace=self.settings.temporal_namespace,
                    data_converter=pydantic_data_converter,
                    lazy=True,
                )
            return self.given

    async def healthy(self) -> bool:
        """Whether the engine says that it serves, within a second."""
        client = await self.client()
        return await client.service_client.check_health(timeout=_HEALTH_TIMEOUT)
