"""Recorded histories run on the workflow code of today. Recorded anew by: python -m tests.replay.record."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

import worker
from tests.replay.adjustment_journeys import ADJUSTMENT_JOURNEYS
from tests.replay.expires_first import ExpiresFirst
from tests.replay.record import ADJUSTMENTS, ALL, HISTORIES, IDENTITY, RETURNS
from tests.replay.return_journeys import RETURN_JOURNEYS
from tests.replay.routes_first import RoutesFirst
from tests.replay.settles_last import SettlesLast
from tests.world import SECRET, World
from workflows.adjustment import AdjustmentWorkflow
from workflows.order import OrderWorkflow
from workflows.returns import ReturnWorkflow

pytestmark = pytest.mark.replay

ORDERS = sorted(path.stem for path in HISTORIES.glob("*.json"))
OF_RETURNS = sorted(f"{RETURNS.name}/{path.stem}" for path in RETURNS.glob("*.json"))
OF_ADJUSTMENTS = sorted(f"{ADJUSTMENTS.name}/{path.stem}" for path in ADJUSTMENTS.glob("*.json"))
PATHS = re.compile(r"/(?:home|root|tmp|usr|var|opt|srv|mnt|Users|work)/")


def read(name: str) -> str:
    return Path(HISTORIES / f"{name}.json").read_text("utf-8")


def history(name: str) -> WorkflowHistory:
    content = json.loads(read(name))
    started = content["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], content)


def replayer(workflow: type) -> Replayer:
    return Replayer(
        workflows=[workflow],
        data_converter=pydantic_data_converter,
        workflow_runner=worker.sandbox(),
    )


def test_every_journey_has_a_history() -> None:
    assert set(ALL) <= set(ORDERS)
    assert {f"{RETURNS.name}/{name}" for name in RETURN_JOURNEYS} <= set(OF_RETURNS)
    assert {f"{ADJUSTMENTS.name}/{name}" for name in ADJUSTMENT_JOURNEYS} <= set(OF_ADJUSTMENTS)


@pytest.mark.parametrize("name", ORDERS)
async def test_a_recorded_order_replays(name: str) -> None:
    await replayer(OrderWorkflow).replay_workflow(history(name))


@pytest.mark.parametrize("name", OF_RETURNS)
async def test_a_recorded_return_replays(name: str) -> None:
    await replayer(ReturnWorkflow).replay_workflow(history(name))


@pytest.mark.parametrize("name", OF_ADJUSTMENTS)
async def test_what_was_settled_after_the_close_replays(name: str) -> None:
    await replayer(AdjustmentWorkflow).replay_workflow(history(name))


@pytest.mark.parametrize("name", OF_ADJUSTMENTS)
async def test_a_settlement_that_sleeps_first_does_not_replay(name: str) -> None:
    with pytest.raises(NondeterminismError):
        await replayer(SettlesLast).replay_workflow(history(name))


@pytest.mark.parametrize("name", OF_RETURNS)
async def test_a_return_that_looks_before_it_sleeps_does_not_replay(name: str) -> None:
    with pytest.raises(NondeterminismError):
        await replayer(ExpiresFirst).replay_workflow(history(name))


@pytest.mark.parametrize("name", ORDERS)
async def test_an_order_whose_steps_changed_places_does_not_replay(name: str) -> None:
    with pytest.raises(NondeterminismError):
        await replayer(RoutesFirst).replay_workflow(history(name))


@pytest.mark.parametrize("name", [*ORDERS, *OF_RETURNS, *OF_ADJUSTMENTS])
def test_a_history_tells_nothing_of_people_or_machines(name: str) -> None:
    told = "\n".join(texts(json.loads(read(name))))

    assert [word for word in personal() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told)] == []
    assert [word for word in (SECRET, "tok_") if word in told] == []
    assert IDENTITY.findall(told) == []
    assert PATHS.findall(told) == []


def personal() -> Iterator[str]:
    """Every word of customer, address and payment that the journeys' orders carry."""
    body = World.body(World)  # type: ignore[arg-type]  # it needs nothing of its world
    for part in (body["customer"], body["ship_to"], body["payment"]):
        yield from (
            str(value) for value in part.values() if not re.fullmatch(r"[A-Z]{2}|sandbox", str(value))
        )


def texts(value: Any) -> Iterator[str]:
    """Every name and value, payloads decoded."""
    match value:
        case dict():
            for name, one in value.items():
                yield str(name)
                yield decoded(one) if name == "data" else ""
                yield from texts(one)
        case list():
            for one in value:
                yield from texts(one)
        case _:
            yield str(value)


def decoded(data: Any) -> str:
    return base64.b64decode(data).decode("utf-8") if isinstance(data, str) else ""
