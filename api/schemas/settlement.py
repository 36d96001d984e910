"""The settlement of a day as everybody sees it."""

from datetime import date, datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from domain.payment import MoneyStep
from domain.reconciliation import DifferenceKind

_EFFECT: Final = {
    "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
    "step": "capture",
    "amount": 3495,
    "currency": "USD",
    "status": "succeeded",
    "fee": 0,
    "at": "2026-11-23T15:12:43Z",
}
_EXAMPLE: Final[dict[str, Any]] = {
    "date": "2026-11-23",
    "over": True,
    "settled": False,
    "differences": [
        {
            "provider": "sandbox",
            "kind": "other_amount",
            "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
            "key": "ord_ibtmqqlf5cz7lmo2f6xdxy2s:capture:1",
            "ours": _EFFECT,
            "theirs": _EFFECT | {"amount": 3494},
        }
    ],
    "totals": [
        {
            "provider": "sandbox",
            "step": "capture",
            "currency": "USD",
            "ours": {"count": 1, "amount": 3495, "fees": 0},
            "theirs": {"count": 1, "amount": 3494, "fees": 0},
        }
    ],
}


class SettledEffect(BaseModel):
    """An effect as one side tells it, money in minor units."""

    order_id: str
    step: MoneyStep
    amount: int
    currency: str
    status: str
    fee: int
    at: datetime


class SettlementDifference(BaseModel):
    """What is not the same on both sides; null on the side that does not know the effect."""

    provider: str
    kind: DifferenceKind
    order_id: str
    key: str
    ours: SettledEffect | None
    theirs: SettledEffect | None


class SettlementSum(BaseModel):
    """What one side has, in minor units."""

    count: int
    amount: int
    fees: int


class SettlementTotal(BaseModel):
    """Both sides of one kind of effect in one currency."""

    provider: str
    step: MoneyStep
    currency: str
    ours: SettlementSum
    theirs: SettlementSum


class SettlementShown(BaseModel):
    """A day of UTC, our ledger against the providers' books.

    It is settled when there is no difference and it is `over`: until then more may come.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    date: date
    over: bool
    settled: bool
    differences: list[SettlementDifference]
    totals: list[SettlementTotal]
