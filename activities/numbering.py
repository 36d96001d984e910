"""The numbering: gives invoices and credit notes their numbers, from whichever worker comes first."""

import asyncio
import logging
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.database import clock
from adapters.db.engine import ASKED_IN_VAIN
from adapters.db.legal_entities import nobody_sells_yet
from adapters.db.numbering import number_documents

log = logging.getLogger(__name__)

_EVERY: Final = 1.0


class Numbering:
    """Numbers documents until it is cancelled."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self) -> None:
        """Number for ever; an outage of the database is waited out. Warns once of a seller without a name."""
        looked = False
        while True:
            try:
                looked = looked or await self._look_who_sells()
                numbered = await number_documents(self._engine, clock())
            except ASKED_IN_VAIN as error:
                log.warning("numbering waits", extra={"error": type(error).__name__})
                numbered = 0
            if not numbered:
                await asyncio.sleep(_EVERY)

    async def _look_who_sells(self) -> bool:
        async with self._engine.connect() as connection:
            if await nobody_sells_yet(connection):
                log.warning("documents bear a placeholder: say who sells, PUT /v1/legal-entities/default")
        return True
