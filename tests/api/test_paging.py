"""Cursors: opaque, and refused when they are not ours."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from adapters.db.catalog import Location, put_locations
from api.paging import BadCursor, PageAsked, cursor_of, page_of
from api.state import Services

AT = datetime(2026, 3, 1, 12, 30, 0, 123_456, tzinfo=UTC)


def written(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_cursor_gives_back_the_key_it_was_made_of() -> None:
    cursor = cursor_of((AT, "ord_1", 7))

    assert PageAsked(cursor=cursor).after(datetime, str, int) == (AT, "ord_1", 7)


def test_without_a_cursor_the_list_begins() -> None:
    assert PageAsked().after(str) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "ä",
        "AAAA",
        written({"a": 1}),
        written([]),
        written(["a", "b"]),
        written([1]),
        written([None]),
        written([["a"]]),
        written(["a\x00"]),
        written(["\ud800"]),
        base64.b64encode(b"[" * 900).decode(),
        cursor_of(("a",))[:-2],
        cursor_of(("a",)) + "!",
    ],
)
def test_a_cursor_that_is_not_of_the_list_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        PageAsked(cursor=cursor).after(str)


@pytest.mark.parametrize("part", ["2026-03-01T00:00:00", "yesterday", 7, "9" * 50])
def test_a_time_in_a_cursor_is_aware(part: Any) -> None:
    with pytest.raises(BadCursor):
        PageAsked(cursor=written([part])).after(datetime)


@pytest.mark.parametrize("part", [True, 1.5, 2**63, "1"])
def test_a_number_in_a_cursor_fits_its_column(part: Any) -> None:
    with pytest.raises(BadCursor):
        PageAsked(cursor=written([part])).after(int)


@pytest.mark.parametrize("part", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_in_a_cursor_is_in_a_year_that_utc_has(part: str) -> None:
    with pytest.raises(BadCursor):
        PageAsked(cursor=written([part])).after(datetime)


def test_the_last_page_has_no_cursor() -> None:
    assert page_of(["a", "b"], PageAsked(limit=2), lambda row: (row,)) == (["a", "b"], None)
    assert page_of([], PageAsked(limit=2), lambda row: (row,)) == ([], None)
    assert page_of(["a", "b", "c"], PageAsked(limit=2), lambda row: (row,))[1] == cursor_of(("b",))


async def test_pages_follow_each_other_without_gap_or_repeat(
    ops: httpx.AsyncClient, services: Services
) -> None:
    ids = [f"page-{number}" for number in range(7)]
    async with services.engine.begin() as connection:
        await put_locations(connection, [Location(at, at, "dc", 1.5, 2.5) for at in ids])
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 2, "cursor": cursor_of(("page-",))}
    while params["cursor"] and len(seen) < len(ids):
        body = (await ops.get("/v1/locations", params=params)).raise_for_status().json()
        seen += [location["id"] for location in body["data"]]
        params["cursor"] = body["next_cursor"]

    assert seen[: len(ids)] == ids


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=x", f"cursor={'A' * 1001}"])
async def test_a_page_that_cannot_be_is_422(ops: httpx.AsyncClient, query: str) -> None:
    assert (await ops.get(f"/v1/locations?{query}")).status_code == 422
