"""The generic carrier: our own form of a scan, signed by Standard Webhooks."""

from dataclasses import dataclass
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from domain.tracking import Scan, TrackingFlag, TrackingStatus

_YEARS: Final = range(1970, 9999)


class Unreadable(Exception):  # noqa: N818 (names what the message is)
    """An authentic message that says nothing we can read; the text says why, without its content."""


class _Event(BaseModel):
    """Vendors' bodies may hold more than we know."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    tracking_number: str = Field(min_length=1, max_length=100)
    status: TrackingStatus | TrackingFlag
    occurred_at: AwareDatetime
    event_id: str | None = Field(default=None, min_length=1, max_length=200)
    location: str = Field(default="", max_length=500)
    description: str = Field(default="", max_length=2000)


@dataclass(frozen=True, slots=True)
class TrackingUpdate:
    """A scan of one number, and the carrier's own id for the message if it gave one."""

    tracking_number: str
    scan: Scan
    event_id: str | None


def parse(body: bytes) -> TrackingUpdate:
    """Read a message; raises Unreadable.

    Times near the ends of the calendar are no times of scans, and nobody could count with them.
    """
    try:
        event = _Event.model_validate_json(body)
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in one["loc"]) or "body" for one in error.errors()})
        raise Unreadable(f"cannot be read: {', '.join(places)}") from error
    for text in (event.tracking_number, event.location, event.description, event.event_id or ""):
        if "\x00" in text:
            raise Unreadable("holds a NUL character")
    if event.occurred_at.year not in _YEARS:
        raise Unreadable("happened in no year that can be")
    scan = Scan(event.occurred_at, event.status, event.location, event.description)
    return TrackingUpdate(event.tracking_number, scan, event.event_id)
