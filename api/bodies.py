"""The base of our own bodies, and the kinds of values in them, each within what PostgreSQL can hold."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from api.card_numbers import NoCardNumber

_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
VISIBLE: Final = "^[^\\x00]*[^\\s\\x00][^\\x00]*$"
"""Something to see, and no NUL character, which PostgreSQL does not store. A pattern, since networks of
thousands of names are checked by it."""

ON_ONE_LINE: Final = "^[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*$"
"""Something to see, and no control character: no tab, and no end of a line."""

EMAIL: Final = "^[^@\\x00-\\x1f\\x7f]+@[^@\\s\\x00-\\x1f\\x7f]+$"

_YEARS: Final = range(1900, 9999)


class Body(BaseModel):
    """A body of ours: unknown fields are refused, and what was sent is not repeated in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _number(value: Any) -> Any:
    # Pydantic alone would also take "1" and true.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("must be a number")  # noqa: TRY004 (pydantic turns only ValueErrors into answers)
    return value


def _rfc_3339(value: Any) -> Any:
    # Pydantic alone would also take seconds since 1970 and dates without a time.
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be a time of RFC 3339, with its offset")
    if int(value[:4]) not in _YEARS:
        raise ValueError("must be a time between 1900 and 9998")
    return value


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _text(longest: int, pattern: str = VISIBLE) -> StringConstraints:
    return StringConstraints(strict=True, min_length=1, max_length=longest, pattern=pattern)


Text = Annotated[str, _text(255)]
"""A name, a street, a city: 1 to 255 characters."""

Word = Annotated[str, _text(50), AfterValidator(str.lower)]
"""A word that things are sorted by, in small letters: two ways to write it would be two kinds."""

Identifier = Annotated[str, _text(100)]
"""An id or number of anyone's: 1 to 100 characters; never looked at for card numbers."""

PersonalText = Annotated[str, _text(255), NoCardNumber]
"""A text of a person's (customer, address, payment): refused when it looks like a card number."""

PersonalLine = Annotated[str, _text(255, ON_ONE_LINE), NoCardNumber]
"""A text of a person's that stands on one line of an address or a document."""

Email = Annotated[str, _text(255, EMAIL), NoCardNumber]
"""What looks like an address for mails: something on both sides of one @."""

FreeText = Annotated[str, _text(1000), NoCardNumber]
"""Somebody's own words: up to 1000 characters; refused when it looks like a card number."""

Money = Annotated[int, Field(strict=True, ge=0, le=10**15)]
"""Minor units."""


def _say_no_default(schema: dict[str, Any]) -> None:
    del schema["default"]


WorkedOut = Annotated[
    Money,
    Field(
        description="Minor units; left out, it is 0, or what we compute where the tax is by table",
        json_schema_extra=_say_no_default,
    ),
]
"""Minor units that may be worked out: no default is told."""

Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Count = Annotated[int, Field(strict=True, ge=0, le=2_147_483_647)]
Latitude = Annotated[float, BeforeValidator(_number), Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, BeforeValidator(_number), Field(ge=-180, le=180, allow_inf_nan=False)]
Exact = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=0, le=10**15, max_digits=50, decimal_places=34, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10**15}),
]
"""A number at least 0 exactly as it was written; the bounds keep its fraction small enough to count with."""

Moment = Annotated[AwareDatetime, BeforeValidator(_rfc_3339), AfterValidator(_to_utc)]
"""A time of RFC 3339; in UTC from here on."""
