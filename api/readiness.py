"""Whether the service can do its work now: each part asked at once, none for longer than a second."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

import httpx
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.tables import SCHEMA
from api.temporal import Temporal

_PATIENCE_SECONDS: Final = 1.0

Outcome = Literal["pass", "fail"]


class Check(BaseModel):
    """One part: whether it does, and if not, what is wrong."""

    name: Annotated[str, Field(examples=["postgresql"])]
    status: Outcome
    detail: str | None = None


class Readiness(BaseModel):
    """All parts together."""

    status: Outcome
    checks: list[Check]


class NotReady(Exception):  # noqa: N818 (it is an answer)
    """A part answered, but not as it should; the text says what to do."""


@dataclass(slots=True)
class Probes:
    """Asks the parts."""

    engine: AsyncEngine
    temporal: Temporal
    psp_url: str
    web: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=_PATIENCE_SECONDS))

    async def intake(self) -> Readiness:
        """Whether orders can be taken: that needs PostgreSQL alone."""
        return await _all({"postgresql": self._postgresql})

    async def everything(self) -> Readiness:
        """Whether orders can be taken, routed, paid and fulfilled."""
        return await _all(
            {
                "postgresql": self._postgresql,
                "migrations": self._migrations,
                "temporal": self._temporal,
                "psp": self._psp,
            }
        )

    async def close(self) -> None:
        """Let the connections go."""
        await self.web.aclose()

    async def _postgresql(self) -> None:
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def _migrations(self) -> None:
        async with self.engine.connect() as connection:
            known = await connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
            query = "SELECT version_num FROM alembic_version"
            applied = set(await connection.scalars(text(query))) if known else set()
        if applied != {SCHEMA}:
            raise NotReady("the schema is not at this version; run: oms migrate")

    async def _temporal(self) -> None:
        if not await self.temporal.healthy():
            raise NotReady("it answers that it does not serve")

    async def _psp(self) -> None:
        answer = await self.web.get(f"{self.psp_url}/livez")
        if not answer.is_success:
            raise NotReady(f"it answers {answer.status_code}")


async def _all(checks: dict[str, Callable[[], Awaitable[None]]]) -> Readiness:
    results: Sequence[Check] = await asyncio.gather(*(_check(name, ask) for name, ask in checks.items()))
    passed = all(result.status == "pass" for result in results)
    return Readiness(status="pass" if passed else "fail", checks=list(results))


async def _check(name: str, ask: Callable[[], Awaitable[None]]) -> Check:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await ask()
    except NotReady as error:
        return Check(name=name, status="fail", detail=str(error))
    except TimeoutError:
        return Check(name=name, status="fail", detail="no answer within a second")
    except Exception as error:  # noqa: BLE001 (whatever a part does, the list of checks must be told)
        # The kind only: the text may hold an address with its password.
        return Check(name=name, status="fail", detail=f"cannot be reached ({type(error).__name__})")
    return Check(name=name, status="pass")
