"""An order's money as everybody sees it."""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.accounts import Account, Fact
from domain.payment import MoneyStep

_KEY: Final = "ord_ibtmqqlf5cz7lmo2f6xdxy2s:authorize:1"
_EXAMPLE: Final[dict[str, Any]] = {
    "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
    "currency": "USD",
    "balances": {
        "held": 3495,
        "captured": 0,
        "refunded": 0,
        "fees": 0,
        "invoiced": 0,
        "credited": 0,
        "store_credit": 0,
        "written_off": 0,
        "refunds_written_off": 0,
        "receivable": 0,
        "refunds_payable": 0,
    },
    "effects": [
        {
            "key": _KEY,
            "kind": "authorize",
            "amount": 3495,
            "fee": 0,
            "status": "succeeded",
            "code": None,
            "at": "2026-11-23T09:00:01Z",
        }
    ],
    "transactions": [
        {
            "key": _KEY,
            "fact": "authorize",
            "at": "2026-11-23T09:00:01Z",
            "entries": [
                {"account": "authorized_held", "amount": 3495},
                {"account": "authorized_by_customers", "amount": -3495},
            ],
        }
    ],
}


class Balances(BaseModel):
    """What the ledger sums to, in minor units."""

    held: int = Field(description="What is set aside at the provider, and neither taken nor let go")
    captured: int = Field(description="What was taken")
    refunded: int = Field(description="What went back to the instrument")
    fees: int = Field(description="What the provider kept of captures")
    invoiced: int
    credited: int = Field(description="All credit notes, to the instrument and as store credit")
    store_credit: int = Field(description="What was given back as credit")
    written_off: int = Field(description="What was invoiced, and nobody pursues its payment any more")
    refunds_written_off: int = Field(
        description="What was owed back, and will not go by us: given by other means, or not at all"
    )
    receivable: int = Field(description="What the customer owes: invoiced, and not taken")
    refunds_payable: int = Field(description="What is owed back to the instrument, and has not gone")


class PaymentEffect(BaseModel):
    """One thing that the provider was asked for, under its idempotency key."""

    key: str
    kind: MoneyStep
    amount: int
    fee: int
    status: Literal["pending", "succeeded", "declined", "failed"] = Field(
        description="`failed`: a refund that had succeeded, and whose money came back"
    )
    code: str | None = Field(description="Why it was declined or failed, in the provider's word")
    at: datetime


class LedgerEntry(BaseModel):
    """One side of a transaction: a debit is positive, a credit negative."""

    account: Account
    amount: int


class LedgerTransaction(BaseModel):
    """One fact in the books; its entries sum to 0."""

    key: str
    fact: Fact
    at: datetime
    entries: list[LedgerEntry]


class Payments(BaseModel):
    """An order's money: the balances, what was asked of the provider, and the ledger."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    order_id: str
    currency: str
    balances: Balances
    effects: list[PaymentEffect]
    transactions: list[LedgerTransaction]
