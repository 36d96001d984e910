"""The people at one location: they take work off the list and do it step by step."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from cli.demo_run.caller import Reply
from cli.demo_run.carrier import Handed, announce, carry
from cli.demo_run.customer import cancel
from cli.demo_run.parcels import pack_parcels
from cli.demo_run.plot import Snag, Wish, chance
from cli.demo_run.returning import arrive
from cli.demo_run.stage import Stage

_LOOK_EVERY: Final = 0.5
_LOOK_AT_LEAST_EVERY: Final = 2.0
_WORKING_PAUSE: Final = 0.15
_CONFLICT: Final = 409

Work = Mapping[str, Any]
"""A fulfillment order as the API shows it."""


async def staff(stage: Stage, location_id: str) -> None:
    """Watch one location's work list for as long as the run lasts; each piece of work is done once."""
    known: set[str] = set()
    pause = _LOOK_EVERY
    while True:
        work = await stage.desk.pages("/v1/fulfillments", location=location_id, status="open")
        new = [one for one in work if one["id"] not in known]
        for one in new:
            known.add(one["id"])
            stage.play(_Task(stage, one).do())
        pause = _LOOK_EVERY if new else min(pause * 1.5, _LOOK_AT_LEAST_EVERY)
        await asyncio.sleep(pause)


class _Task:
    """One fulfillment order in the hands of its location: what comes next is read off its status."""

    def __init__(self, stage: Stage, work: Work) -> None:
        self._stage = stage
        self._first = work
        self._order_id: str = work["order_id"]
        self._order_number: str = work["order_number"]
        self._id: str = work["id"]
        self._chance = chance(stage.seed, self._id, "work")
        plot = stage.diary.plot_of(self._order_number)
        self._wish = plot.wish
        self._snag = plot.snag
        self._brief = self._chance.random() < 0.1  # noqa: PLR2004 (a share: these do not report picks)
        if plot.snag is Snag.SHORT or plot.wish in {Wish.CANCEL_PICKING, Wish.CANCEL_UNIT_PICKING}:
            self._brief = False
        self._steps = 0

    async def do(self) -> None:
        """Go on until nothing is left to ship."""
        work: Work | None = self._first
        while work is not None:
            work = await self._next(work)
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * _WORKING_PAUSE)

    async def _look(self) -> Work | None:
        reply = await self._stage.desk.get(f"/v1/fulfillments/{self._id}")
        return reply.body if reply.ok else None

    async def _next(self, work: Work) -> Work | None:
        """Take one step; returns the work after it, None when there is no step to take."""
        match work["status"]:
            case "open" if self._strikes(Snag.UNANSWERED):
                return None
            case "open" if self._strikes(Snag.REROUTED):
                return await self._hand_to_operations()
            case "open" if self._strikes(Snag.REJECTED):
                reply = await self._step("reject", {"reason": "damaged"})
            case "open":
                reply = await self._step("accept", {})
            case "accepted" if not self._brief:
                reply = await self._step("pick", {"lines": self._found(work)})
            case "picking":
                await self._while_picking(work)
                reply = await self._step("pack", {})
            case "accepted" | "packed" | "partially_shipped":
                reply = await self._ship(work)
            case _:
                return None
        return reply.body if reply.ok else await self._look()

    def _strikes(self, snag: Snag) -> bool:
        """A snag strikes an order once, at the first location that it comes to."""
        return self._snag is snag and self._stage.diary.first_time(self._order_id, snag)

    async def _step(self, name: str, body: Mapping[str, Any]) -> Reply:
        self._steps += 1
        path = f"/v1/fulfillments/{self._id}/{name}"
        reply = await self._stage.desk.post(path, body, key=f"{name}:{self._id}:{self._steps}")
        if not reply.ok:
            self._stage.diary.refuse(name, reply)
        return reply

    async def _hand_to_operations(self) -> Work | None:
        """Something came between: operations take the work back and have it routed without us."""
        body = {"fulfillment_id": self._id, "reason": "snowed in"}
        path = f"/v1/orders/{self._order_id}/reroute"
        reply = await self._stage.desk.post(path, body, key=f"reroute:{self._id}")
        if not reply.ok:
            self._stage.diary.refuse("reroute", reply)
        return await self._look()

    def _found(self, work: Work) -> list[dict[str, Any]]:
        """What is on the shelf: everything, or one unit less."""
        asked = [
            {"line_id": one["line_id"], "quantity": one["quantity"]}
            for one in work["lines"]
            if one["quantity"]
        ]
        if asked and self._strikes(Snag.SHORT):
            asked[0]["quantity"] -= 1
        return asked

    async def _while_picking(self, work: Work) -> None:
        """The customer may think twice while the units are in somebody's hands."""
        if self._wish is Wish.CANCEL_PICKING:
            self._grant()
            await cancel(self._stage, self._order_id, {}, key="picking")
        elif self._wish is Wish.CANCEL_UNIT_PICKING:
            self._grant()
            asked = [one["line_id"] for one in work["lines"] if one["quantity"]]
            await cancel(self._stage, self._order_id, dict.fromkeys(asked[:1], 1), key=self._id)

    def _grant(self) -> None:
        """A wish is wished once."""
        self._wish = Wish.KEEP

    async def _ship(self, work: Work) -> Reply:
        """Ship in one parcel or two; two go in one step or one after the other."""
        parcels = pack_parcels(work, self._chance, attempt=self._steps)
        if self._chance.random() < 0.1:  # noqa: PLR2004 (a share: the carrier is faster than the paper)
            await announce(self._stage, parcels[0]["tracking_number"])
        short = len(parcels) == 1 and self._chance.random() < 0.2  # noqa: PLR2004
        if len(parcels) > 1 and self._chance.random() < 0.5:  # noqa: PLR2004
            parcels = parcels[:1]
        body: dict[str, Any] = {"version": work["version"], "parcels": parcels}
        if short:
            body = {name: value for name, value in parcels[0].items() if name != "lines"}
        if self._wish is Wish.CANCEL_SHIPPING:
            self._grant()
            reply, _ = await asyncio.gather(
                self._step("ship", body), cancel(self._stage, self._order_id, {}, key="shipping")
            )
        else:
            reply = await self._step("ship", body)
        if reply.ok:
            self._hand_over(reply, [parcel["tracking_number"] for parcel in parcels])
        elif short and reply.status == _CONFLICT:
            return await self._step("accept", {})
        return reply

    def _hand_over(self, reply: Reply, numbers: list[str]) -> None:
        """The carrier takes the parcels, as the answer says they are."""
        for parcel in reply.body["parcels"]:
            number = parcel["tracking_number"]
            if number in numbers:
                units = {one["line_id"]: one["quantity"] for one in parcel["lines"]}
                self._stage.diary.note_shipment(self._order_id, number, units)
                handed = Handed(number, self._order_id, self._order_number, reply.body["location_id"])
                self._stage.play(_travel(self._stage, handed))


async def _travel(stage: Stage, parcel: Handed) -> None:
    way = await carry(stage, parcel)
    await arrive(stage, parcel, way)
