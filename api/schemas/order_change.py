"""A change of an order as everybody sees it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.order_change import ChangeStatus


class ChangedLine(BaseModel):
    """Units of a product before and after, and what the customer pays more for them, in minor units.

    `line_id` is null for a line that is yet to be.
    """

    line_id: str | None
    sku: str
    before: int
    after: int
    amount: int


class ToPay(BaseModel):
    """What the customer pays in all for what is not cancelled, shipping included, minor units."""

    before: int
    after: int


class ChangePreview(BaseModel):
    """What a change comes to; `reroutes`: locations are asked anew."""

    lines: list[ChangedLine]
    to_pay: ToPay
    reroutes: bool


class WantedUnits(BaseModel):
    """Units that there are to be of a line in all."""

    line_id: str
    quantity: int


class NewLine(BaseModel):
    """A line to be added, money in minor units."""

    sku: str
    quantity: int
    unit_price: int
    discount: int
    tax: int


class ChangeAsked(BaseModel):
    """What is asked."""

    lines: list[WantedUnits]
    add: list[NewLine]
    ship_to: dict[str, str | float] | None


class OrderChange(BaseModel):
    """A change of an order: a draft until somebody confirms or declines it, or `expires_at` has come."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "chg_ibtmqqlf5cz7lmo2f6xdxy2s_1",
                "order_id": "ord_ibtmqqlf5cz7lmo2f6xdxy2s",
                "status": "draft",
                "reason": "the customer called",
                "asked": {"lines": [{"line_id": "1", "quantity": 3}], "add": [], "ship_to": None},
                "preview": {
                    "lines": [{"line_id": None, "sku": "MUG-BLUE", "before": 0, "after": 1, "amount": 1450}],
                    "to_pay": {"before": 3495, "after": 4945},
                    "reroutes": False,
                },
                "created_at": "2026-11-23T09:01:00Z",
                "created_by": "ops:grace",
                "expires_at": "2026-11-24T09:01:00Z",
                "decided_at": None,
                "decided_by": None,
            }
        }
    )

    id: str
    order_id: str
    status: ChangeStatus
    reason: str
    asked: ChangeAsked
    preview: ChangePreview
    created_at: datetime
    created_by: str
    expires_at: datetime
    decided_at: datetime | None
    decided_by: str | None
