"""Captures in Stripe's books: which of its transactions is which of our captures, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import stripe

from adapters.payments.stripe_payments import notes
from adapters.payments.stripe_payments.amounts import from_stripe, to_stripe
from adapters.payments.stripe_payments.connection import Connection
from adapters.payments.stripe_payments.notes import Noted
from adapters.payments.stripe_payments.reading import told

_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Captured:
    """One capture as it is booked; amounts in our minor units. `key` is Stripe's where it is not ours."""

    key: str
    amount: int
    fee: int
    booked_as: str


async def captured_of(
    connection: Connection, intent: object, charge: object, transaction: object
) -> list[Captured]:
    """Return what is booked as captured of an intent's charge, oldest first.

    `transaction`: one of the charge's, if one is known; alone it is enough where the intent has one capture.
    """
    noted = notes.captures_of(intent)
    alone = len(noted) == 1 and told(charge, "amount_captured") in {None, _units(noted[0], charge)}
    if alone and isinstance(transaction, stripe.BalanceTransaction):
        return _match([transaction], noted, charge)
    params: Any = {"source": told(charge, "id"), "type": "charge", "limit": _PAGE}
    transactions = connection.walk(lambda: connection.sdk.balance_transactions.list_async(params))
    newest_first = [one async for one in transactions]
    return _match(newest_first[::-1], noted, charge)


def _match(
    transactions: Sequence[stripe.BalanceTransaction], noted: Sequence[Noted], charge: object
) -> list[Captured]:
    """Each transaction is the capture, of those not yet found, whose amount is nearest to its own."""
    left = list(noted)
    found = []
    for one in transactions:
        distances = [abs(_units(note, charge) * (one.exchange_rate or 1) - one.amount) for note in left]
        nearest = left.pop(distances.index(min(distances))) if left else None
        found.append(_captured(one, nearest, charge))
    return found


def _captured(one: stripe.BalanceTransaction, note: Noted | None, charge: object) -> Captured:
    """In an account of another currency Stripe books converted amounts: there our note tells the amount."""
    currency = str(told(charge, "currency"))
    same = one.currency == currency
    units = one.amount if same or note is None else _units(note, charge)
    return Captured(
        key=one.id if note is None else note.key,
        amount=from_stripe(units, currency),
        fee=from_stripe(one.fee, currency) if same else 0,
        booked_as=one.id,
    )


def _units(note: Noted, charge: object) -> int:
    return to_stripe(note.amount, str(told(charge, "currency")).upper())
