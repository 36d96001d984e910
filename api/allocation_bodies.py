"""The body of an allocation: which location ships what, as a person decided."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from adapters.db.allocation import Allocation
from adapters.db.cancellation import LineUnits
from adapters.db.quoting import Part
from api.bodies import Body, FreeText, Identifier, Money
from api.order_bodies import UnitsOfLine


class AllottedPosted(Body):
    """What one location ships; without `service` by the cheapest that reaches the address.

    `cost` is what a suggestion said in minor units: when it costs something else by now, nothing is done.
    """

    location_id: Identifier
    lines: Annotated[tuple[UnitsOfLine, ...], Field(min_length=1, max_length=200)]
    service: Identifier | None = None
    cost: Money | None = None


def _each_location_once(parts: Sequence[AllottedPosted]) -> Sequence[AllottedPosted]:
    if len({part.location_id for part in parts}) < len(parts):
        raise ValueError("a location is named twice")
    return parts


class AllocatePosted(Body):
    """The locations that ship, all or nothing; a suggestion's `allocations` fit here as they are.

    `override` lets them break rules of the policy or ship to where no service reaches; it needs a reason.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "allocations": [{"location_id": "denver-dc", "lines": [{"line_id": "1", "quantity": 2}]}],
                "reason": "the customer asked for the newer batch",
            }
        }
    )

    allocations: Annotated[
        tuple[AllottedPosted, ...], Field(min_length=1, max_length=50), AfterValidator(_each_location_once)
    ]
    reason: FreeText | None = None
    override: bool = False

    @model_validator(mode="after")
    def _overriding_has_a_reason(self) -> Self:
        if self.override and self.reason is None:
            raise ValueError("an override needs a reason")
        return self

    def allocation(self) -> Allocation:
        """Return the decision in the domain's terms."""
        return Allocation(
            parts=tuple(
                Part(
                    location_id=part.location_id,
                    lines=tuple(LineUnits(one.line_id, one.quantity) for one in part.lines),
                    service=part.service,
                    cost=part.cost,
                )
                for part in self.allocations
            ),
            reason=self.reason,
            override=self.override,
        )
