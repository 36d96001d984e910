"""`oms settle`: a day of our ledger against the payment providers' books."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:  # the database driver costs a second, and `oms settle --help` does without
    from domain.payment import BookedEffect
    from domain.reconciliation import Settlement, Total

_PATIENCE: Final = timedelta(minutes=1)


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="A day of UTC.")
@click.option("--provider", help="Whose books; those of all providers without it.")
def settle(day: datetime, provider: str | None) -> None:
    """Compare a day of the ledger with the providers' books, and list every difference.

    Ends with 1 when there is one, with 2 when a provider does not show its books or the day is not over: then
    it is shown as it stands.
    """
    now = datetime.now(UTC)
    if day.date() > now.date():
        click.echo(f"{day:%Y-%m-%d} has not begun: nothing of it can be settled", err=True)
        raise SystemExit(2)
    from domain.errors import ThroughlineError  # noqa: PLC0415
    from domain.payment import PaymentUnavailable  # noqa: PLC0415
    from domain.reconciliation import is_over  # noqa: PLC0415

    try:
        settled = asyncio.run(_settled(day.date(), provider))
    except ThroughlineError as error:
        raise click.ClickException(error.detail) from error
    except PaymentUnavailable as error:
        click.echo(f"the books cannot be read: {error}", err=True)
        raise SystemExit(2) from error
    for name, settlement in settled.items():
        _tell(name, settlement)
    if any(settlement.differences for settlement in settled.values()):
        raise SystemExit(1)
    if not is_over(day.date(), now):
        click.echo(f"{day:%Y-%m-%d} is not over: more may come", err=True)
        raise SystemExit(2)


async def _settled(day: date, provider: str | None) -> "dict[str, Settlement]":
    import httpx  # noqa: PLC0415

    from adapters.db.engine import create_engine  # noqa: PLC0415
    from adapters.payments import settling  # noqa: PLC0415
    from adapters.payments.providers import payment_providers  # noqa: PLC0415
    from config.settings import Settings  # noqa: PLC0415

    settings = Settings()
    engine = create_engine(settings.sqlalchemy_url, pool_size=1, statement_timeout=_PATIENCE)
    try:
        async with httpx.AsyncClient() as http:
            return await settling.settle(engine, payment_providers(http, settings), day, only=provider)
    finally:
        await engine.dispose()


def _tell(provider: str, settlement: "Settlement") -> None:
    for (step, currency), (ours, theirs) in settlement.totals.items():
        sides = f"ours {_sum(ours, currency)}, theirs {_sum(theirs, currency)}"
        click.echo(f"{provider}  {step:9}  {currency}  {sides}")
    for one in settlement.differences:
        key = one.known.idempotency_key
        click.echo(f"{provider}  {one.kind}  {one.known.order_id}  {key}")
        click.echo(f"    ours    {_effect(one.ours)}")
        click.echo(f"    theirs  {_effect(one.theirs)}")
    found = len(settlement.differences)
    click.echo(f"{provider}  {found} difference{'' if found == 1 else 's'}")


def _sum(total: "Total", currency: str) -> str:
    fees = f" (fees {_money(total.fees, currency)})" if total.fees else ""
    return f"{total.count}, {_money(total.amount, currency)}{fees}"


def _effect(effect: "BookedEffect | None") -> str:
    if effect is None:
        return "not there"
    amount = f"{_money(effect.amount, effect.currency)} {effect.currency}"
    fee = f" (fee {_money(effect.fee, effect.currency)})" if effect.fee else ""
    return f"{effect.step} {amount}{fee} {effect.status} {effect.at:%Y-%m-%d %H:%M:%S}Z of {effect.order_id}"


def _money(amount: int, currency: str) -> str:
    from domain.iso_codes import CURRENCIES  # noqa: PLC0415
    from domain.money import written  # noqa: PLC0415

    return written(amount, currency) if currency in CURRENCIES else f"{amount} minor units"
