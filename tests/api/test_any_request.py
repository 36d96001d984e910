"""Whatever is sent to a route: no 5xx, and an answer that the published description tells, field by field.

`MALFORMED_BODIES` sets how many malformed bodies each POST and PUT route gets (25 by default; half as many
requests of other kinds); without it the same ones are sent every time.
"""

import asyncio
import os
from collections.abc import Callable
from random import Random
from typing import Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from api.app import create_app
from config.settings import Settings
from tests.api.asking import REFUSED, SIGNED, Asker, Case
from tests.api.description import published, shown_bodies, strict, without_keys
from tests.api.malformed import ABSURD, malformed, truthful

MANY: Final = int(os.environ.get("MALFORMED_BODIES", "25"))
EACH: Final = 5
"""How often the body of one request is malformed: to think a request up costs more than to send it."""
DESCRIBED: Final = without_keys(strict(create_app(Settings()).openapi()))
EXAMPLES: Final = {
    f"{method.upper()} {path}": shown_bodies(operation, DESCRIBED)
    for path, method, operation in published(DESCRIBED)
}
SCHEMA: Final = schemathesis.openapi.from_dict(DESCRIBED)
ROUTES: Final = {f"{method.upper()} {path}": SCHEMA[path][method] for path, method, _ in published(DESCRIBED)}
SENDING: Final = [label for label in ROUTES if label.startswith(("POST ", "PUT "))]
NARROWED: Final = [
    label
    for label, route in ROUTES.items()
    if (label in SENDING or route.query) and not label.startswith(tuple(f"POST {path}" for path in SIGNED))
]
"""What a request can be against; bodies of carriers and payment providers may hold anything."""


async def tried(cases: st.SearchStrategy[Case], many: int, send: Callable[[Case, Random], None]) -> None:
    """Send that many requests, from a thread, so that the API can answer."""

    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        derandomize="MALFORMED_BODIES" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=cases, seed=st.integers(0, 2**32))
    def one(case: Case, seed: int) -> None:
        send(case, Random(seed))

    await asyncio.to_thread(one)


@pytest.mark.parametrize("label", SENDING)
@pytest.mark.timeout(900)
async def test_a_malformed_body_is_answered_as_described(asker: Asker, label: str) -> None:
    def send(case: Case, chance: Random) -> None:
        made = case.body if isinstance(case.body, dict) else chance.choice(ABSURD)
        for _ in range(EACH):
            body = chance.choice([*EXAMPLES[label], made])
            asker.ask(case, chance, malformed(truthful(body, asker.known, chance), chance))

    await tried(ROUTES[label].as_strategy(), MANY // EACH, send)


@pytest.mark.parametrize("label", ROUTES)
@pytest.mark.timeout(900)
async def test_what_is_asked_as_described_is_answered_as_described(asker: Asker, label: str) -> None:
    def send(case: Case, chance: Random) -> None:
        if isinstance(case.body, dict):
            case.body = truthful(case.body, asker.known, chance)
        asker.ask(case, chance)

    await tried(ROUTES[label].as_strategy(), MANY // 2, send)


@pytest.mark.parametrize("label", NARROWED)
@pytest.mark.timeout(900)
async def test_what_is_not_asked_as_described_is_refused(asker: Asker, label: str) -> None:
    def send(case: Case, chance: Random) -> None:
        asker.ask(case, chance, None, REFUSED)

    await tried(ROUTES[label].as_strategy(generation_mode=GenerationMode.NEGATIVE), MANY // 2, send)
