"""What a carrier hears."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

TakenAs = Literal["taken", "duplicate", "quarantined"]


class ScanTaken(BaseModel):
    """The event is kept: `duplicate` was there before, `quarantined` could not be read."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "taken"}})

    status: TakenAs
