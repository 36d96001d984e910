"""Routing policies as they are shown."""

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

DOCUMENT: Final[dict[str, Any]] = {
    "name": "web-first",
    "description": "Orders of the web shop: one parcel if possible, never more than three.",
    "scope": {"channels": ["web"]},
    "rules": [
        {"max_shipments": {"most": 1, "soft": True}},
        {"max_shipments": {"most": 3}},
        {"locations": {"exclude": {"kinds": ["supplier"]}}},
    ],
    "terms": ["shipping", "handling", {"split_penalty": {"amount": 250}}],
}


class PolicyShown(BaseModel):
    """One version of a policy; `policy` is what PUT takes. A preset has come with the service."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "web-first",
                "version": 3,
                "preset": False,
                "valid_from": "2026-11-23T09:00:00Z",
                "valid_to": None,
                "put_at": "2026-11-23T09:00:00Z",
                "put_by": "ops:dispatch",
                "policy": DOCUMENT,
            }
        }
    )

    name: str
    version: int
    preset: bool
    valid_from: datetime | None = Field(description="It holds from here until the next version begins")
    valid_to: datetime | None
    put_at: datetime | None
    put_by: str
    policy: dict[str, Any] = Field(description="Fractions are texts, so that no reader rounds them")
