"""What a cart can be promised, by service level."""

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.reservation import PROMISE_EXAMPLE, Promise, Reservation

_EXAMPLE: Final[dict[str, Any]] = {
    "levels": [
        {"service_level": "standard", "available": True, "why_not": None, "promise": PROMISE_EXAMPLE},
        {"service_level": "same_day", "available": False, "why_not": "not_served", "promise": None},
    ],
    "reservation": None,
}


class PromisedLevel(BaseModel):
    """What can be promised by one service level, or why nothing can."""

    service_level: Literal["standard", "expedited", "same_day"]
    available: bool
    why_not: Literal["not_served", "no_stock", "no_capacity", "too_late"] | None = Field(
        description="`not_served`: no service of the level goes there; `no_capacity`: a location has some of "
        "what is missing, but can ship no more today; `no_stock`: nobody has it, nor is supply of it due; "
        "`too_late`: some of it would come after the cart's `deliver_by`"
    )
    promise: Promise | None


class Promises(BaseModel):
    """The service levels, the slowest first; `reservation` only when something was to be held."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    levels: list[PromisedLevel]
    reservation: Reservation | None
