"""What comes back: received at any location, in parts; what has not come in time does not come any more."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from adapters.db.cancellation import LineUnits
from adapters.db.locked_return import LockedReturn
from adapters.db.returns import end_inspection
from adapters.db.tables import locations, return_receipts
from domain.errors import IllegalTransition, InvalidContent, NotReturnable, StateConflict
from domain.quantities import Bucket
from domain.return_status import ReturnKind, ReturnStatus


async def receive(held: LockedReturn, location_id: str, lines: Sequence[LineUnits]) -> None:
    """Take units in at a location, whichever shipped them; all that is named, or nothing.

    Raises IllegalTransition for a return that has ended, NotReturnable for more units than are expected,
    InvalidContent for a line or a location that is none, StateConflict for one that is not active. Does not
    save the order.
    """
    await _check_open(held, location_id)
    came = _counted(held, lines)
    for line_id, units in came.items():
        held.lines[line_id].received += units
        if held.kind is ReturnKind.CUSTOMER:
            held.order.move(line_id, Bucket.DELIVERED, Bucket.RETURNED, units)
    complete = not any(line.to_come for line in held.lines.values())
    held.step(ReturnStatus.RECEIVED if complete else ReturnStatus.PARTIALLY_RECEIVED)
    held.order.record(
        "return.received",
        return_id=held.id,
        location_id=location_id,
        complete=complete,
        lines=[{"line_id": line_id, "quantity": units} for line_id, units in came.items()],
    )
    await _write_receipts(held, location_id, came)
    await end_inspection(held)


async def _check_open(held: LockedReturn, location_id: str) -> None:
    found = await held.order.connection.execute(
        select(locations.c.active).where(locations.c.id == location_id)
    )
    active = found.scalar()
    if active is None:
        raise InvalidContent("there is no such location", "/location_id")
    if not active:
        raise StateConflict(f"{location_id} is not active")
    if held.over:
        raise IllegalTransition(f"the return is {held.status}: nothing of it is expected any more")


def _counted(held: LockedReturn, lines: Sequence[LineUnits]) -> dict[str, int]:
    came: dict[str, int] = {}
    for index, units in enumerate(lines):
        line = held.lines.get(units.line_id)
        if line is None:
            raise InvalidContent("the return has no such line", f"/lines/{index}/line_id")
        came[units.line_id] = came.get(units.line_id, 0) + units.quantity
        if came[units.line_id] > line.to_come:
            raise NotReturnable(f"{line.to_come} units of line {units.line_id} are expected")
    return came


async def _write_receipts(held: LockedReturn, location_id: str, came: dict[str, int]) -> None:
    rows = [
        {
            "return_id": held.id,
            "line_id": line_id,
            "location_id": location_id,
            "quantity": units,
            "at": held.order.now,
            "actor": held.order.actor,
        }
        for line_id, units in came.items()
    ]
    await held.order.connection.execute(insert(return_receipts), rows)


async def expire(held: LockedReturn) -> None:
    """End the time in which units may come in, if it is over: the return is then what came of it.

    Does not save the order.
    """
    if held.deadline is None or held.deadline > held.order.now:
        return
    if not any(line.received for line in held.lines.values()):
        held.end(ReturnStatus.EXPIRED)
        await held.save()
        return
    missing = {line.line_id: line.to_come for line in held.lines.values() if line.to_come}
    await held.expect_less(missing)
    held.step(ReturnStatus.RECEIVED)
    held.order.record(
        "return.rest_expired",
        return_id=held.id,
        lines=[{"line_id": line_id, "quantity": units} for line_id, units in missing.items()],
    )
    await end_inspection(held)
