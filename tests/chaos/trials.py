"""Which failpoint is met at which step of which life, and the run of all of them on one stack."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.chaos.lives import ON_HAND, PAID_BACK, SENT_BACK, TOTAL, UNITS, Counter, Life

KEPT: Final = ("place", "accept", "ship", "deliver")
CANCELLED: Final = ("place", "cancel")
LATE: Final = ("place", "oversleep", "ship", "deliver")
WAITING: Final = ("place", "restock", "ship", "deliver")
LAPSED: Final = ("keep", "place", "lapse", "ship", "deliver")
SENT: Final = ("place", "ship", "deliver", "ask_back", "receive", "inspect")
CONFIRMED: Final = ("place", "confirm", "ship", "deliver")
TAKEN_LATER: Final = ("place", "ship", "deliver")
GIVEN: Final = ("place", "ship", "deliver", "give", "repaid")
FORGOTTEN: Final = ("place", "ship", "deliver", "ask_back", "forget")

_ARRIVED: Final = (
    "order.placed",
    "payment.authorized",
    "risk.accepted",
    "fulfillment.created",
    "fulfillment.shipped",
    "payment.captured",
    "parcel.tracked",
    "parcel.delivered",
    "fulfillment.delivered",
    "order.delivered",
)

_SUPPLIED: Final = (
    "order.placed",
    "payment.postponed",
    "lines.backordered",
    "line.supplied",
    "payment.asked_for",
    "payment.authorized",
    "risk.accepted",
    "fulfillment.created",
    "fulfillment.shipped",
    "payment.captured",
    "parcel.tracked",
    "parcel.delivered",
    "fulfillment.delivered",
    "order.delivered",
    "order.closed",
)

ENDINGS: Final[Mapping[Sequence[str], list[str]]] = {
    KEPT: [
        "order.placed",
        "payment.authorized",
        "risk.accepted",
        "fulfillment.created",
        "fulfillment.accepted",
        "fulfillment.shipped",
        "payment.captured",
        "parcel.tracked",
        "parcel.delivered",
        "fulfillment.delivered",
        "order.delivered",
        "order.closed",
    ],
    CANCELLED: [
        "order.placed",
        "payment.authorized",
        "risk.accepted",
        "fulfillment.created",
        "fulfillment.cancelled",
        "order.cancelled",
        "payment.voided",
        "order.closed",
    ],
    LATE: [
        "order.placed",
        "payment.authorized",
        "risk.accepted",
        "fulfillment.created",
        "fulfillment.overdue",
        "fulfillment.shipped",
        "payment.captured",
        "parcel.tracked",
        "parcel.delivered",
        "fulfillment.delivered",
        "order.delivered",
        "order.closed",
    ],
    WAITING: [*_SUPPLIED],
    LAPSED: [*_SUPPLIED],
    SENT: [
        *_ARRIVED,
        "return.requested",
        "return.received",
        "return.inspected",
        "refund.owed",
        "payment.refunded",
        "return.completed",
        "order.closed",
    ],
    CONFIRMED: ["order.placed", "payment.action_required", *_ARRIVED[1:], "order.closed"],
    TAKEN_LATER: [*_ARRIVED[:5], "payment.capture_pending", *_ARRIVED[5:], "order.closed"],
    GIVEN: [*_ARRIVED, "order.closed", "refund.owed", "payment.refunded"],
    FORGOTTEN: [*_ARRIVED, "return.requested", "return.expired", "order.closed"],
}
"""What happens in each life, each thing once, whoever dies."""

TOKENS: Final[Mapping[Sequence[str], str]] = {CONFIRMED: "tok_3ds", TAKEN_LATER: "tok_capture_pending"}
"""What each life is paid with, where it is not the token that always works."""

LATENESS: Final = "fulfillment.overdue"
"""All are late while processes die; one life waits for it."""

_DEATH: Final = 60.0


@dataclass(frozen=True, slots=True)
class Trial:
    """`part` dies at `failpoint` when a life has come to `step`."""

    part: str
    failpoint: str
    step: str
    plan: Sequence[str] = KEPT

    def __str__(self) -> str:
        return f"{self.failpoint}@{self.step}"


# A worker that dies leaves its activity to its timeout; the relay's are last because they leave none.
TRIALS: Final = (
    Trial("worker", "deadlines-checked", "place", LATE),
    Trial("worker", "return-checked", "deliver", FORGOTTEN),
    Trial("worker", "authorize-intended", "place"),
    Trial("worker", "authorize-answered", "place"),
    Trial("worker", "authorize-recorded", "place"),
    Trial("worker", "authorize-intended", "restock", WAITING),
    Trial("worker", "authorize-answered", "restock", WAITING),
    Trial("worker", "authorize-recorded", "restock", WAITING),
    Trial("worker", "routing-written", "place"),
    Trial("worker", "routing-reserved", "place"),
    Trial("worker", "capture-intended", "ship"),
    Trial("worker", "capture-answered", "ship"),
    Trial("worker", "capture-recorded", "ship"),
    Trial("worker", "void-intended", "cancel", CANCELLED),
    Trial("worker", "void-answered", "cancel", CANCELLED),
    Trial("worker", "void-recorded", "cancel", CANCELLED),
    Trial("worker", "refund-intended", "inspect", SENT),
    Trial("worker", "refund-answered", "inspect", SENT),
    Trial("worker", "refund-recorded", "inspect", SENT),
    Trial("worker", "refund-intended", "give", GIVEN),
    Trial("worker", "refund-answered", "give", GIVEN),
    Trial("worker", "refund-recorded", "give", GIVEN),
    Trial("worker", "relay-sent", "give", GIVEN),
    Trial("worker", "holds-freed", "lapse", LAPSED),
    Trial("worker", "numbers-given", "ship"),
    Trial("worker", "numbers-given", "inspect", SENT),
    Trial("worker", "order-closed", "deliver"),
    Trial("worker", "relay-claimed", "place"),
    Trial("worker", "relay-sent", "place"),
    Trial("worker", "relay-marked", "place"),
    Trial("worker", "relay-claimed", "cancel", CANCELLED),
    Trial("worker", "relay-sent", "ship"),
    Trial("psp", "psp-applied", "place"),
    Trial("psp", "psp-committed", "ship"),
    Trial("psp", "psp-committed", "cancel", CANCELLED),
    Trial("psp", "psp-committed", "inspect", SENT),
    Trial("psp", "psp-decided", "ship", TAKEN_LATER),
    Trial("psp", "psp-decided", "confirm", CONFIRMED),
    Trial("psp", "psp-notice-sent", "ship", TAKEN_LATER),
    Trial("api", "order-written", "place"),
    Trial("api", "order-taken", "place"),
    Trial("api", "api-written", "accept"),
    Trial("api", "api-committed", "ship"),
    Trial("api", "api-committed", "cancel", CANCELLED),
    Trial("api", "scan-written", "deliver"),
    Trial("api", "scan-taken-in", "deliver"),
    Trial("api", "count-taken", "restock", WAITING),
    Trial("api", "api-committed", "inspect", SENT),
    Trial("api", "notice-written", "confirm", CONFIRMED),
    Trial("api", "notice-taken-in", "confirm", CONFIRMED),
    Trial("api", "notice-written", "ship", TAKEN_LATER),
    Trial("api", "notice-taken-in", "ship", TAKEN_LATER),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The order as it ended, and whether the part died where it should."""

    status: str
    payment_status: str
    events: list[str]
    books: list[tuple[str, int, str]]
    level: tuple[int, int]
    died: bool = True


def expected(trial: Trial) -> Outcome:
    """One effect of everything."""
    if trial.plan is CANCELLED:
        books = [("authorize", TOTAL, "succeeded"), ("void", TOTAL, "succeeded")]
        return Outcome("cancelled", "voided", ENDINGS[trial.plan], books, (ON_HAND, 0))
    books = [("authorize", TOTAL, "succeeded"), ("capture", TOTAL, "succeeded")]
    if trial.plan is SENT:
        books.append(("refund", PAID_BACK, "succeeded"))
        level = (ON_HAND - UNITS + SENT_BACK, 0)
        return Outcome("completed", "partially_refunded", ENDINGS[trial.plan], books, level)
    if trial.plan is GIVEN:
        books.append(("refund", PAID_BACK, "succeeded"))
        return Outcome("completed", "partially_refunded", ENDINGS[GIVEN], books, (ON_HAND - UNITS, 0))
    return Outcome("completed", "captured", ENDINGS[trial.plan], books, (ON_HAND - UNITS, 0))


def _life(at: Counter, plan: Sequence[str]) -> Life:
    return Life(at, on_hand=0 if plan is WAITING else ON_HAND, paid_with=TOKENS.get(plan, "tok_ok"))


class Ordeal:
    """All trials on one stack: first every life up to its step, then one death after the other."""

    def __init__(self, at: Counter, failpoints: Path) -> None:
        self._at = at
        self._failpoints = failpoints
        self._lives = {trial: _life(at, trial.plan) for trial in TRIALS}
        self._died: dict[Trial, bool] = {}
        self._ends: dict[Trial, asyncio.Task[Outcome]] = {}

    async def run(self) -> dict[Trial, Outcome | BaseException]:
        """Workers and provider die side by side; the API while the workers' activities time out."""
        await asyncio.gather(*(self._prepare(trial) for trial in TRIALS))
        await asyncio.gather(self._kill("worker"), self._kill("psp"))
        await self._kill("api")
        ended = await asyncio.gather(*(self._ends[trial] for trial in TRIALS), return_exceptions=True)
        return {
            trial: replace(end, died=self._died[trial]) if isinstance(end, Outcome) else end
            for trial, end in zip(TRIALS, ended, strict=True)
        }

    async def _prepare(self, trial: Trial) -> None:
        life = self._lives[trial]
        for step in trial.plan[: trial.plan.index(trial.step)]:
            await life.ready(step)
            await life.take(step)
        await life.ready(trial.step)

    async def _kill(self, part: str) -> None:
        for trial in TRIALS:
            if trial.part == part:
                await self._meet(trial)

    async def _meet(self, trial: Trial) -> None:
        """Arm, take the step, and see the part die; the order goes on by itself."""
        before = self._pids(trial.part)
        armed = self._failpoints / trial.failpoint
        armed.touch()
        self._ends[trial] = asyncio.create_task(self._end(trial))
        until = time.monotonic() + _DEATH
        while armed.exists() or self._pids(trial.part) == before:
            if time.monotonic() > until:
                break
            await asyncio.sleep(0.05)
        self._died[trial] = not armed.exists() and self._pids(trial.part) != before
        armed.unlink(missing_ok=True)

    def _pids(self, part: str) -> set[int]:
        """The processes of a part, as `stack.json` names them."""
        pids = json.loads((self._at.stack.data_dir / "stack.json").read_text())["pids"]
        return {pid for name, pid in pids.items() if name.startswith(part)}

    async def _end(self, trial: Trial) -> Outcome:
        life = self._lives[trial]
        await life.take(trial.step)
        for step in trial.plan[trial.plan.index(trial.step) + 1 :]:
            await life.ready(step)
            await life.take(step)
        await life.closed()
        order = await life.show()
        return Outcome(
            status=order["status"],
            payment_status=order["payment_status"],
            events=[one for one in await life.events() if trial.plan is LATE or one != LATENESS],
            books=await life.books(),
            level=await life.level(),
        )
