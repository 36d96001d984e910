"""Bodies that nobody should send: one part made absurd, JSON that is broken, or no JSON at all."""

import json
import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT")
_TIMES: Final = (
    "0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z",
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", "2026-11-23T09:30:60Z",
    "2026-11-23T09:30:00", "2026-11-23", "24-11-23T09:30:00Z",
)  # fmt: skip
ABSURD: Final[Sequence[Any]] = (
    None, True, False, "", " ", "\t\n", "\u0000", "\ud800", "a\u0000b", "\u202e", "\U0001f9e8" * 30,
    "x" * 10_000, "null", "-1", "1e3", "../..", "%00", "'; --", "ZZZ", "XX", 0, -1, 1, 2**31, 2**63, 10**30,
    -(10**30), 0.1, -0.0, 1e300, 1e-300, [], {}, [None], [[]], {"": None}, {"sku": "\u0000"}, ["x"] * 300,
    "4111111111111111", *_TIMES,
)  # fmt: skip
"""What stands in the place of a part: other kinds, borders, and what no column can hold."""

_TOKENS: Final = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0000", b"\\ud83d", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"NaN", b"Infinity", b"-", b"1e999999", b"e9999999", b"9" * 400, b"nul", b"//", b"\n",
    b"[" * 2000, b'{"a":' * 500,
)  # fmt: skip


def truthful(body: Any, known: Mapping[str, Sequence[str]], chance: Random, name: str = "") -> Any:
    """The body with names in it that are there, for most of those that are asked for."""
    if isinstance(body, dict):
        return {key: truthful(part, known, chance, key) for key, part in body.items()}
    if isinstance(body, list):
        return [truthful(part, known, chance, name) for part in body]
    return chance.choice(known[name]) if name in known and chance.random() < 0.7 else body


def absurd(body: Any, chance: Random) -> Any:
    """The body with one part, wherever it is, replaced, left out, or told many times."""
    if isinstance(body, dict) and body and chance.random() < 0.9:
        key = chance.choice(list(body))
        rest = {name: part for name, part in body.items() if name != key}
        return rest if chance.random() < 0.1 else rest | {key: absurd(body[key], chance)}
    if isinstance(body, list) and body and chance.random() < 0.8:
        at = chance.randrange(len(body))
        return [*body[:at], absurd(body[at], chance), *body[at:] * chance.choice((1, 1, 100))]
    return chance.choice(_like(body) if chance.random() < 0.5 else ABSURD)


def _like(part: Any) -> Sequence[Any]:
    """What is absurd, yet of the same kind as the part."""
    if isinstance(part, str) and _TIME.match(part):
        return _TIMES
    return [one for one in ABSURD if type(one) is type(part)] or ABSURD


def broken(text: bytes, chance: Random) -> bytes:
    """The text cut, doubled, or with signs in it that do not belong there."""
    for _ in range(chance.randint(1, 3)):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        text = chance.choice(
            (
                text[:at],
                text[:at] + text[to:],
                text[:to] + text[at:],
                text[:at] + chance.choice(_TOKENS) + text[at:],
                text[:at] + chance.choice(_TOKENS) + text[to:],
                text[:at] + chance.randbytes(chance.randint(1, 8)) + text[at:],
            )
        )
    return text


def malformed(body: Any, chance: Random) -> bytes:
    """The body as bytes, malformed in one way or another."""
    way = chance.random()
    if way < 0.6:
        return json.dumps(absurd(body, chance)).encode()
    if way < 0.95:
        return broken(json.dumps(body).encode(), chance)
    return chance.randbytes(chance.randint(0, 40))
