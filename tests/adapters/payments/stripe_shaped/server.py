"""Stripe's HTTP API, as far as the adapter uses it: strict, keyed, and as unreliable as a test wants it.

Written to what https://docs.stripe.com documents under /api, /api/idempotent_requests, /testing, /webhooks
and /payments/multicapture. Parameters that it does not know are refused, so that none is sent in vain.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from tests.adapters.payments.stripe_shaped import forms, intents, lists, refunds
from tests.adapters.payments.stripe_shaped.account import Account, Object
from tests.adapters.payments.stripe_shaped.keys import Keys
from tests.adapters.payments.stripe_shaped.refusal import Refusal, impossible

_EXPAND: Final[dict[str, forms.Reader]] = {"expand": forms.listed(forms.text)}
_WORKS_SECONDS: Final = 0.005
_SETTLES_SECONDS: Final = 0.2

Work = Callable[[dict[str, Any]], Object]

_BEFORE: Final = {
    "down": Refusal(503, "Stripe is down", kind="api_error"),
    "rate_limit": Refusal(429, "Too many requests", code="rate_limit"),
    "lock_timeout": Refusal(429, "The object is in use", code="lock_timeout"),
}


class StripeShaped:
    """One account behind the API. `late_seconds`: how long a late card's first answers are held back."""

    def __init__(self, account: Account, late_seconds: float = 2.0) -> None:
        self.account = account
        self._late_seconds = late_seconds
        self._keys = Keys()
        self._settling: set[asyncio.Task[None]] = set()

    def app(self) -> FastAPI:
        """Return the API as an application."""
        app = FastAPI(openapi_url=None)
        app.add_api_route("/{path:path}", self._serve, methods=["GET", "POST", "DELETE"])
        return app

    async def _serve(self, request: Request, path: str) -> JSONResponse:
        headers = {"Request-Id": "req_shaped"}
        try:
            if request.headers.get("authorization") != f"Bearer {self.account.secret_key}":
                raise Refusal(401, "Invalid API Key provided: sk_test_****")  # noqa: TRY301
            intents.expire(self.account)
            if request.method == "GET":
                content = self._read(f"/{path}", forms.parse(request.url.query))
                return JSONResponse(content, headers=headers)
            status, content, replayed = await self._post(request, f"/{path}")
        except Refusal as refusal:
            return JSONResponse(refusal.content, refusal.status, headers)
        replay = {"Idempotent-Replayed": "true"} if replayed else {}
        return JSONResponse(content, status, headers | replay)

    def _read(self, path: str, given: dict[str, Any]) -> Object:
        account = self.account
        if path in lists.LISTS:
            accepted = forms.accept(given, {**lists.LISTS[path][1], **_EXPAND})
            return lists.page(account, path, accepted, accepted.pop("expand", []))
        if path == "/v1/payment_intents/search":
            accepted = forms.accept(given, {**lists.SEARCH, **_EXPAND})
            return lists.search(account, accepted, accepted.pop("expand", []))
        match path.split("/"):
            case ["", "v1", "payment_intents", reference]:
                accepted = forms.accept(given, _EXPAND)
                found = account.find(reference, "payment_intent", "intent")
                return lists.expanded(account, found, accepted.get("expand", []))
        raise Refusal(404, f"Unrecognized request URL (GET: {path}).")

    async def _post(self, request: Request, path: str) -> tuple[int, Any, bool]:
        body = (await request.body()).decode()
        if body and request.headers.get("content-type") != "application/x-www-form-urlencoded":
            raise impossible("Bodies are form-encoded")
        work, known = self._work(path)
        accepted = forms.accept(forms.parse(body), {**known, **_EXPAND})
        expand = accepted.pop("expand", [])
        key = request.headers.get("idempotency-key", "")
        if not 0 < len(key) <= 255:
            raise impossible("Idempotency keys have up to 255 characters")
        known_answer = self._keys.take(key, (path, body), self.account.now())
        if known_answer is not None:
            return *known_answer, True
        fault = self._fault(key, path)
        await asyncio.sleep(_WORKS_SECONDS)
        status, content = self._carry_out(work, accepted, expand)
        if fault == "error_after_effect":
            status, content = 500, Refusal(500, "An unknown error occurred", kind="api_error").content
        self._keys.keep(key, status, content)
        if self._is_late(path, accepted):
            await asyncio.sleep(self._late_seconds)
        return status, content, False

    def _carry_out(self, work: Work, given: dict[str, Any], expand: list[str]) -> tuple[int, Any]:
        try:
            made = work(given)
        except Refusal as refusal:
            return refusal.status, refusal.content
        if made["object"] == "refund":
            task = asyncio.create_task(self._settle(made["id"]))
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)
        return 200, lists.expanded(self.account, made, expand)

    async def _settle(self, refund: str) -> None:
        await asyncio.sleep(_SETTLES_SECONDS)
        refunds.settle(self.account, refund)

    def _work(self, path: str) -> tuple[Work, dict[str, forms.Reader]]:
        account = self.account
        match path.split("/"):
            case ["", "v1", "payment_intents"]:
                return lambda given: intents.create(account, given), dict(intents.CREATE)
            case ["", "v1", "payment_intents", reference]:
                return lambda given: intents.update(account, reference, given), dict(intents.UPDATE)
            case ["", "v1", "payment_intents", reference, "capture"]:
                return lambda given: intents.capture(account, reference, given), dict(intents.CAPTURE)
            case ["", "v1", "payment_intents", reference, "cancel"]:
                return lambda given: intents.cancel(account, reference, given), dict(intents.CANCEL)
            case ["", "v1", "refunds"]:
                return lambda given: refunds.create(account, given), dict(refunds.CREATE)
        raise Refusal(404, f"Unrecognized request URL (POST: {path}).")

    def _fault(self, key: str, path: str) -> str | None:
        """Take the next fault. One that strikes before the work has begun leaves no trace of the key."""
        fault = self.account.faults.popleft() if self.account.faults else None
        if fault in _BEFORE:
            self._keys.let_go(key)
            raise _BEFORE[fault]
        return fault

    def _is_late(self, path: str, given: dict[str, Any]) -> bool:
        """Whether an effect's card answers late; changing what an intent carries is no effect."""
        match path.split("/"):
            case ["", "v1", "payment_intents", reference, _]:
                method = self.account.objects.get(reference, {}).get("payment_method")
            case ["", "v1", "refunds"]:
                method = self.account.objects.get(given["payment_intent"], {}).get("payment_method")
            case _:
                method = given.get("payment_method")
        card = self.account.cards.get(str(method))
        return card is not None and card.late
