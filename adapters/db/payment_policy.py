"""What an installation decided on payments: when to try again, when to give up, when to act in time."""

from dataclasses import dataclass
from datetime import timedelta

from config.risk_policy import read_risk_policy
from config.settings import Settings
from domain.risk import RiskPolicy
from domain.settlement import SingleCapture


@dataclass(frozen=True, slots=True)
class PaymentPolicy:
    """When to give up, and when to act in time.

    `attempts` calls without an answer park the order. `retries`: how long after each soft no of one means of
    payment it is tried again; the next one counts as a hard one. `grace`: how long a customer may bring
    another means of payment after a decline, or confirm this one. `renew_before` an authorization's end it is
    renewed. `look_up_after`: how long a provider may take to decide before it is asked, then as long again
    as it has taken so far. `risk` judges what was authorized; a review is to be answered within
    `review_within`, None for any time. `authorize_within`: how near supply has to be for the first
    authorization, None for any.
    """

    attempts: int
    retries: tuple[timedelta, ...]
    grace: timedelta
    renew_before: timedelta
    look_up_after: timedelta
    single_capture: SingleCapture
    risk: RiskPolicy
    review_within: timedelta | None
    authorize_within: timedelta | None


def payment_policy(settings: Settings) -> PaymentPolicy:
    """Return what the settings say."""
    plain = (settings.soft_decline_retry,) * (settings.soft_declines - 1)
    return PaymentPolicy(
        attempts=settings.psp_attempts,
        retries=settings.soft_decline_schedule or plain,
        grace=settings.payment_grace,
        renew_before=settings.renew_before,
        look_up_after=settings.payment_look_up,
        single_capture=settings.single_capture,
        risk=read_risk_policy(settings.risk_policy_file),
        review_within=settings.review_within or None,
        authorize_within=settings.authorize_within,
    )
