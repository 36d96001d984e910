"""What must be true after every step: the auditor's invariants, held against one story's rows and books."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from temporalio.client import Client

from cli.audit import Evidence, WorkflowSeen, judge
from cli.audit.evidence import Row
from cli.audit.temporal import ADJUSTMENT, ORDER, RETURN, read_workflow
from tests.one_story import books_seen_by, look_at, tables_of
from tests.properties.whole_life.money import money_wrongs
from tests.properties.whole_life.story import Story

_AXES: Final = """SELECT o.id, o.status, o.payment_status, o.attention, o.closed_at, o.shipping_charged,
    o.authorize_within IS NOT NULL AS postponed,
    EXISTS (SELECT FROM holds h WHERE h.order_id = o.id AND h.ended_at IS NULL) AS held,
    sum(l.pending) AS pending, sum(l.backordered) AS backordered, sum(l.allocated) AS allocated,
    sum(l.shipped) AS shipped, sum(l.delivered) AS delivered, sum(l.returned) AS returned,
    sum(l.lost) AS lost, sum(l.quantity - l.cancelled) AS live,
    sum(l.amount) FILTER (WHERE l.quantity > l.cancelled) AS worth
    FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.id = ANY($1) GROUP BY o.id"""
_SHOWN_UNPAID: Final = """SELECT o.id, f.id AS work FROM orders o
    JOIN fulfillment_orders f ON f.order_id = o.id
    WHERE o.id = ANY($1) AND f.status = 'open'
    AND EXISTS (SELECT FROM order_events e WHERE e.order_id = o.id AND e.type = 'payment.postponed')
    AND NOT EXISTS (SELECT FROM order_events e WHERE e.order_id = o.id AND e.type = 'payment.authorized')
    AND (SELECT sum(l.amount) FROM order_lines l WHERE l.order_id = o.id AND l.quantity > l.cancelled) > 0"""
_UNPAID: Final = {"pending", "action_required", "review", "declined"}


async def wrongs(story: Story) -> list[str]:
    """Everything that is not as it must be, whatever is under way at this moment."""
    look = await look_at(await story.seen())
    tables, operations = look.at_rest()
    evidence = Evidence(tables, operations, answers=story.answers)
    found = [str(finding) for verdict in judge(evidence) for finding in verdict.findings or ()]
    found += money_wrongs(look)
    found += [f"{row['id']}: {row['work']} is shown unpaid" for row in await _shown_unpaid(story)]
    return found + [sentence for row in await _axes(story) for sentence in _status(row)]


async def wrongs_at_the_end(story: Story) -> list[str]:
    """The same, once nothing is under way any more, and what the processes themselves tell."""
    seen = await story.seen()
    tables = await tables_of(seen)
    client, returns = story.world.env.client, [row["id"] for row in tables["returns"]]
    evidence = Evidence(
        tables,
        await books_seen_by(seen),
        await _workflows(client, ORDER, story.orders),
        story.orders,
        story.answers,
        await _workflows(client, RETURN, returns),
        await _workflows(client, ADJUSTMENT, story.orders),
    )
    return [str(finding) for verdict in judge(evidence) for finding in verdict.findings or ()]


async def _workflows(client: Client, prefix: str, subjects: Iterable[str]) -> dict[str, WorkflowSeen]:
    found = {subject: await read_workflow(client, subject, prefix=prefix) for subject in subjects}
    return {subject: seen for subject, seen in found.items() if seen is not None}


async def _axes(story: Story) -> Sequence[Row]:
    return [dict(row) for row in await story.watch.fetch(_AXES, story.orders)]


async def _shown_unpaid(story: Story) -> Sequence[Row]:
    """Work that locations see of orders whose payment was postponed, and for which nothing is set aside."""
    return [dict(row) for row in await story.watch.fetch(_SHOWN_UNPAID, story.orders)]


def _status(row: Row) -> list[str]:
    expected = _expected(row)
    if row["status"] == expected:
        return []
    return [f"{row['id']}: its status is {row['status']}, its axes say {expected}: {dict(row)}"]


def _expected(row: Row) -> str:  # noqa: PLR0911 (a precedence is a list of returns)
    """The order's status by DESIGN's precedence, told once more."""
    if row["attention"] is not None and row["closed_at"] is None:
        return "needs_attention"
    if row["live"] == 0:
        return "cancelled"
    if row["closed_at"] is not None:
        return "returned" if row["returned"] == row["live"] else "completed"
    if row["shipped"] + row["delivered"] + row["returned"] + row["lost"]:
        return _under_way(row)
    if row["held"]:
        return "on_hold"
    if row["worth"] + row["shipping_charged"] > 0:
        if row["payment_status"] in _UNPAID:
            return "payment_pending"
        if row["payment_status"] == "none" and not row["postponed"]:
            return "received"
    if row["pending"]:
        return "routing"
    return "in_fulfillment" if row["allocated"] else "awaiting_stock"


def _under_way(row: Any) -> str:
    unshipped = row["pending"] + row["backordered"] + row["allocated"]
    if not unshipped and not row["shipped"]:
        return "returned" if row["returned"] == row["live"] else "delivered"
    if row["delivered"] + row["returned"] + row["lost"]:
        return "partially_delivered"
    return "partially_shipped" if unshipped else "shipped"
