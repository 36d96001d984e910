"""A hold as everybody sees it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.holds import HeldStep


class Hold(BaseModel):
    """Why an order waits, and for which steps; it is active until `ended_at`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "hld_ibtmqqlf5cz7lmo2f6xdxy2s_1",
                "type": "fraud",
                "reason": "the address was used by two other customers today",
                "blocks": ["capture", "release"],
                "placed_at": "2026-11-23T09:01:00Z",
                "placed_by": "ops:grace",
                "expires_at": None,
                "ended_at": None,
                "ended_by": None,
            }
        }
    )

    id: str
    type: str
    reason: str
    blocks: list[HeldStep]
    placed_at: datetime
    placed_by: str
    expires_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
