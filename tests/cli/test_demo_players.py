"""The players on their own: patience, packing, options."""

import random
from collections.abc import Callable

import httpx
import pytest
from click.testing import CliRunner

from cli.demo import demo
from cli.demo_run.caller import Caller, GaveUpError
from cli.demo_run.parcels import pack_parcels

WORK = {
    "id": "ful_x_1",
    "version": 1,
    "lines": [{"line_id": "1", "quantity": 3}, {"line_id": "2", "quantity": 1}],
    "parcels": [],
}


def caller(answer: Callable[[httpx.Request], httpx.Response], patience: float = 5) -> Caller:
    return Caller("http://api", "key", patience=patience, transport=httpx.MockTransport(answer))


async def test_what_got_no_answer_is_asked_again_with_the_same_key() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ConnectError("down", request=request)
        return httpx.Response(503 if len(keys) == 2 else 201, json={"id": "o"})

    async with caller(answer) as patient:
        reply = await patient.post("/v1/orders", {}, key="k")

    assert (reply.status, keys) == (201, ["k", "k", "k"])
    assert patient.troubles == {"ConnectError": 1, "503": 1}


async def test_patience_ends() -> None:
    async with caller(lambda _: httpx.Response(503), patience=0.1) as impatient:
        with pytest.raises(GaveUpError, match="503"):
            await impatient.get("/v1/orders")


async def test_a_list_is_read_to_its_last_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        second = request.url.params.get("cursor") == "c"
        return httpx.Response(
            200, json={"data": [{"id": int(second)}], "next_cursor": None if second else "c"}
        )

    async with caller(answer) as patient:
        assert await patient.pages("/v1/orders", status="routing") == [{"id": 0}, {"id": 1}]


@pytest.mark.parametrize("seed", range(30))
def test_parcels_hold_what_is_left_to_ship_and_nothing_else(seed: int) -> None:
    parcels = pack_parcels(WORK, random.Random(seed), attempt=1)

    held = [(line["line_id"], line["quantity"]) for parcel in parcels for line in parcel["lines"]]
    assert sum(units for line_id, units in held if line_id == "1") == 3
    assert sum(units for line_id, units in held if line_id == "2") == 1
    assert all(units > 0 for _, units in held)
    assert len({parcel["tracking_number"] for parcel in parcels}) == len(parcels)


def test_what_is_in_a_parcel_already_is_not_packed_again() -> None:
    shipped = {**WORK, "parcels": [{"lines": [{"line_id": "1", "quantity": 3}]}]}

    (parcel,) = pack_parcels(shipped, random.Random(1), attempt=2)

    assert parcel["lines"] == [{"line_id": "2", "quantity": 1}]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--chaos", "worker,moon"], "moon is none of worker"),
        (["--lines", "6-2"], "6-2 is no range"),
        (["--lines", "2-6"], "give --orders too"),
    ],
)
def test_wrong_options_are_refused_before_anything_starts(arguments: list[str], complaint: str) -> None:
    result = CliRunner().invoke(demo, arguments)

    assert result.exit_code == 2
    assert complaint in result.output
