"""The books: the accounts, and for each fact of business the entries that it makes, which always balance.

An amount is a debit when positive, a credit when negative; minor units of the order's one currency.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.payment import MoneyStep


class Account(StrEnum):
    """Where money is, or what it is for.

    The first two are a pair of memo accounts: money that is set aside is nobody's income yet.
    """

    AUTHORIZED_HELD = "authorized_held"
    AUTHORIZED_BY_CUSTOMERS = "authorized_by_customers"
    ACCOUNTS_RECEIVABLE = "accounts_receivable"
    PSP_CLEARING = "psp_clearing"
    """What the provider has taken for us and owes us."""

    PSP_FEES = "psp_fees"
    SALES = "sales"
    SHIPPING_INCOME = "shipping_income"
    TAX_PAYABLE = "tax_payable"
    REFUNDS_PAYABLE = "refunds_payable"
    STORE_CREDIT_LIABILITY = "store_credit_liability"
    GOODWILL = "goodwill"
    """Given back without anything coming back."""

    RETAINED = "retained"
    """Kept back of what refunded units had cost: a fee, what was given before, or had not been paid."""

    WRITE_OFFS = "write_offs"
    """Invoiced, and nobody pursues it any more."""

    REFUNDS_WRITTEN_OFF = "refunds_written_off"
    """Credited, and not to go from here: given by other means, or by a person's decision not at all."""

    OPENING_BALANCES = "opening_balances"
    """The other side of what was there before the books were kept."""


class Fact(StrEnum):
    """What a transaction of the ledger tells; the first four are effects in the provider's books."""

    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    EXPIRE = "expire"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    WRITE_OFF = "write_off"
    OPENING = "opening"
    REFUND_FAILED = "refund_failed"
    """A refund that was posted did not last: its money came back."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One transaction: its key is the fact's own, so that no fact is posted twice."""

    key: str
    fact: Fact
    entries: Mapping[Account, int]


def _posting(key: str, fact: Fact, *entries: tuple[Account, int]) -> Posting:
    """Entries of one account are one entry, and an entry of nothing is none."""
    sums: Counter[Account] = Counter()
    for account, amount in entries:
        sums[account] += amount
    if sum(sums.values()):
        raise AssertionError(f"{key} does not balance: {dict(sums)}")
    return Posting(key, fact, {account: amount for account, amount in sums.items() if amount})


def _held(amount: int) -> tuple[tuple[Account, int], tuple[Account, int]]:
    return (Account.AUTHORIZED_HELD, amount), (Account.AUTHORIZED_BY_CUSTOMERS, -amount)


def effect(key: str, step: MoneyStep, amount: int, fee: int = 0) -> Posting:
    """An effect that a provider confirmed; `fee` is what it keeps of a capture."""
    fact = Fact(step.value)
    match step:
        case MoneyStep.AUTHORIZE:
            return _posting(key, fact, *_held(amount))
        case MoneyStep.VOID:
            return _posting(key, fact, *_held(-amount))
        case MoneyStep.CAPTURE:
            received = (Account.PSP_CLEARING, amount - fee), (Account.PSP_FEES, fee)
            return _posting(key, fact, *received, (Account.ACCOUNTS_RECEIVABLE, -amount), *_held(-amount))
        case MoneyStep.REFUND:
            return _posting(key, fact, (Account.REFUNDS_PAYABLE, amount), (Account.PSP_CLEARING, -amount))


def refund_came_back(key: str, amount: int) -> Posting:
    """The provider could not credit the refund of this key after all: we have the money, and owe it again."""
    entries = (Account.PSP_CLEARING, amount), (Account.REFUNDS_PAYABLE, -amount)
    return _posting(f"{key}:failed", Fact.REFUND_FAILED, *entries)


def expired(key: str, amount: int) -> Posting:
    """Money that is not set aside any more, though nobody asked to let it go."""
    return _posting(key, Fact.EXPIRE, *_held(-amount))


@dataclass(frozen=True, slots=True)
class Shares:
    """What the total of an invoice or a credit note is made of, without tax, and the tax of all of it.

    `items` are net of their discount. `adjustment` is there on credit notes only: above 0 it is given
    beyond what units and shipping cost, below 0 it is kept back. Of the `tax`, `shipping_tax` and
    `adjustment_tax` are theirs, the rest is the units'.
    """

    items: int = 0
    shipping: int = 0
    adjustment: int = 0
    tax: int = 0
    shipping_tax: int = 0
    adjustment_tax: int = 0

    @property
    def total(self) -> int:
        """What the document is over."""
        return self.items + self.shipping + self.adjustment + self.tax


def invoiced(key: str, shares: Shares) -> Posting:
    """Units left, and the customer owes what they cost."""
    return _posting(
        key,
        Fact.INVOICE,
        (Account.ACCOUNTS_RECEIVABLE, shares.total),
        (Account.SALES, -shares.items),
        (Account.SHIPPING_INCOME, -shares.shipping),
        (Account.TAX_PAYABLE, -shares.tax),
    )


def credited(key: str, shares: Shares, *, as_store_credit: bool) -> Posting:
    """A customer is owed money back, or has it as credit at once."""
    adjustment = Account.GOODWILL if shares.adjustment > 0 else Account.RETAINED
    owed = Account.STORE_CREDIT_LIABILITY if as_store_credit else Account.REFUNDS_PAYABLE
    return _posting(
        key,
        Fact.CREDIT_NOTE,
        (Account.SALES, shares.items),
        (Account.SHIPPING_INCOME, shares.shipping),
        (adjustment, shares.adjustment),
        (Account.TAX_PAYABLE, shares.tax),
        (owed, -shares.total),
    )


def payment_written_off(key: str, amount: int) -> Posting:
    """The customer will not pay this, and nobody pursues it."""
    return _posting(key, Fact.WRITE_OFF, (Account.WRITE_OFFS, amount), (Account.ACCOUNTS_RECEIVABLE, -amount))


def refund_written_off(key: str, amount: int, *, as_credit: bool = False) -> Posting:
    """The customer will not get this from us any more, by the provider or as credit."""
    owed = Account.STORE_CREDIT_LIABILITY if as_credit else Account.REFUNDS_PAYABLE
    return _posting(key, Fact.WRITE_OFF, (owed, amount), (Account.REFUNDS_WRITTEN_OFF, -amount))


EFFECTS: Final = frozenset(Fact(step.value) for step in MoneyStep)
"""The facts that are in the provider's books as well."""
