"""What the sandbox provider says, in the port's words: its answers, its notices, its books."""

from contextlib import suppress
from datetime import UTC
from typing import Annotated, Any, Final, Literal

import httpx
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain.payment import (
    ActionRequired,
    Advice,
    BookedEffect,
    Check,
    Declined,
    MoneyStep,
    PaymentAnswer,
    PaymentNotice,
    Pending,
    RiskLevel,
    Signals,
    Succeeded,
)

DECIDED: Final = "payment.decided"
"""The type of the notices that tell what became of an effect of ours."""

Status = Literal["succeeded", "declined", "failed", "pending"]
Key = Annotated[str, Field(min_length=1, max_length=255)]


class _Said(BaseModel):
    """A message of the provider, which may say more than we know; its content stays out of errors."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class _Effect(_Said):
    reference: str
    risk: RiskLevel
    expires_at: AwareDatetime | None
    avs: Check = Check.NOT_MADE
    cvc: Check = Check.NOT_MADE
    three_d_secure: Check = Check.NOT_MADE
    fee: Annotated[int, Field(ge=0)] = 0


class _Refusal(_Said):
    code: str
    hard: bool
    advice: Advice | None = None


class _Undecided(_Said):
    reference: str
    url: str | None = None


class LookedUp(_Said):
    """One effect as it stands; `answer` is what its status says it is."""

    order_id: str
    kind: MoneyStep
    idempotency_key: Key
    status: Status
    answer: dict[str, Any]

    def in_our_words(self) -> PaymentAnswer:
        """Return the answer. ValidationError when it does not fit the status."""
        match self.status:
            case "succeeded":
                return _succeeded(_Effect.model_validate(self.answer))
            case "pending":
                return _undecided(_Undecided.model_validate(self.answer))
            case _:
                return _declined(_Refusal.model_validate(self.answer))


class Found(_Said):
    """What is known of a key; None when nothing ever was asked for under it."""

    data: LookedUp | None


class _Notice(_Said):
    id: Annotated[str, Field(min_length=1, max_length=200)]
    type: str
    time: AwareDatetime
    data: dict[str, Any]


class _Booked(_Said):
    order_id: str
    kind: MoneyStep
    amount: Annotated[int, Field(ge=0)]
    currency: str
    status: Status
    idempotency_key: Key
    at: AwareDatetime
    fee: Annotated[int, Field(ge=0)]


class Page(_Said):
    """One page of the books."""

    data: list[_Booked]
    next_cursor: str | None

    def effects(self) -> list[BookedEffect]:
        """Return what it lists."""
        return [_booked(row) for row in self.data]


def read_answer(response: httpx.Response) -> PaymentAnswer | None:
    """Read the answer to an effect; None when the status says that it is no answer.

    ValidationError when it cannot be read.
    """
    match response.status_code:
        case httpx.codes.OK | httpx.codes.CREATED:
            return _succeeded(_Effect.model_validate_json(response.content))
        case httpx.codes.ACCEPTED:
            return _undecided(_Undecided.model_validate_json(response.content))
        case httpx.codes.PAYMENT_REQUIRED | httpx.codes.NOT_FOUND:
            return _declined(_Refusal.model_validate_json(response.content))
        case _:
            return None


class _Fault(_Said):
    code: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,50}$")]


def read_code(response: httpx.Response) -> list[str]:
    """The code that comes with what is no answer, if one does."""
    with suppress(ValidationError):
        return [_Fault.model_validate_json(response.content).code]
    return []


def read_decision(body: bytes) -> PaymentNotice | None:
    """Read a notice; None for a type that we do not know. ValueError, without content, for what is none."""
    notice = _Notice.model_validate_json(body)
    if notice.type != DECIDED:
        return None
    told = LookedUp.model_validate(notice.data)
    if told.status == "pending":
        raise ValueError("a decision that is still pending")
    return PaymentNotice(
        event_id=notice.id,
        idempotency_key=told.idempotency_key,
        step=told.kind,
        answer=told.in_our_words(),
        occurred_at=notice.time.astimezone(UTC),
    )


def _succeeded(effect: _Effect) -> Succeeded:
    signals = Signals(effect.risk, effect.avs, effect.cvc, effect.three_d_secure)
    ends = effect.expires_at
    return Succeeded(effect.reference, signals, ends and ends.astimezone(UTC), effect.fee)


def _undecided(answer: _Undecided) -> ActionRequired | Pending:
    if answer.url is None:
        return Pending(answer.reference)
    return ActionRequired(answer.reference, answer.url)


def _declined(refusal: _Refusal) -> Declined:
    return Declined(refusal.code, refusal.hard, refusal.advice)


def _booked(row: _Booked) -> BookedEffect:
    return BookedEffect(
        order_id=row.order_id,
        step=row.kind,
        amount=row.amount,
        currency=row.currency,
        status=row.status,
        idempotency_key=row.idempotency_key,
        at=row.at.astimezone(UTC),
        fee=row.fee,
    )
