"""Looks at a part from outside."""

import asyncio
import http.client
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 5.0


class Answer(NamedTuple):
    """An HTTP status, and the body or, with status 0, why there was no answer."""

    status: int
    text: str


async def http_status(url: str) -> Answer:
    """GET a loopback URL, past any proxy that the environment names."""
    return await asyncio.to_thread(_get, url)


async def answers_ok(url: str) -> str | None:
    """Return None when a GET answers 200, else what it answered."""
    answer = await http_status(url)
    return None if answer.status == HTTPStatus.OK else f"{answer.status} {answer.text}".strip()


def _get(url: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, f"{type(error).__name__}: {error}")
    finally:
        connection.close()
