"""The bodies of what locations report."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from adapters.db.cancellation import LineUnits
from adapters.db.shipping import ShippedParcel
from api.bodies import Body, Count, FreeText, Identifier
from api.order_bodies import UnitsOfLine


class RejectPosted(Body):
    """Why the location cannot do it."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "damaged"}})

    reason: FreeText


class PickedUnits(Body):
    """What was found of one line; none is a short pick of all of it."""

    line_id: Identifier
    quantity: Count


class PickPosted(Body):
    """What was found; without `lines` everything."""

    model_config = ConfigDict(json_schema_extra={"example": {"lines": [{"line_id": "1", "quantity": 1}]}})

    lines: Annotated[tuple[PickedUnits, ...], Field(max_length=200)] | None = None

    def found(self) -> list[LineUnits] | None:
        """The units as the transaction takes them."""
        return None if self.lines is None else [LineUnits(one.line_id, one.quantity) for one in self.lines]


class ParcelPosted(Body):
    """A parcel; without `lines` it holds everything that is left, and is the only one."""

    carrier: Identifier
    service: Identifier | None = None
    tracking_number: Identifier
    lines: Annotated[tuple[UnitsOfLine, ...], Field(min_length=1, max_length=200)] | None = None


class ShipPosted(Body):
    """Parcels handed to a carrier, or the short form for one parcel with everything."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"carrier": "ups", "tracking_number": "1Z999AA10123456784"}}
    )

    version: Count | None = None
    parcels: Annotated[tuple[ParcelPosted, ...], Field(min_length=1, max_length=100)] | None = None
    carrier: Identifier | None = None
    service: Identifier | None = None
    tracking_number: Identifier | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        short = self.carrier is not None and self.tracking_number is not None
        part = self.carrier is not None or self.tracking_number is not None or self.service is not None
        if self.parcels is None and not short:
            raise ValueError("give parcels, or carrier and tracking_number")
        if self.parcels is not None and part:
            raise ValueError("give parcels, or carrier and tracking_number, not both")
        numbers = [parcel.tracking_number for parcel in self.parcels or ()]
        if len(set(numbers)) < len(numbers):
            raise ValueError("each parcel has a tracking number of its own")
        return self

    def shipped(self) -> list[ShippedParcel]:
        """The parcels as the transaction takes them."""
        if self.parcels is None:
            return [ShippedParcel(self.carrier or "", self.tracking_number or "", self.service)]
        return [
            ShippedParcel(
                parcel.carrier,
                parcel.tracking_number,
                parcel.service,
                None
                if parcel.lines is None
                else tuple(LineUnits(one.line_id, one.quantity) for one in parcel.lines),
            )
            for parcel in self.parcels
        ]
