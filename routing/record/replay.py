"""A question asked again: the same bytes when it is the same, and what another policy would have said."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from routing.model.fulfillment import FulfillmentPlan
from routing.model.policy import Policy
from routing.planner import NODE_LIMIT, plan
from routing.record.changes import with_changes
from routing.record.forms import Json
from routing.record.snapshot import Parts, Question, question_of
from routing.record.written import record_text

_MOST = 20


def answer(question: Question, *, timer: Callable[[], float] | None = None) -> FulfillmentPlan:
    """Plan what was asked; `timer` gives the certificate its seconds."""
    return plan(
        question.order,
        question.network,
        question.policy,
        now=question.now,
        explain=question.explain,
        timer=timer,
        node_limit=NODE_LIMIT if question.node_limit is None else question.node_limit,
        must_use=question.must_use,
    )


def replayed(parts: Parts) -> str:
    """The record of a stored question, planned again."""
    return record_text(answer(question_of(parts)))


def explained(parts: Parts, record: str) -> str:
    """The record of a stored question, with what would have made each other location ship.

    Where it is not planned the same any more, the record stays as it is.
    """
    question = question_of(parts)
    plan = answer(question)
    return record_text(with_changes(plan, question)) if record_text(plan) == record else record


def under(parts: Parts, policy: Policy) -> FulfillmentPlan:
    """What another policy would have decided on the same order, network and moment."""
    return answer(replace(question_of(parts), policy=policy))


def differences(before: str, after: str) -> list[str]:
    """Where two records differ, as `pointer: was → is`; the first twenty, and how many more there are."""
    if before == after:
        return []
    found = list(_differing("", json.loads(before), json.loads(after)))
    told = found[:_MOST] or ["the same values, written otherwise"]
    return told if len(found) <= _MOST else [*told, f"and {len(found) - _MOST} more"]


def _differing(pointer: str, before: Json, after: Json) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after}):
            yield from _differing(f"{pointer}/{name}", before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (was, now) in enumerate(zip(before, after, strict=True)):
            yield from _differing(f"{pointer}/{at}", was, now)
    elif before != after:
        yield f"{pointer}: {_told(before)} → {_told(after)}"


def _told(value: Json) -> str:
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 (a line of a terminal)
