"""Where a customer confirms a payment, as a bank's 3-D Secure page lets them."""

import json
from typing import Annotated, Final, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.payments.sandbox_service.decisions import Challenge, Decisions

_FORM: Final = "application/x-www-form-urlencoded"
_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Confirm your payment</title>
<h1>Confirm your payment</h1>
<p>This is the sandbox payment provider; no money moves.</p>
<form method="post">
<button name="outcome" value="passed">Confirm</button>
<button name="outcome" value="failed">Refuse</button>
</form></html>
"""
_OVER: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Your payment</title>
<h1>This payment is no longer to be confirmed</h1></html>
"""

Reference = Annotated[str, Path(pattern=r"^[^\x00]*$", max_length=255)]


class Outcome(BaseModel):
    """What the customer did."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["passed", "failed"]


def challenge_routes(decisions: Decisions) -> APIRouter:
    """Return the customer's routes."""
    router = APIRouter()

    @router.get("/challenges/{reference}")
    async def page(reference: Reference) -> HTMLResponse:
        stands = _known(await decisions.challenge(reference))
        return HTMLResponse(_PAGE if stands is Challenge.OPEN else _OVER)

    @router.post(
        "/challenges/{reference}",
        openapi_extra={
            "requestBody": {"content": {"application/json": {"schema": Outcome.model_json_schema()}}}
        },
    )
    async def end(reference: Reference, request: Request) -> JSONResponse:
        """End the challenge once; 409 when it has ended otherwise, or was called off."""
        passed = (await _outcome(request)).outcome == "passed"
        stands = _known(await decisions.end_challenge(reference, passed=passed))
        agrees = stands is (Challenge.PASSED if passed else Challenge.FAILED)
        return JSONResponse({"status": stands}, 200 if agrees else 409)

    return router


def _known(challenge: Challenge | None) -> Challenge:
    if challenge is None:
        raise HTTPException(404, "there is nothing to confirm here")
    return challenge


async def _outcome(request: Request) -> Outcome:
    """Read JSON, or the form of our own page."""
    said = await request.body()
    try:
        if request.headers.get("content-type", "").startswith(_FORM):
            fields = parse_qs(said.decode(errors="replace"))
            return Outcome.model_validate({name: values[-1] for name, values in fields.items()})
        return Outcome.model_validate(json.loads(said))
    except (ValidationError, ValueError) as error:
        raise HTTPException(422, 'give {"outcome": "passed"} or {"outcome": "failed"}') from error
