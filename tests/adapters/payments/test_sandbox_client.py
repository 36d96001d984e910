"""The client against answers that no sound provider gives."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from adapters.payments.providers import UnknownProvider, payment_providers
from adapters.payments.sandbox import SandboxPayments
from config.settings import Settings
from domain.payment import Declined, PaymentUnavailable, Succeeded
from tests.adapters.payments.payer import Payer


def _payer(answer: httpx.Response | Exception) -> Payer:
    def respond(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    http = httpx.AsyncClient(transport=httpx.MockTransport(respond))
    return Payer(SandboxPayments(http, "http://psp/", timedelta(seconds=3)), "tok_ok")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(503, json={"code": "unavailable", "hard": True}),
        httpx.Response(302, headers={"Location": "http://elsewhere/"}),
        httpx.Response(204),
        httpx.Response(400, json={"detail": "no key"}),
        httpx.Response(422, json={"code": "idempotency_key_reused", "hard": True}),
        httpx.Response(429),
        httpx.Response(404, json={"detail": "Not Found"}),
        httpx.Response(201, text="<html>welcome</html>"),
        httpx.Response(201, json=[]),
        httpx.Response(201, json={"reference": "a", "risk": "normal", "expires_at": "soon"}),
        httpx.Response(201, json={"reference": "a", "risk": "normal", "expires_at": "2030-01-01T00:00:00"}),
        httpx.Response(402, text="no"),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed"),
        httpx.DecodingError("not gzip"),
    ],
)
async def test_whatever_is_no_answer_is_unavailable(answer: httpx.Response | Exception) -> None:
    with pytest.raises(PaymentUnavailable):
        await _payer(answer).authorize(1000)


async def test_what_is_no_answer_is_told_by_status_and_code() -> None:
    answer = httpx.Response(422, json={"code": "not_taken"})

    with pytest.raises(PaymentUnavailable, match="answered 422 not_taken"):
        await _payer(answer).authorize(1000)


async def test_a_success_is_read_in_utc() -> None:
    body = {"reference": "a", "risk": "normal", "expires_at": "2030-01-01T02:00:00+02:00"}

    answer = await _payer(httpx.Response(200, json=body)).authorize(1000)

    assert isinstance(answer, Succeeded)
    assert answer.expires_at is not None
    assert answer.expires_at.isoformat() == "2030-01-01T00:00:00+00:00"


async def test_a_refusal_is_read_with_its_code() -> None:
    refusal = httpx.Response(402, json={"code": "insufficient_funds", "hard": False})

    assert await _payer(refusal).authorize(1000) == Declined("insufficient_funds", hard=False)


async def test_an_answer_that_trickles_is_given_up() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
        try:
            for _ in range(100):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(trickle, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient() as http:
        payments = SandboxPayments(http, f"http://127.0.0.1:{port}", timedelta(seconds=0.3))
        with pytest.raises(PaymentUnavailable):
            await Payer(payments, "tok_ok").authorize(1000)


async def test_providers_are_found_by_name(http: httpx.AsyncClient) -> None:
    providers = payment_providers(http, Settings())

    assert isinstance(providers.named("sandbox"), SandboxPayments)
    with pytest.raises(UnknownProvider, match="'gold'"):
        providers.named("gold")
