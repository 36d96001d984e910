"""A smoke test of the adapter with somebody else's idea of Stripe: localstripe.

It is no proof of money logic: it takes no heed of idempotency keys, refunds more than was captured, captures
what was cancelled, declines no authorization, and has no multicapture. What it does not know at all, `_Known`
takes out of our requests.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest

from adapters.payments.stripe_payments import Connection, StripePayments
from domain.payment import MoneyStep, Succeeded
from tests.adapters.payments.payer import Payer

_PROGRAM: Final = """
import sys
from aiohttp import web
from localstripe.resources import store
from localstripe.server import app
store.dump_to_disk = lambda: None
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
"""
_UNKNOWN: Final = ("cancellation_reason", "final_capture", "return_url")


class _Known(httpx.AsyncHTTPTransport):
    """Leaves out what localstripe refuses; notes of a capture are written by an update before it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "POST":
            return await super().handle_async_request(request)
        pairs = parse_qsl((await request.aread()).decode())
        known = [(name, value) for name, value in pairs if name not in _UNKNOWN]
        if request.url.path.endswith("/capture"):
            noted = [(name, value) for name, value in known if name.startswith("metadata")]
            known = [pair for pair in known if pair not in noted]
            await self._post(request, request.url.path.removesuffix("/capture"), noted)
        return await self._post(request, request.url.path, known)

    async def _post(self, like: httpx.Request, path: str, pairs: list[tuple[str, str]]) -> httpx.Response:
        headers = {"Authorization": like.headers["Authorization"]}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        url = like.url.copy_with(path=path)
        return await super().handle_async_request(
            httpx.Request("POST", url, headers=headers, content=urlencode(pairs))
        )


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", _PROGRAM, str(port)])
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_answers(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("localstripe did not start")


async def test_an_order_is_paid_shipped_and_paid_back(url: str) -> None:
    timeout = timedelta(seconds=10)
    async with httpx.AsyncClient(transport=_Known()) as http:
        stripe = StripePayments(
            Connection(http, "sk_test_of_the_suite", url, timeout),
            timeout,
            notice_secret="whsec_of_the_suite",
            return_url="https://shop.example/paid",
        )
        payer, other = Payer(stripe, "pm_card_visa"), Payer(stripe, "pm_card_visa")

        assert isinstance(await payer.authorize(1000), Succeeded)
        assert isinstance(await payer.capture(700, final=True), Succeeded)
        refund = payer.request(MoneyStep.REFUND, 300)
        refunded = await stripe.execute(refund)
        assert isinstance(refunded, Succeeded)
        assert await stripe.look_up(refund) == refunded
        assert isinstance(await other.authorize(1000), Succeeded)
        assert isinstance(await other.void(1000), Succeeded)
