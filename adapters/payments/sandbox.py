"""The client of the sandbox payment provider: the payment port over its HTTP API."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import httpx
from pydantic import ValidationError

from adapters.payments.sandbox_wire import Found, Page, read_answer, read_code, read_decision
from adapters.standard_webhooks import BadProof, verify
from domain.payment import (
    BookedEffect,
    Capabilities,
    MoneyStep,
    NoticeRefused,
    PaymentAnswer,
    PaymentNotice,
    PaymentRequest,
    PaymentUnavailable,
)

_PATHS: Final = {
    MoneyStep.AUTHORIZE: "/authorizations",
    MoneyStep.CAPTURE: "/captures",
    MoneyStep.VOID: "/voids",
    MoneyStep.REFUND: "/refunds",
}
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class SandboxAccount:
    """One of the accounts that the provider keeps, and what can be done with it."""

    name: str
    capabilities: Capabilities


SANDBOX: Final = SandboxAccount("sandbox", Capabilities())
SANDBOX_SINGLE: Final = SandboxAccount("sandbox_single", Capabilities(several_captures=False))


class SandboxPayments:
    """Asks once and waits `timeout` at most for the whole answer; whoever calls it does the retries.

    `notice_secret`: what notices are signed with, `whsec_…`; without it all are refused.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        timeout: timedelta,
        *,
        notice_secret: str | None = None,
        account: SandboxAccount = SANDBOX,
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._notice_secret = notice_secret
        self._account = account

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do; it keeps its keys for ever, and may be asked as if it did not."""
        return self._account.capabilities

    async def execute(self, request: PaymentRequest) -> PaymentAnswer:
        """Carry out one keyed effect.

        PaymentUnavailable when there is no answer, and also when the answer is no yes and no refusal:
        a key that was used for another request (422) says nothing about what is in the books.
        """
        headers = {"Idempotency-Key": request.idempotency_key}
        body = self._body(request)
        response = await self._ask("POST", _PATHS[request.step], json=body, headers=headers)
        try:
            answer = read_answer(response)
        except ValidationError as error:
            raise _unreadable() from error
        if answer is None:
            said = " ".join([str(response.status_code), *read_code(response)])
            raise PaymentUnavailable(f"the sandbox provider answered {said}")
        return answer

    async def look_up(self, request: PaymentRequest) -> PaymentAnswer | None:
        """Tell what became of an effect, None when it never was: its key may be another order's or step's."""
        params = {"idempotency_key": request.idempotency_key}
        found = _read(Found, await self._ask("GET", "/effects", params=params)).data
        if found is None or (found.order_id, found.kind) != (request.order_id, request.step):
            return None
        try:
            return found.in_our_words()
        except ValidationError as error:
            raise _unreadable() from error

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice | None:
        """Read what the provider sent; None for a type that we do not know.

        NoticeRefused for a bad or old signature, ValueError for what is signed and unreadable.
        """
        if not self._notice_secret:
            raise NoticeRefused("there is no secret to prove a notice with")
        try:
            verify(body, headers, self._notice_secret)
        except BadProof as error:
            raise NoticeRefused("the notice is not signed by the sandbox provider") from error
        return read_decision(body)

    async def booked(self, since: datetime, until: datetime) -> AsyncIterator[BookedEffect]:
        """Walk through the account's books; PaymentUnavailable when a page of them does not come."""
        cursor: str | None = None
        while True:
            params = {"since": since.isoformat(), "until": until.isoformat(), "account": self._account.name}
            params |= {"limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
            page = _read(Page, await self._ask("GET", "/operations", params=params))
            for effect in page.effects():
                yield effect
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    async def _ask(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            # A limit on the whole exchange: httpx limits each read, and a trickle would last for ever.
            async with asyncio.timeout(self._timeout.total_seconds()):
                return await self._http.request(method, self._base_url + path, timeout=None, **parts)
        except (httpx.HTTPError, TimeoutError) as error:
            reason = f"the sandbox provider gave no answer: {type(error).__name__}"
            raise PaymentUnavailable(reason) from error

    def _body(self, request: PaymentRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "order_id": request.order_id,
            "amount": request.amount,
            "currency": request.currency,
            "account": self._account.name,
        }
        if request.step is MoneyStep.AUTHORIZE:
            return body | {"token": request.token}
        if request.step is MoneyStep.CAPTURE:
            body["final"] = request.final
        return body | {"authorization": request.authorization}


_Said = TypeVar("_Said", Found, Page)


def _read(model: type[_Said], response: httpx.Response) -> _Said:
    if response.status_code != httpx.codes.OK:
        raise PaymentUnavailable(f"the sandbox provider answered {response.status_code}")
    try:
        return model.model_validate_json(response.content)
    except ValidationError as error:
        raise _unreadable() from error


def _unreadable() -> PaymentUnavailable:
    return PaymentUnavailable("the sandbox provider's answer is unreadable")
