"""Requests that schemathesis makes from the published description, sent with a key that may all."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

import httpx
import requests
import schemathesis
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi import checks
from standardwebhooks import Webhook

SECRET: Final = "whsec_" + "dGhyb3VnaGxpbmUtdGVzdC1zZWNyZXQtMDAwMQ=="
Case = schemathesis.Case[Any]

AS_DESCRIBED: Final[list[CheckFunction]] = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
REFUSED: Final[CheckFunction] = checks.negative_data_rejection

_KEY: Final = "Idempotency-Key"
_LONGEST_URL: Final = 32_000


@dataclass
class Asker:
    """Sends requests from a thread to the API on its loop; `known` are names that are there, by field."""

    loop: asyncio.AbstractEventLoop
    client: httpx.AsyncClient
    known: Mapping[str, Sequence[str]]
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)

    def ask(self, case: Case, chance: Random, body: bytes | None = None, *more: CheckFunction) -> None:
        """Send the request, with another body when one is given, and hold the answer to the description."""
        self._make_likely(case, chance)
        sent = _prepared(case, body, chance)
        if len(str(sent.url)) > _LONGEST_URL:
            return  # what no client sends and no server reads
        headers = {name: str(value) for name, value in sent.headers.items()}
        asked = self.client.request(str(sent.method), str(sent.url), content=_body(sent), headers=headers)
        answer = asyncio.run_coroutine_threadsafe(asked, self.loop).result()
        self.answered[case.operation.label, answer.status_code] += 1
        assert not answer.is_server_error, f"{answer.text} for {sent.method} {sent.url} {sent.body!r}"
        case.validate_response(answer, checks=[*AS_DESCRIBED, *more])

    async def posted(self, path: str, body: Any) -> httpx.Response:
        """POST a body under a new name."""
        return await self.client.post(path, json=body, headers={_KEY: uuid4().hex})

    def tell(self) -> None:
        """Print what was answered how often, by route (`pytest -s` shows it)."""
        for route in sorted({label for label, _ in self.answered}):
            counts = {
                status: many for (label, status), many in sorted(self.answered.items()) if label == route
            }
            told = ", ".join(f"{many} x {status}" for status, many in counts.items())
            print(f"{route}: {sum(counts.values())} requests: {told}")  # noqa: T201 (figures for a note)

    def _make_likely(self, case: Case, chance: Random) -> None:
        """Name things that are there, under a new Idempotency-Key, most of the time."""
        for name in case.path_parameters:
            if name in self.known and chance.random() < 0.8:
                case.path_parameters[name] = quote(chance.choice(self.known[name]), safe="")
        if _KEY in case.headers and chance.random() < 0.9:
            case.headers[_KEY] = uuid4().hex


SIGNED: Final = ("/v1/carriers/", "/v1/payments/")
"""Where the sender proves itself by a signature over whatever it sends."""


def _prepared(case: Case, body: bytes | None, chance: Random) -> requests.PreparedRequest:
    parts: dict[str, Any] = case.as_transport_kwargs(base_url="http://api")
    if body is not None:
        parts.pop("json", None)
        parts["data"] = body
        parts["headers"]["Content-Type"] = chance.choice((*["application/json"] * 9, "text/plain"))
    sent = requests.Request(**parts).prepare()
    if case.path.startswith(SIGNED) and chance.random() < 0.9:
        sent.headers.update(proof(_body(sent)))
    return sent


def _body(sent: requests.PreparedRequest) -> bytes:
    body = sent.body or b""
    assert isinstance(body, str | bytes)
    return body.encode() if isinstance(body, str) else body


def proof(body: bytes) -> dict[str, str]:
    """What the generic carrier proves itself with."""
    name, now = f"msg_{uuid4().hex}", datetime.now(UTC)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(name, now, body.decode(errors="replace")),
    }
