"""Stripe behind the payment port, over the official SDK.

`provider` is the port; `effects` says what is sent for each step, `answers` what came of it, `notices` what
Stripe tells by itself, `books` what it has booked.
"""

from adapters.payments.stripe_payments.connection import Connection
from adapters.payments.stripe_payments.provider import StripePayments

__all__ = ["Connection", "StripePayments"]
