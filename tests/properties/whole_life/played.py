"""What a story really met, counted from its rows, the provider's books and the faults that it met there."""

from collections import Counter
from typing import Final

from tests.properties.whole_life.story import Story

_BOOKED: Final = "SELECT count(*) FROM psp.operations p JOIN orders o ON o.id = p.order_id WHERE "
_LATER: Final = "p.answer_status = 202 AND p.kind = "
_INTENDED: Final = "SELECT count(*) FROM payment_intents i WHERE "
_GRANTED: Final = "i.step = 'authorize' AND i.resolved_at IS NOT NULL AND i.status <> 'declined'"
_REFUSED: Final = "i.step = 'authorize' AND i.status = 'declined'"
_SECOND: Final = """ AND NOT i.renews AND EXISTS (SELECT FROM payment_intents f WHERE f.order_id = i.order_id
    AND f.step = 'authorize' AND f.n < i.n AND f.status NOT IN ('declined', 'abandoned', 'open'))"""
_TOLD: Final = "SELECT count(*) FROM order_events e WHERE "
_TO_PAY: Final = "(c.preview->'to_pay'->>'after')::bigint {} (c.preview->'to_pay'->>'before')::bigint"
_EDITED: Final = f"SELECT count(*) FROM order_changes c WHERE c.status = 'confirmed' AND {_TO_PAY}"  # noqa: S608
_SHIPPED_FROM: Final = """SELECT count(*) FROM (SELECT order_id FROM fulfillment_orders
    WHERE shipped_at IS NOT NULL GROUP BY order_id HAVING count(DISTINCT location_id) > 1) s"""
_IN_PARTS: Final = """SELECT count(*) FROM (SELECT order_id FROM payment_intents
    WHERE step = 'capture' AND status = 'succeeded' GROUP BY order_id HAVING count(*) > 1) s"""

ROWS: Final[dict[str, str]] = {
    "3-D Secure passed": f"{_BOOKED} {_LATER} 'authorize' AND p.status = 'succeeded'",
    "3-D Secure failed": f"{_BOOKED} {_LATER} 'authorize' AND p.decided->>'code' = 'authentication_failed'",
    "3-D Secure called off": f"{_BOOKED} {_LATER} 'authorize'"
    " AND p.decided->>'code' = 'authorization_called_off'",
    "3-D Secure never answered": f"{_TOLD} e.type = 'order.cancelled'"
    " AND e.data->>'reason' = 'payment_not_confirmed'",
    "3-D Secure passed too late": f"{_TOLD} e.type = 'payment.authorized' AND e.data ? 'abandoned'",
    "authorization postponed": f"{_TOLD} e.type = 'payment.postponed'",
    "asked for when supply was near": f"{_TOLD} e.type = 'payment.asked_for'"
    " AND e.data->>'reason' = 'supply_near'",
    "asked for when stock was found": f"{_TOLD} e.type = 'payment.asked_for'"
    " AND e.data->>'reason' = 'stock_found'",
    "authorization declined": f"{_INTENDED} {_REFUSED}",
    "declined, and tried again": f"{_TOLD} e.type = 'payment.authorize_declined'"
    " AND e.data ? 'tried_again_at'",
    "declined with advice": f"{_TOLD} e.type = 'payment.authorize_declined' AND e.data ? 'advice'",
    "authorization for more": f"{_INTENDED} {_GRANTED} {_SECOND}",
    "authorization for more refused": f"{_INTENDED} {_REFUSED} {_SECOND}",
    "authorization renewed": f"{_INTENDED} {_GRANTED} AND i.renews",
    "authorization ended": f"{_TOLD} e.type = 'payment.authorization_expired'",
    "void": f"{_BOOKED} p.kind = 'void' AND p.status = 'succeeded' AND p.amount > 0",
    "capture": f"{_BOOKED} p.kind = 'capture' AND p.status = 'succeeded'",
    "captured in parts": _IN_PARTS,
    "capture that let go of the rest": f"{_INTENDED} i.step = 'capture' AND i.released > 0",
    "capture refused": f"{_BOOKED} p.kind = 'capture' AND p.answer_status = 402",
    "capture decided later": f"{_BOOKED} {_LATER} 'capture' AND p.status = 'succeeded'",
    "capture failed later": f"{_BOOKED} {_LATER} 'capture' AND p.status = 'failed'",
    "refund": f"{_BOOKED} p.kind = 'refund' AND p.status = 'succeeded'",
    "refund refused": f"{_BOOKED} p.kind = 'refund' AND p.answer_status = 402",
    "refund decided later": f"{_BOOKED} {_LATER} 'refund' AND p.status = 'succeeded'",
    "refund failed later": f"{_BOOKED} {_LATER} 'refund' AND p.status = 'failed'",
    "refund that came back": f"{_TOLD} e.type = 'payment.refund_failed'",
    "refund after the close": f"{_TOLD} e.type = 'payment.refunded' AND e.data ? 'late'",
    "step of money written off": "SELECT count(*) FROM write_offs w WHERE w.amount > 0",
    "shipped from several locations": _SHIPPED_FROM,
    "edit to a higher total": _EDITED.format(">"),
    "edit to a lower total": _EDITED.format("<"),
}
"""How often each happened to a story, by its own tables and the provider's books."""

FAULTS: Final[dict[str, str]] = {
    "latency": "fault: slow answer",
    "error": "fault: 503",
    "timeout_after_effect": "fault: answer lost after the effect",
    "duplicate_notice": "fault: notice twice",
    "reordered_notice": "fault: notice overtaken",
    "lost_notice": "fault: notice lost",
}
"""The provider's own count of what it did to a story's orders."""

KINDS: Final = (*ROWS, *FAULTS.values())

_QUERY: Final = "SELECT " + ", ".join(f'({query}) AS "{kind}"' for kind, query in ROWS.items())


async def played_in(story: Story) -> Counter[str]:
    """Count what happened to a story, by kind."""
    row = await (await story.seen()).fetchrow(_QUERY)
    played = Counter[str](dict(row))
    for order_id in story.troubles:
        url = f"{story.world.settings.psp_url}/faults/met?order_id={order_id}"
        met = (await story.world.http.get(url)).raise_for_status().json()
        for fault, times in met.items():
            played[FAULTS[fault]] += times
    return +played
