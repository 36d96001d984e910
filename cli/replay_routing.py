"""`oms replay-routing`: stored routing decisions planned again, byte for byte, or under another policy."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:  # the database driver costs a second, and `oms replay-routing --help` does without
    from sqlalchemy.ext.asyncio import AsyncEngine

    from routing import Policy

_T = TypeVar("_T")
_PATIENCE: Final = timedelta(minutes=5)
_SAME, _DIFFERS, _NOT_KEPT = "the same", "differs", "not kept"


@click.command("replay-routing")
@click.argument("decision", metavar="ORDER_ID[/N]", required=False)
@click.option("--all", "everything", is_flag=True, help="All decisions, the latest first.")
@click.option("--limit", type=click.IntRange(min=1), help="With --all: only so many.")
@click.option("--policy", "policy_name", help="Ask again under this policy: a name, or a YAML file.")
def replay_routing(
    *, decision: str | None, everything: bool, limit: int | None, policy_name: str | None
) -> None:
    """Plan stored routing decisions again and compare them with what was decided.

    Without N it is the last decision of the order. Ends with 1 when one differs, each with what differs. A
    person's decision, one from before inputs were kept, and one whose input was erased cannot be planned
    again: they are counted, and asked for alone they end with 2. With --policy the decision as it was made is
    shown above what the other policy would have decided.
    """
    if everything == (decision is not None) or (policy_name and everything) or (limit and not everything):
        raise click.UsageError("name one decision, or say --all; --policy is for one, --limit for --all")
    raise SystemExit(asyncio.run(_replay(decision, limit, policy_name)))


async def _replay(decision: str | None, limit: int | None, policy_name: str | None) -> int:
    if decision is None:
        return await _with_engine(lambda engine: _replay_all(engine, limit))
    row, parts = await kept_once(decision)
    if parts is None:
        click.echo(f"{row.order_id}/{row.n}: what it rested on is not kept")
        return 2
    if policy_name:
        return _compare(row, parts, await stored_policy(policy_name))
    return 1 if _judge(row, parts, tell=True) == _DIFFERS else 0


async def _with_engine(do: "Callable[[AsyncEngine], Awaitable[_T]]") -> "_T":
    from adapters.db.engine import create_engine  # noqa: PLC0415
    from config.settings import Settings  # noqa: PLC0415

    engine = create_engine(Settings().sqlalchemy_url, pool_size=2, statement_timeout=_PATIENCE)
    try:
        return await do(engine)
    finally:
        await engine.dispose()


async def kept_once(decision: str) -> tuple[Any, Any]:
    """Read a decision by `ORDER_ID` or `ORDER_ID/N`, and its parts, None when they are not kept."""
    return await _with_engine(lambda engine: _kept(engine, decision))


async def _kept(engine: "AsyncEngine", decision: str) -> tuple[Any, Any]:
    from adapters.db.decisions import find_decision, read_parts  # noqa: PLC0415

    order_id, _, number = decision.partition("/")
    if number and not number.isdigit():
        raise click.UsageError(f"{number!r} is not the number of a decision")
    async with engine.connect() as connection:
        row = await find_decision(connection, order_id, int(number) if number else None)
        if row is None:
            raise click.ClickException(f"there is no routing decision {decision}")
        return row, await read_parts(connection, row)


def named_policy(name: str) -> "Policy":
    """Find a policy by the name of a preset, or read it from a YAML file."""
    from adapters.policies import UnusablePolicy, from_yaml  # noqa: PLC0415
    from routing import PRESETS  # noqa: PLC0415

    if name in PRESETS:
        return PRESETS[name]
    path = Path(name)
    if not path.is_file():
        raise click.ClickException(f"{name!r} is neither a file nor one of {', '.join(sorted(PRESETS))}")
    try:
        return from_yaml(path.read_text(encoding="utf-8"), name=path.stem).policy
    except (UnusablePolicy, UnicodeDecodeError) as error:
        raise click.ClickException(f"{name}: {error}") from error


async def stored_policy(name: str) -> "Policy":
    """Find a policy by name, a stored one in the version that holds now, or read it from a file."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from adapters.db.policies import policy_named  # noqa: PLC0415

    async def found(engine: "AsyncEngine") -> "Policy | None":
        async with engine.connect() as connection:
            return await policy_named(connection, name, datetime.now(UTC))

    return await _with_engine(found) or named_policy(name)


async def _replay_all(engine: "AsyncEngine", limit: int | None) -> int:
    judged: Counter[str] = Counter()
    async for row, parts in _stored(engine, limit):
        judged[_NOT_KEPT if parts is None else _judge(row, parts, tell=False)] += 1
    again = judged[_SAME] + judged[_DIFFERS]
    click.echo(f"{again} planned again: {judged[_SAME]} the same, {judged[_DIFFERS]} differ")
    if judged[_NOT_KEPT]:
        click.echo(f"{judged[_NOT_KEPT]} more rest on nothing that is kept: a person's, old, or erased")
    return 1 if judged[_DIFFERS] else 0


async def _stored(engine: "AsyncEngine", limit: int | None) -> AsyncIterator[tuple[Any, Any]]:
    from adapters.db.decisions import latest_decisions, read_parts  # noqa: PLC0415

    async with engine.connect() as listing, engine.connect() as reading:
        async for row in latest_decisions(listing, limit):
            yield row, await read_parts(reading, row)


def _judge(row: Any, parts: Any, *, tell: bool) -> str:
    """Plan a decision again; says where it differs, and with `tell` also that it does not."""
    from routing.record.replay import differences, replayed  # noqa: PLC0415

    after = replayed(parts)
    if after == row.record:
        if tell:
            click.echo(f"{row.order_id}/{row.n}: the same {len(after)} bytes")
        return _SAME
    click.echo(f"{row.order_id}/{row.n}: differs")
    for line in differences(row.record, after):
        click.echo(f"    {line}")
    return _DIFFERS


def _compare(row: Any, parts: Any, policy: "Policy") -> int:
    """Print the decision as it was made, and what the other policy would have decided."""
    import json  # noqa: PLC0415

    from cli.plan_shown import plain_console, show_plan  # noqa: PLC0415
    from routing.record.replay import under  # noqa: PLC0415
    from routing.record.written import record_of  # noqa: PLC0415

    console = plain_console()
    console.print(f"{row.order_id}/{row.n} as it was decided", markup=False)
    show_plan(console, json.loads(row.record), None)
    console.print(f"under {policy.name}", markup=False)
    show_plan(console, record_of(under(parts, policy)), None)
    return 0
