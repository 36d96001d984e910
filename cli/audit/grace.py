"""Grace: nobody who may still pay is cancelled, and nothing leaves that nobody pays for."""

from datetime import datetime
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group
from cli.audit.money import value_of_what_left

_ASKS: Final = {"payment.another_needed", "payment.action_required"}
_UNPAID: Final = {"payment_declined", "payment_not_confirmed"}
_CANCELS: Final = {"order.cancelled", "lines.cancelled"}
_LEAVES: Final = {"fulfillment.shipped", "fulfillment.collected"}


def check(evidence: Evidence) -> list[Finding]:
    """Find orders cancelled for want of money before their time, and shipments before anybody paid."""
    events = group(evidence.tables["events"], "order_id")
    lines = group(evidence.tables["lines"], "order_id")
    findings: list[Finding] = []
    for order in evidence.tables["orders"]:
        told = events.get(order["id"], [])
        findings += _cancelled_early(told)
        if value_of_what_left(lines.get(order["id"], ()), order["shipping_charged"]):
            findings += _left_unpaid(told)
    return findings


def _cancelled_early(events: list[Row]) -> list[Finding]:
    due_by: datetime | None = None
    findings = []
    for event in events:
        if event["type"] in _ASKS:
            due_by = datetime.fromisoformat(event["data"]["due_by"])
        for_want_of_money = event["type"] in _CANCELS and event["data"].get("reason") in _UNPAID
        if for_want_of_money and due_by is not None and event["at"] < due_by:
            sentence = f"cancelled unpaid at {event['at']}, though there was time until {due_by}"
            findings.append(Finding(event["order_id"], sentence))
    return findings


def _left_unpaid(events: list[Row]) -> list[Finding]:
    """An order that costs something first has money set aside, then ships."""
    for event in events:
        if event["type"] == "payment.authorized":
            break
        if event["type"] in _LEAVES:
            return [Finding(event["order_id"], f"event {event['seq']}: units left before anybody paid")]
    return []
