"""The way to Stripe: the SDK over the process's own connections, and what its errors mean."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

import httpx
import stripe

from domain.payment import PaymentUnavailable

_LOG: Final = logging.getLogger(__name__)
_T = TypeVar("_T")
_Object = TypeVar("_Object", bound=stripe.StripeObject)

MISSING: Final = "resource_missing"
_IN_USE: Final = "idempotency_key_in_use"
_TURNS: Final = 50
_TURN: Final = timedelta(milliseconds=100)


class Connection:
    """One Stripe account. `url`: where its API is; `timeout` limits each exchange, whole."""

    def __init__(self, http: httpx.AsyncClient, api_key: str, url: str, timeout: timedelta) -> None:
        self.sdk: Final = stripe.StripeClient(
            api_key,
            base_addresses={"api": url.rstrip("/")},
            max_network_retries=0,  # whoever calls does the retries, under the same key
            http_client=_SharedConnections(http, timeout),
        ).v1

    async def ask(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """Return what Stripe answers; waits for another call of the same key to end.

        CardError and InvalidRequestError are answers, and are left to the caller. PaymentUnavailable for all
        others.
        """
        with told_as_ours():
            for _ in range(_TURNS):
                try:
                    return await call()
                except stripe.APIError as error:
                    if not in_use(error):
                        raise
                await asyncio.sleep(_TURN.total_seconds())
        raise PaymentUnavailable("another call of the same key does not end")

    async def look(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """Return what Stripe answers where nothing is asked for but to see it.

        InvalidRequestError only for what is not there: no other error of a look may be taken for an effect's.
        """
        with _looking():
            return await self.ask(call)

    async def walk(self, call: Callable[[], Awaitable[stripe.ListObject[_Object]]]) -> AsyncIterator[_Object]:
        """Give every object of a list, a page at a time. PaymentUnavailable when a page does not come."""
        with _looking(), told_as_ours():
            page = await self.ask(call)
            async for one in page.auto_paging_iter():
                yield one


@contextmanager
def _looking() -> Iterator[None]:
    try:
        yield
    except stripe.InvalidRequestError as error:
        if told_code(error) == MISSING:
            raise
        raise PaymentUnavailable("Stripe does not show its books as we ask for them") from error


def in_use(error: stripe.StripeError) -> bool:
    """Whether another call of the same idempotency key is under way."""
    return error.http_status == httpx.codes.CONFLICT and told_code(error) == _IN_USE


def told_code(error: stripe.StripeError) -> str | None:
    """Return Stripe's code of an error."""
    return error.error.code if error.error else error.code


@contextmanager
def told_as_ours() -> Iterator[None]:
    """Turn every error of the SDK that is no answer into PaymentUnavailable."""
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError):
        raise
    except stripe.IdempotencyError as error:
        raise PaymentUnavailable("this idempotency key was used for another request") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        # No trace: it says nothing, and Stripe's text may show a part of the key.
        _LOG.error(
            "Stripe refuses OMS_STRIPE_API_KEY: give the secret key of the account, or a restricted key that "
            "may write PaymentIntents and Refunds and read Charges and Balance transactions",
            extra={"status": error.http_status, "request": error.request_id},
        )
        raise PaymentUnavailable("Stripe refuses our API key") from error
    except stripe.StripeError as error:
        reason = f"Stripe gave no answer: {error.http_status or type(error).__name__}"
        raise PaymentUnavailable(reason) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        _LOG.exception("Stripe's answer is unreadable")
        raise PaymentUnavailable("Stripe's answer is unreadable") from error


class _SharedConnections(stripe.HTTPClient):
    """Lets the SDK speak over connections that somebody else opens and closes."""

    name = "httpx"

    def __init__(self, http: httpx.AsyncClient, timeout: timedelta) -> None:
        super().__init__()
        self._http = http
        self._timeout = timeout

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        try:
            # A limit on the whole exchange: httpx limits each read, and a trickle would last for ever.
            async with asyncio.timeout(self._timeout.total_seconds()):
                answer = await self._http.request(
                    method, url, headers=headers, content=post_data, timeout=None
                )
        except (httpx.HTTPError, TimeoutError) as error:
            raise stripe.APIConnectionError(type(error).__name__) from error  # type: ignore[no-untyped-call]
        return answer.content, answer.status_code, answer.headers
