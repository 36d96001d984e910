"""Faults that are asked for: off until somebody puts them on, drawn by the seed and the key they hit."""

import hashlib
from collections import Counter
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

_HELD_BACK: Final = timedelta(seconds=2)
"""The longest that a notice waits while others overtake it."""

Share = Annotated[float, Field(ge=0, le=1)]


class FaultPlan(BaseModel):
    """Which faults, and how often; a share is between 0 (never) and 1 (always).

    `latency_ms`: before each operation. `error_rate`: of the calls, answered 503 before any effect.
    `timeout_after_effect`: of the keys, whose first answer comes too late. `duplicate_notices`,
    `reorder_notices`, `lost_notices`: of the notices, delivered twice, held back until others have overtaken
    them, or never sent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 0
    latency_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    error_rate: Share = 0
    timeout_after_effect: Share = 0
    duplicate_notices: Share = 0
    reorder_notices: Share = 0
    lost_notices: Share = 0


class Faults:
    """One plan, until another one is put or the process ends, and in `met` how often each fault was met.

    The same seed and keys meet the same faults, in whatever order they come. No fault ever doubles an effect.
    """

    def __init__(self) -> None:
        self.plan = FaultPlan()
        self.met = Counter[str]()
        self._calls = Counter[str]()

    def put(self, plan: FaultPlan) -> None:
        """Follow another plan from now on; calls are counted anew."""
        self.plan = plan
        self._calls.clear()

    def latency(self) -> timedelta:
        """Tell how long this call is kept waiting."""
        self._meet("latency", happens=self.plan.latency_ms > 0)
        return timedelta(milliseconds=self.plan.latency_ms)

    def errs(self, key: str) -> bool:
        """Tell whether this call of a key is answered 503; each call of it draws anew."""
        if not self.plan.error_rate:
            return False
        self._calls[key] += 1
        drawn = self._drawn(f"error {self._calls[key]} {key}")
        return self._meet("error", happens=drawn < self.plan.error_rate)

    def answers_late(self, key: str) -> bool:
        """Tell whether the first answer of a key comes too late."""
        drawn = self._drawn(f"late {key}")
        return self._meet("timeout_after_effect", happens=drawn < self.plan.timeout_after_effect)

    def deliveries(self, key: str) -> int:
        """Tell how often the notice of a key is delivered."""
        lost = self._drawn(f"lost {key}") < self.plan.lost_notices
        if self._meet("lost_notice", happens=lost):
            return 0
        twice = self._drawn(f"twice {key}") < self.plan.duplicate_notices
        return 2 if self._meet("duplicate_notice", happens=twice) else 1

    def held_back(self, key: str) -> timedelta:
        """Tell how long the notice of a key waits."""
        held = self._drawn(f"reorder {key}") < self.plan.reorder_notices
        if not self._meet("reordered_notice", happens=held):
            return timedelta(0)
        return _HELD_BACK * self._drawn(f"wait {key}")

    def _meet(self, fault: str, *, happens: bool) -> bool:
        """Count a fault that happens, and tell whether it does."""
        self.met[fault] += happens
        return happens

    def _drawn(self, subject: str) -> float:
        """Draw a number from 0 until below 1."""
        digest = hashlib.sha256(f"{self.plan.seed} {subject}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48


class FaultsByOrder:
    """The faults of everybody, and those of orders that were given a plan of their own."""

    def __init__(self) -> None:
        self._of_everybody = Faults()
        self._own: dict[str, Faults] = {}

    def of(self, order_id: str | None) -> Faults:
        """Return what an order meets; None for what everybody does."""
        own = self._own.get(order_id) if order_id else None
        return own or self._of_everybody

    def put(self, plan: FaultPlan, order_id: str | None) -> None:
        """Follow a plan, for one order alone where it is named."""
        faults = self._own.setdefault(order_id, Faults()) if order_id else self._of_everybody
        faults.put(plan)


OrderId = Annotated[str | None, Query(pattern=r"^[^\x00]*$", max_length=255)]


def fault_routes(faults: FaultsByOrder) -> APIRouter:
    """Return the routes that show and change the plans."""
    router = APIRouter()

    @router.get("/faults")
    async def shown(order_id: OrderId = None) -> FaultPlan:
        return faults.of(order_id).plan

    @router.put("/faults")
    async def put(plan: FaultPlan, order_id: OrderId = None) -> FaultPlan:
        """Follow this plan, for one order alone where it is named; what it does not name is off."""
        faults.put(plan, order_id)
        return plan

    @router.get("/faults/met")
    async def met(order_id: OrderId = None) -> dict[str, int]:
        """Tell how often each fault was met, by everybody or by an order with a plan of its own."""
        return dict(+faults.of(order_id).met)

    return router
