"""The payment port over Stripe."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import stripe

from adapters.payments.stripe_payments import effects
from adapters.payments.stripe_payments.amounts import NotPayable
from adapters.payments.stripe_payments.books import booked
from adapters.payments.stripe_payments.connection import Connection, told_as_ours, told_code
from adapters.payments.stripe_payments.notices import read_notice
from adapters.payments.stripe_payments.steps import Steps
from domain.payment import (
    BookedEffect,
    Capabilities,
    Declined,
    PaymentAnswer,
    PaymentNotice,
    PaymentRequest,
    PaymentUnavailable,
)

_LOG: Final = logging.getLogger(__name__)
_NOT_PAYABLE: Final = Declined("amount_not_payable", hard=True)
_SERVER_ERROR: Final = 500


class StripePayments:
    """An authorization is an intent with manual capture; its reference is the intent's id.

    A payment token is a payment method's id, `pm_…`, or `cus_…/pm_…` when it belongs to a customer: only such
    a one can be authorized again when an authorization ends.

    `several_captures` asks for multicapture. Whether it is there is decided per charge; where it is not, a
    capture releases the rest, and the next one is declined as `authorization_closed`, so that the rest is
    authorized anew. `return_url`: where customers come back to after 3-D Secure. `notice_secret`: what Stripe
    signs with, `whsec_…`. `timeout` limits each call but the walk through the books.
    """

    def __init__(
        self,
        connection: Connection,
        timeout: timedelta,
        *,
        notice_secret: str,
        return_url: str,
        several_captures: bool = True,
    ) -> None:
        self._connection = connection
        self._timeout = timeout
        self._notice_secret = notice_secret
        self._capabilities = Capabilities(several_captures, keeps_keys=timedelta(hours=24))
        self._steps = Steps(connection, several_captures=several_captures, return_url=return_url)

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do; `several_captures` as it was asked for, see the class."""
        return self._capabilities

    async def execute(self, request: PaymentRequest) -> PaymentAnswer:
        """Carry out one keyed effect.

        PaymentUnavailable when there is no answer, and also when the key was used for another request. Where
        Stripe repeats an error of its own for this key, its books are asked instead.
        """
        try:
            return await self._execute(request)
        except PaymentUnavailable as error:
            if not _is_repeated(error.__cause__):
                raise
            known = await self.look_up(request)
            if known is None:
                raise
            return known

    async def look_up(self, request: PaymentRequest) -> PaymentAnswer | None:
        """Tell what became of an effect; None when it never was, also where Stripe refused it.

        An authorization without a reference is searched for by its key; Stripe's search may be an hour
        behind, so the last hour's are walked through as well.
        """
        async with self._limit():
            try:
                return await self._steps.known(request)
            except stripe.InvalidRequestError:  # what it should have acted on is not there
                return None

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> PaymentNotice | None:
        """Read an event; None for what tells nothing new of an effect of ours.

        NoticeRefused for a bad or old signature, ValueError for what is signed and unreadable.
        """
        return read_notice(headers, body, self._notice_secret)

    def booked(self, since: datetime, until: datetime) -> AsyncIterator[BookedEffect]:
        """Walk through charges, balance transactions, intents and refunds; what is not ours is left out.

        What somebody did to an order's payment by hand is told with Stripe's own id as its key.
        """
        return booked(self._connection, since, until)

    async def _execute(self, request: PaymentRequest) -> PaymentAnswer:
        async with self._limit():
            try:
                return await self._steps.carry_out(request)
            except NotPayable:
                return _NOT_PAYABLE
            except stripe.CardError as error:
                return effects.refused_by_card(error)
            except stripe.InvalidRequestError as error:
                _LOG.warning(
                    "Stripe finds a request impossible",
                    extra={"code": told_code(error), "param": error.param, "request": error.request_id},
                )
                return effects.refused(request, error)

    @asynccontextmanager
    async def _limit(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                with told_as_ours():
                    yield
        except TimeoutError as error:
            raise PaymentUnavailable("Stripe gave no answer in time") from error


def _is_repeated(error: BaseException | None) -> bool:
    """Whether Stripe answered with an error of its own that it keeps for the key."""
    if not isinstance(error, stripe.StripeError) or (error.http_status or 0) < _SERVER_ERROR:
        return False
    return (error.headers or {}).get("idempotent-replayed") == "true"
