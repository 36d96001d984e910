"""The client of the sandbox payment provider: the payment port over its HTTP API."""

import asyncio
from datetime import UTC, timedelta
from typing import Any, Final

import httpx
from pydantic import AwareDatetime, BaseModel, ValidationError

from domain.payment import (
    Declined,
    MoneyStep,
    PaymentAnswer,
    PaymentRequest,
    PaymentUnavailable,
    RiskLevel,
    Signals,
    Succeeded,
)

_PATHS: Final = {
    MoneyStep.AUTHORIZE: "/authorizations",
    MoneyStep.CAPTURE: "/captures",
    MoneyStep.VOID: "/voids",
    MoneyStep.REFUND: "/refunds",
}


class _Effect(BaseModel):
    reference: str
    risk: RiskLevel
    expires_at: AwareDatetime | None


class _Refusal(BaseModel):
    code: str
    hard: bool


class SandboxPayments:
    """Asks once and waits `timeout` at most for the whole answer; whoever calls it does the retries."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, timeout: timedelta) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout

    async def execute(self, request: PaymentRequest) -> PaymentAnswer:
        """Carry out one keyed effect.

        PaymentUnavailable when there is no answer, and also when the answer is no yes and no refusal:
        a key that was used for another request (422) says nothing about what is in the books.
        """
        response = await self._post(request)
        try:
            match response.status_code:
                case httpx.codes.OK | httpx.codes.CREATED:
                    return _succeeded(_Effect.model_validate_json(response.content))
                case httpx.codes.PAYMENT_REQUIRED | httpx.codes.NOT_FOUND:
                    refusal = _Refusal.model_validate_json(response.content)
                    return Declined(code=refusal.code, hard=refusal.hard)
                case status:
                    raise PaymentUnavailable(f"the sandbox provider answered {status}")
        except ValidationError as error:
            raise PaymentUnavailable("the sandbox provider's answer is unreadable") from error

    async def _post(self, request: PaymentRequest) -> httpx.Response:
        url = self._base_url + _PATHS[request.step]
        headers = {"Idempotency-Key": request.idempotency_key}
        try:
            # A limit on the whole exchange: httpx limits each read, and a trickle would last for ever.
            async with asyncio.timeout(self._timeout.total_seconds()):
                return await self._http.post(url, json=_body(request), headers=headers, timeout=None)
        except (httpx.HTTPError, TimeoutError) as error:
            reason = f"the sandbox provider gave no answer: {type(error).__name__}"
            raise PaymentUnavailable(reason) from error


def _body(request: PaymentRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "order_id": request.order_id,
        "amount": request.amount,
        "currency": request.currency,
    }
    if request.step is MoneyStep.AUTHORIZE:
        return body | {"token": request.token}
    if request.step is MoneyStep.CAPTURE:
        body["final"] = request.final
    return body | {"authorization": request.authorization}


def _succeeded(effect: _Effect) -> Succeeded:
    ends = effect.expires_at
    return Succeeded(effect.reference, Signals(risk=effect.risk), ends and ends.astimezone(UTC))
