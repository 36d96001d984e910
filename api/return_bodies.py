"""The bodies of returns: what is asked back, what came in, what became of it."""

from typing import Annotated, Final

from pydantic import ConfigDict, Field

from adapters.db.cancellation import LineUnits
from adapters.db.returns import AskedBack
from adapters.db.returns_inspection import Judged
from api.bodies import Body, FreeText, Identifier
from api.order_bodies import UnitsOfLine
from domain.return_status import Disposition, RefundTo

_LINES: Final = 200


class ReturnedLine(UnitsOfLine):
    """Units that the customer sends back, and why."""

    reason: FreeText


class ReturnPosted(Body):
    """What the customer sends back, each line once, and where the money goes."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "lines": [{"line_id": "1", "quantity": 1, "reason": "too small"}],
                "refund_to": "original",
            }
        }
    )

    lines: Annotated[tuple[ReturnedLine, ...], Field(min_length=1, max_length=_LINES)]
    refund_to: RefundTo = RefundTo.ORIGINAL

    def asked(self) -> list[AskedBack]:
        """The units as the transaction takes them."""
        return [AskedBack(one.line_id, one.quantity, one.reason) for one in self.lines]


class ReceivePosted(Body):
    """What came in, and where: at any location, in as many parts as it takes."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"location_id": "denver-dc", "lines": [{"line_id": "1", "quantity": 1}]}
        }
    )

    location_id: Identifier
    lines: Annotated[tuple[UnitsOfLine, ...], Field(min_length=1, max_length=_LINES)]

    def came(self) -> list[LineUnits]:
        """The units as the transaction takes them."""
        return [LineUnits(one.line_id, one.quantity) for one in self.lines]


class InspectedLine(UnitsOfLine):
    """What becomes of units that came in; `grade` in the location's own words."""

    disposition: Disposition
    grade: Identifier | None = None


class InspectPosted(Body):
    """What becomes of units that came in; only `restock` makes them stock again, where they came in."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"lines": [{"line_id": "1", "quantity": 1, "disposition": "restock", "grade": "A"}]}
        }
    )

    lines: Annotated[tuple[InspectedLine, ...], Field(min_length=1, max_length=_LINES)]

    def judged(self) -> list[Judged]:
        """The units as the transaction takes them."""
        return [Judged(one.line_id, one.quantity, one.disposition, one.grade) for one in self.lines]


class ReturnCancelPosted(Body):
    """Why the customer keeps the units, if they say so."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "it fits after all"}})

    reason: FreeText | None = None


class ReturnRejectPosted(Body):
    """Why the units are not taken back."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "worn beyond the terms"}})

    reason: FreeText
