"""`oms route`: a routing plan as a page to read, of a stored decision or of a file."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # pydantic and the database driver cost a second, and `oms route --help` does without
    from routing.record.snapshot import Question


@click.command()
@click.argument("what", metavar="ORDER_ID[/N] | FILE")
@click.option("--policy", "policy_name", help="Plan it under this policy: a name, or a YAML file.")
def route(*, what: str, policy_name: str | None) -> None:
    """Print which location ships what, the map of the candidates, and why each ships or does not.

    Of an order it is the last stored decision, or the N-th. A FILE holds a body of POST /v1/routing/plan
    with its network; it is planned here and now, without a database. With --policy it is planned under
    that policy instead, and nothing is changed.
    """
    from cli.plan_shown import plain_console, show_plan  # noqa: PLC0415

    path = Path(what)
    record, asked = _of_file(path, policy_name) if path.is_file() else _of_order(what, policy_name)
    show_plan(plain_console(), record, asked)


def _of_file(path: Path, policy_name: str | None) -> "tuple[dict[str, Any], Question]":
    from datetime import UTC, datetime  # noqa: PLC0415

    from pydantic import ValidationError  # noqa: PLC0415

    from api.plan_asked import PlanAsked  # noqa: PLC0415
    from cli.replay_routing import named_policy  # noqa: PLC0415
    from domain.errors import InvalidContent  # noqa: PLC0415
    from routing.record.snapshot import Question  # noqa: PLC0415

    try:
        body = PlanAsked.model_validate(json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
        if body.network is None:
            raise click.ClickException(f"{path}: /network is not there")
        policy = body.policy if isinstance(body.policy, str) else body.policy.policy()
        named = policy_name or policy
        chosen = named_policy(named) if isinstance(named, str) else named
        question = Question(body.order(), body.network.network(), chosen, datetime.now(UTC))
    except (ValueError, ValidationError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    except InvalidContent as error:
        raise click.ClickException(f"{path}: {error.pointer}: {error.detail}") from error
    return _planned(question), question


def _of_order(decision: str, policy_name: str | None) -> "tuple[dict[str, Any], Question | None]":
    from dataclasses import replace  # noqa: PLC0415

    from cli.replay_routing import kept_once, stored_policy  # noqa: PLC0415
    from routing.record.snapshot import question_of  # noqa: PLC0415

    row, parts = asyncio.run(kept_once(decision))
    question = question_of(parts) if parts is not None else None
    if not policy_name:
        from routing.record.replay import explained  # noqa: PLC0415

        return json.loads(row.record if parts is None else explained(parts, row.record)), question
    if question is None:
        raise click.ClickException("what the decision rested on is not kept")
    other = replace(question, policy=asyncio.run(stored_policy(policy_name)))
    return _planned(other), other


def _planned(question: "Question") -> dict[str, Any]:
    from routing.record.changes import with_changes  # noqa: PLC0415
    from routing.record.replay import answer  # noqa: PLC0415
    from routing.record.written import record_of  # noqa: PLC0415

    return record_of(with_changes(answer(question), question))
