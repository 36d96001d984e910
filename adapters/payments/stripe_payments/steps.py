"""The four steps as Stripe carries them out, and as its books show them afterwards."""

from datetime import UTC, datetime

import stripe

from adapters.payments.stripe_payments import answers, effects, notes
from adapters.payments.stripe_payments.captures import captured_of
from adapters.payments.stripe_payments.connection import Connection
from adapters.payments.stripe_payments.finding import find_authorization, find_refund
from adapters.payments.stripe_payments.reading import told
from domain.payment import MoneyStep, PaymentAnswer, PaymentRequest, PaymentUnavailable, Succeeded


class Steps:
    """What Stripe refuses is raised as the SDK raises it.

    Captures and voids are looked for before they are asked for, so that a repeat finds them however old its
    key is; authorizations and refunds stand on Stripe's own memory of keys.
    """

    def __init__(self, connection: Connection, *, several_captures: bool, return_url: str) -> None:
        self._connection = connection
        self._intents = connection.sdk.payment_intents
        self._several = several_captures
        self._return_url = return_url

    async def carry_out(self, request: PaymentRequest) -> PaymentAnswer:
        """Have one keyed effect."""
        match request.step:
            case MoneyStep.AUTHORIZE:
                return await self._authorize(request)
            case MoneyStep.CAPTURE:
                return await self._capture(request)
            case MoneyStep.VOID:
                return await self._void(request)
            case MoneyStep.REFUND:
                return await self._refund(request)

    async def known(self, request: PaymentRequest) -> PaymentAnswer | None:
        """Tell what the books show of an effect."""
        match request.step:
            case MoneyStep.AUTHORIZE:
                intent = await find_authorization(self._connection, request)
                return None if intent is None else answers.of_intent(intent)
            case MoneyStep.CAPTURE:
                return await self._captured(await self._intent(request), request)
            case MoneyStep.VOID:
                return answers.of_void(await self._intent(request), request.idempotency_key)
            case MoneyStep.REFUND:
                refund = await find_refund(self._connection, request)
                return None if refund is None else answers.of_refund(refund)

    async def _authorize(self, request: PaymentRequest) -> PaymentAnswer:
        params = effects.authorization(request, several=self._several, return_url=self._return_url)
        return answers.of_intent(
            await self._connection.ask(lambda: self._intents.create_async(params, _keyed(request)))
        )

    async def _capture(self, request: PaymentRequest) -> PaymentAnswer:
        intent = await self._intent(request)
        if known := await self._captured(intent, request):
            return known
        params = effects.capture(request, intent, several=self._several)
        captured = await self._connection.ask(
            lambda: self._intents.capture_async(intent.id, params, _keyed(request))
        )
        answer = await self._captured(captured, request)
        if answer is None:
            raise PaymentUnavailable("Stripe's answer does not show the capture")
        return answer

    async def _captured(self, intent: stripe.PaymentIntent, request: PaymentRequest) -> Succeeded | None:
        noted = {note.key: note.amount for note in notes.captures_of(intent)}
        key = request.idempotency_key
        if key not in noted:
            return None
        if noted[key] != request.amount:
            raise PaymentUnavailable("this idempotency key was used for another amount")
        charge = told(intent, "latest_charge")
        booked = await captured_of(self._connection, intent, charge, told(charge, "balance_transaction"))
        fees = {one.key: one.fee for one in booked}
        return Succeeded(answers.text(told(charge, "id")), fee=fees.get(key, 0))

    async def _void(self, request: PaymentRequest) -> PaymentAnswer:
        intent, key = await self._intent(request), request.idempotency_key
        if known := answers.of_void(intent, key):
            return known
        if intent.status in {"canceled", "succeeded"}:
            return effects.EXPIRED if effects.was_ended_by_time(intent) else effects.NOTHING_TO_VOID
        noted = notes.void_of(intent)
        if noted is None or noted.key != key:
            note = notes.for_void(request, datetime.now(UTC))
            await self._connection.ask(lambda: self._intents.update_async(intent.id, {"metadata": note}))
        await self._connection.ask(lambda: self._release(intent, request))
        return Succeeded(intent.id)

    async def _release(self, intent: stripe.PaymentIntent, request: PaymentRequest) -> stripe.PaymentIntent:
        """Cancel; what was captured in part is closed by a last capture of nothing, as Stripe has it."""
        if told(intent, "amount_received"):
            return await self._intents.capture_async(
                intent.id, {"amount_to_capture": 0, "final_capture": True}, _keyed(request)
            )
        return await self._intents.cancel_async(
            intent.id, {"cancellation_reason": "requested_by_customer"}, _keyed(request)
        )

    async def _refund(self, request: PaymentRequest) -> PaymentAnswer:
        params = effects.refund(request)
        refunds = self._connection.sdk.refunds
        return answers.of_refund(
            await self._connection.ask(lambda: refunds.create_async(params, _keyed(request)))
        )

    async def _intent(self, request: PaymentRequest) -> stripe.PaymentIntent:
        reference = request.authorization or ""
        return await self._connection.look(
            lambda: self._intents.retrieve_async(reference, {"expand": effects.WITH_CHARGE})
        )


def _keyed(request: PaymentRequest) -> stripe.RequestOptions:
    return {"idempotency_key": request.idempotency_key}
