"""Faults that are asked for: off until somebody puts them on, drawn by the seed and the key they hit."""

import hashlib
from collections import Counter
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

_HELD_BACK: Final = timedelta(seconds=2)
"""The longest that a notice waits while others overtake it."""

Share = Annotated[float, Field(ge=0, le=1)]


class FaultPlan(BaseModel):
    """Which faults, and how often; a share is between 0 (never) and 1 (always).

    `latency_ms`: before each operation. `error_rate`: of the calls, answered 503 before any effect.
    `timeout_after_effect`: of the keys, whose first answer comes too late. `duplicate_notices`,
    `reorder_notices`: of the notices, delivered twice, or held back until others have overtaken them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 0
    latency_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    error_rate: Share = 0
    timeout_after_effect: Share = 0
    duplicate_notices: Share = 0
    reorder_notices: Share = 0


class Faults:
    """The plan of this process, until another one is put or the process ends.

    The same seed and keys meet the same faults, in whatever order they come. No fault ever doubles an effect.
    """

    def __init__(self) -> None:
        self.plan = FaultPlan()
        self._calls = Counter[str]()

    def put(self, plan: FaultPlan) -> None:
        """Follow another plan from now on; calls are counted anew."""
        self.plan = plan
        self._calls.clear()

    @property
    def latency(self) -> timedelta:
        """How long each operation is kept waiting."""
        return timedelta(milliseconds=self.plan.latency_ms)

    def errs(self, key: str) -> bool:
        """Tell whether this call of a key is answered 503; each call of it draws anew."""
        if not self.plan.error_rate:
            return False
        self._calls[key] += 1
        return self._drawn(f"error {self._calls[key]} {key}") < self.plan.error_rate

    def answers_late(self, key: str) -> bool:
        """Tell whether the first answer of a key comes too late."""
        return self._drawn(f"late {key}") < self.plan.timeout_after_effect

    def deliveries(self, key: str) -> int:
        """Tell how often the notice of a key is delivered."""
        return 2 if self._drawn(f"twice {key}") < self.plan.duplicate_notices else 1

    def held_back(self, key: str) -> timedelta:
        """Tell how long the notice of a key waits."""
        if self._drawn(f"reorder {key}") >= self.plan.reorder_notices:
            return timedelta(0)
        return _HELD_BACK * self._drawn(f"wait {key}")

    def _drawn(self, subject: str) -> float:
        """Draw a number from 0 until below 1."""
        digest = hashlib.sha256(f"{self.plan.seed} {subject}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48


def fault_routes(faults: Faults) -> APIRouter:
    """Return the routes that show and change the plan."""
    router = APIRouter()

    @router.get("/faults")
    async def shown() -> FaultPlan:
        return faults.plan

    @router.put("/faults")
    async def put(plan: FaultPlan) -> FaultPlan:
        """Follow this plan; what it does not name is off."""
        faults.put(plan)
        return plan

    return router
