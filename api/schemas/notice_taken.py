"""What a payment provider hears."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

NoticeTakenAs = Literal["applied", "known", "unknown", "quarantined", "duplicate", "ignored"]


class NoticeTaken(BaseModel):
    """The notice is kept, and need not come again.

    `applied`: it decided an effect. `known`: that was decided before. `unknown`: it is about no effect of
    ours. `quarantined`: it could not be read. `duplicate`: it came before. `ignored`: it tells of no effect.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"status": "applied"}})

    status: NoticeTakenAs
