"""The bodies of refunds."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from adapters.db.appeasement import Appeasement
from api.bodies import Body, FreeText, Money


class RefundPosted(Body):
    """Money for the customer though nothing comes back: `amount` in all, in minor units, and why.

    `to_store_credit` of it becomes store credit, the rest goes back to the means of payment.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"amount": 500, "reason": "the box arrived dented", "to_store_credit": 200}
        }
    )

    amount: Annotated[Money, Field(ge=1)]
    reason: FreeText
    to_store_credit: Money = 0

    @model_validator(mode="after")
    def _credit_is_a_part(self) -> Self:
        if self.to_store_credit > self.amount:
            raise ValueError("to_store_credit is a part of amount")
        return self

    def given(self) -> Appeasement:
        """The refund as the transaction takes it."""
        return Appeasement(self.amount, self.to_store_credit, self.reason)
