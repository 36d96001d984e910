"""The body of a change that is asked of an order."""

from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, model_validator

from adapters.db.changes import ChangeAsked
from api.bodies import Body, FreeText, Identifier, Money, Quantity, WorkedOut
from api.order_bodies import Address
from domain.order_change import AddedLine, LineWanted

_LINES: Final = 200


class WantedLine(Body):
    """How many units of a line there are to be in all, those that have shipped included; 0 for none."""

    line_id: Identifier
    quantity: Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class AddedPosted(Body):
    """A new line: `unit_price`, `discount` and `tax` in minor units, the latter two for the whole line."""

    sku: Identifier
    quantity: Quantity
    unit_price: Money
    discount: Money = 0
    tax: WorkedOut = 0

    @model_validator(mode="after")
    def _costs_something_or_nothing(self) -> Self:
        if self.discount > self.quantity * self.unit_price:
            raise ValueError("the discount is more than the line costs")
        return self


class ChangePosted(Body):
    """What is to be different: units of lines, new lines, the address."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "lines": [{"line_id": "1", "quantity": 3}],
                "add": [{"sku": "MUG-BLUE", "quantity": 1, "unit_price": 1450}],
                "reason": "the customer called",
            }
        }
    )

    lines: Annotated[tuple[WantedLine, ...], Field(max_length=_LINES)] = ()
    add: Annotated[tuple[AddedPosted, ...], Field(max_length=_LINES)] = ()
    ship_to: Address | None = None
    reason: FreeText

    @model_validator(mode="after")
    def _something_changes(self) -> Self:
        if not self.lines and not self.add and self.ship_to is None:
            raise ValueError("nothing is to be changed: give lines, add or ship_to")
        return self

    def asked(self) -> ChangeAsked:
        """The change as the transaction takes it."""
        return ChangeAsked(
            wanted=tuple(LineWanted(one.line_id, one.quantity) for one in self.lines),
            added=tuple(AddedLine(**one.model_dump()) for one in self.add),
            ship_to=None if self.ship_to is None else self.ship_to.model_dump(exclude_none=True),
            reason=self.reason,
        )
