"""Changes to an order after it was placed: drafted with a preview, confirmed as previewed, or declined."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from adapters.db.attention import ADDRESS_UNPLACEABLE, clear
from adapters.db.cancellation import LineUnits, cancel
from adapters.db.catalog import known_skus
from adapters.db.locked_order import LockedOrder
from adapters.db.order_rows import LockedLine
from adapters.db.postal import place
from adapters.db.rerouting import take_all_back
from adapters.db.retaxing import Retaxed, apply_taxes, check_sent_with, retaxed
from adapters.db.securing import await_more
from adapters.db.tables import order_changes, order_lines
from domain.errors import InvalidContent, NotFound, StateConflict
from domain.fulfillment_status import RETRACTABLE
from domain.ids import change_id
from domain.invoicing import SoldLine
from domain.order_change import (
    AddedLine,
    ChangePlan,
    ChangeStatus,
    LineWanted,
    OrderedLine,
    plan_change,
    with_taxes,
)
from domain.pricing import LARGEST_TOTAL
from domain.quantities import Bucket, LineQuantities
from domain.risk import address_digest
from domain.tax import MissingRate

MOST_LINES = 200
"""Of an order, those that changes added included."""


@dataclass(frozen=True, slots=True)
class ChangeAsked:
    """What is asked: units wanted of lines in all, new lines, and where it goes (None: as before)."""

    wanted: tuple[LineWanted, ...]
    added: tuple[AddedLine, ...]
    ship_to: Mapping[str, Any] | None
    reason: str


async def draft_change(
    order: LockedOrder, asked: ChangeAsked, *, expires_after: timedelta, missing: MissingRate
) -> str:
    """Write a change down with what it would come to, changing nothing; returns its id.

    `missing`: what is done about a place without a tax rate, where the tax is worked out.
    Raises InvalidContent for what cannot be, StateConflict for what cannot be any more.
    """
    if asked.ship_to == order.values["ship_to"]:
        asked = replace(asked, ship_to=None)
    plan, _ = await _planned(order, asked, missing)
    if not plan.lines and asked.ship_to is None:
        raise StateConflict("the order is like that already")
    preview = _told(plan, asked)
    known = await order.connection.execute(
        select(func.count()).select_from(order_changes).where(order_changes.c.order_id == order.id)
    )
    number = known.scalar_one() + 1
    name = change_id(order.id, number)
    await order.connection.execute(
        insert(order_changes).values(
            id=name, order_id=order.id, number=number, asked=_kept(asked), preview=preview,
            reason=asked.reason, created_at=order.now, created_by=order.actor,
            expires_at=order.now + expires_after,
        )
    )  # fmt: skip
    order.record("change.drafted", change_id=name, reason=asked.reason, to_pay=preview["to_pay"])
    return name


async def confirm_change(order: LockedOrder, name: str, *, missing: MissingRate) -> None:
    """Do what a draft says; one that was confirmed stays so.

    Raises NotFound, and StateConflict for a draft that was declined, has expired, or would come to something
    else than its preview told. Does not save the order.
    """
    row = await _find(order, name)
    if row.status == ChangeStatus.CONFIRMED.value:
        return
    _refuse_unless_open(order, row)
    asked = _asked(row)
    plan, taxed = await _as_drafted(order, asked, row.preview, missing)
    before = order.money.live
    added = await _add_lines(order, plan.added)
    if taxed is not None:
        await apply_taxes(order, taxed)
    if plan.cut:
        units = [LineUnits(line_id, quantity) for line_id, quantity in plan.cut.items()]
        await cancel(order, units, reason=asked.reason)
    if asked.ship_to is not None:
        await _send_elsewhere(order, asked.ship_to)
    await_more(order)
    await _decide(order, name, ChangeStatus.CONFIRMED)
    order.record(
        "order.changed", change_id=name, reason=asked.reason, added=added,
        cut=[{"line_id": line_id, "quantity": quantity} for line_id, quantity in plan.cut.items()],
        address_changed=asked.ship_to is not None,
        to_pay={"before": before, "after": order.money.live},
    )  # fmt: skip


async def _as_drafted(
    order: LockedOrder, asked: ChangeAsked, preview: dict[str, Any], missing: MissingRate
) -> tuple[ChangePlan, Retaxed | None]:
    """Work the change out once more; StateConflict when it cannot be, or comes to something else."""
    with suppress(InvalidContent):
        plan, taxed = await _planned(order, asked, missing)
        if _told(plan, asked) == preview:
            return plan, taxed
    raise StateConflict("the order is no longer what the change was drafted for: draft it anew")


async def decline_change(order: LockedOrder, name: str) -> None:
    """Drop a draft; one that was declined stays so. Raises NotFound, StateConflict when it was confirmed."""
    row = await _find(order, name)
    if row.status == ChangeStatus.CONFIRMED.value:
        raise StateConflict("the change was confirmed: what it did can only be changed again")
    if row.status == ChangeStatus.DRAFT.value:
        await _decide(order, name, ChangeStatus.DECLINED)
        order.record("change.declined", change_id=name)


async def _find(order: LockedOrder, name: str) -> Row[Any]:
    found = await order.connection.execute(
        select(order_changes).where(order_changes.c.id == name, order_changes.c.order_id == order.id)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound(f"the order has no change {name}")
    return row


def _refuse_unless_open(order: LockedOrder, row: Row[Any]) -> None:
    if row.status == ChangeStatus.DECLINED.value:
        raise StateConflict("the change was declined")
    if row.expires_at <= order.now:
        raise StateConflict("the draft has expired: draft it anew")


async def _decide(order: LockedOrder, name: str, status: ChangeStatus) -> None:
    await order.connection.execute(
        update(order_changes)
        .where(order_changes.c.id == name)
        .values(status=status.value, decided_at=order.now, decided_by=order.actor)
    )


async def _planned(
    order: LockedOrder, asked: ChangeAsked, missing: MissingRate
) -> tuple[ChangePlan, Retaxed | None]:
    """Work out what the change comes to now; refuses what is not possible now."""
    if order.closed or not order.units.live:
        raise StateConflict("the order is over: nothing of it can be changed")
    lines = [OrderedLine(line.sold, line.quantities) for line in order.lines.values()]
    shipping = order.values["shipping_charged"]
    plan = plan_change(lines, asked.wanted, asked.added, shipping=shipping)
    if len(lines) + len(plan.added) > MOST_LINES:
        raise InvalidContent(f"an order has at most {MOST_LINES} lines", "/add")
    if order.units.unshipped == 0 and plan.added:
        raise StateConflict("everything has left: order what is missing anew")
    known = await known_skus(order.connection, {one.sku for one in asked.added})
    for index, one in enumerate(asked.added):
        if one.sku not in known:
            raise InvalidContent("there is no such product", f"/add/{index}/sku")
    if asked.ship_to is not None:
        await _check_address(order, asked.ship_to)
    taxed = await retaxed(order, plan.added, asked.ship_to, missing)
    if taxed is not None:
        check_sent_with(asked.added, taxed.added)
        lines = [OrderedLine(taxed.lines[line.line_id], line.quantities) for line in lines]
        plan = with_taxes(plan, lines, taxed.added, shipping=taxed.shipping)
    _check_bookable(order, asked, plan, taxed)
    return plan, taxed


def _check_bookable(order: LockedOrder, asked: ChangeAsked, plan: ChangePlan, taxed: Retaxed | None) -> None:
    """Refuse what the order's sums cannot hold, in which cancelled lines stay; names what goes beyond."""
    total = order.values["total"]
    if taxed is not None:
        total += taxed.taxes.added - order.values["tax"] - sum(one.tax for one in plan.added)
    where = ["/ship_to", *(f"/add/{index}" for index in range(len(asked.added)))]
    for index, more in enumerate([0, *(one.amount for one in plan.added)]):
        total += more
        if total > LARGEST_TOTAL:
            pointer = where[index] if index < len(where) else "/lines"
            raise InvalidContent("the order would be worth more than can be booked", pointer)


async def _check_address(order: LockedOrder, ship_to: Mapping[str, Any]) -> None:
    if order.values["delivery_method"] == "pickup":
        raise StateConflict("the customer picks this order up: it goes nowhere else")
    if order.units.left:
        raise StateConflict("some of it is on its way: the address cannot be changed any more")
    packed = [work.id for work in order.open_works() if work.status not in RETRACTABLE]
    if packed:
        raise StateConflict(f"{packed[0]} is packed: the address cannot be changed any more")
    if await _located(order, ship_to) is None:
        raise InvalidContent("no place of this postal code is known", "/ship_to/postal_code")


async def _located(order: LockedOrder, ship_to: Mapping[str, Any]) -> tuple[float, float] | None:
    if ship_to.get("lat") is not None and ship_to.get("lng") is not None:
        return ship_to["lat"], ship_to["lng"]
    return await place(order.connection, ship_to["country"], ship_to["postal_code"])


async def _add_lines(order: LockedOrder, added: Sequence[AddedLine]) -> list[dict[str, Any]]:
    """Write new lines, their units pending, and their sums; returns them as they are told."""
    if not added:
        return []
    found = await order.connection.execute(
        select(func.max(order_lines.c.position)).where(order_lines.c.order_id == order.id)
    )
    first = found.scalar_one() + 1
    rows = [
        {
            "order_id": order.id, "line_id": str(first + index), "position": first + index, "sku": one.sku,
            "quantity": one.quantity, "unit_price": one.unit_price, "discount": one.discount, "tax": one.tax,
            "amount": one.amount, Bucket.PENDING.value: one.quantity,
        }
        for index, one in enumerate(added)
    ]  # fmt: skip
    await order.connection.execute(insert(order_lines), rows)
    for row, one in zip(rows, added, strict=True):
        sold = SoldLine(row["line_id"], one.sku, one.quantity, one.unit_price, one.tax, one.amount)
        order.lines[sold.line_id] = LockedLine(sold, LineQuantities(pending=one.quantity), 0)
    sums = {
        "items": sum(one.gross for one in added),
        "discount": sum(one.discount for one in added),
        "tax": sum(one.tax for one in added),
        "total": sum(one.amount for one in added),
    }
    order.set(**{name: order.values[name] + more for name, more in sums.items()})
    return [{"line_id": row["line_id"], "sku": row["sku"], "quantity": row["quantity"]} for row in rows]


async def _send_elsewhere(order: LockedOrder, ship_to: Mapping[str, Any]) -> None:
    """Take the units back from where they were to leave, and route them to the new address."""
    located = await _located(order, ship_to)
    if located is None:
        raise InvalidContent("no place of this postal code is known", "/ship_to/postal_code")
    order.set(ship_to=dict(ship_to), ship_to_digest=address_digest(ship_to), lat=located[0], lng=located[1])
    if order.values["attention"] == ADDRESS_UNPLACEABLE:
        clear(order)
    await take_all_back(order)


def _told(plan: ChangePlan, asked: ChangeAsked) -> dict[str, Any]:
    """The preview as it is kept and shown."""
    return {
        "lines": [asdict(line) for line in plan.lines],
        "to_pay": {"before": plan.to_pay_before, "after": plan.to_pay_after},
        "reroutes": asked.ship_to is not None,
    }


def _kept(asked: ChangeAsked) -> dict[str, Any]:
    return {
        "lines": [asdict(one) for one in asked.wanted],
        "add": [asdict(one) for one in asked.added],
        "ship_to": None if asked.ship_to is None else dict(asked.ship_to),
    }


def _asked(row: Row[Any]) -> ChangeAsked:
    return ChangeAsked(
        wanted=tuple(LineWanted(**one) for one in row.asked["lines"]),
        added=tuple(AddedLine(**one) for one in row.asked["add"]),
        ship_to=row.asked["ship_to"],
        reason=row.reason,
    )
