"""One entry of an order's history."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Event(BaseModel):
    """What happened, when, and who did it; without personal data."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "seq": 7,
                "type": "fulfillment.shipped",
                "at": "2026-11-23T15:12:40Z",
                "actor": "location:denver",
                "data": {
                    "fulfillment_id": "ful_ibtmqqlf5cz7lmo2f6xdxy2s_1",
                    "tracking_number": "1Z999AA10123456784",
                },
            }
        }
    )

    seq: int = Field(description="1, 2, 3 … without a gap, per order")
    type: str
    at: datetime
    actor: str
    data: dict[str, JsonValue] = Field(description="What belongs to this type of event")
