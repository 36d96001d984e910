"""The daily settlement: our ledger against the books of each provider."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.queries.ledger import asked_since, effects_of_the_day
from adapters.payments.providers import PaymentProviders
from domain.reconciliation import LATE, Settlement, bounds, reconcile


async def settle(
    engine: AsyncEngine, providers: PaymentProviders, day: date, *, only: str | None = None
) -> dict[str, Settlement]:
    """Reconcile a day of UTC with all providers, or one.

    Changes nothing. Raises UnknownProvider, PaymentUnavailable when a provider does not show its books.
    """
    names = providers.names if only is None else (only,)
    return {name: await _settle(engine, providers, name, day) for name in names}


async def _settle(engine: AsyncEngine, providers: PaymentProviders, name: str, day: date) -> Settlement:
    provider = providers.named(name)
    first, end = bounds(day)
    async with engine.connect() as connection:
        asked = await asked_since(connection, name, (first, end))
    # A provider may enter what it decides after days under the day on which it was asked for.
    since = first if asked is None else min(first, asked)
    theirs = [effect async for effect in provider.booked(since - LATE, end + LATE)]
    keys = {effect.idempotency_key for effect in theirs if first <= effect.at < end}
    async with engine.connect() as connection:
        ours = await effects_of_the_day(connection, name, (first, end), keys)
    return reconcile(ours, theirs, day)
