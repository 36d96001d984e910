"""Payments that were judged: each decision is told once, and nothing of a declined order is asked for."""

from collections import Counter
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group

_VERDICTS: Final = {"risk.accepted": "accepted", "risk.review": "review", "risk.declined": "declined"}
_GOES_ON: Final = {"fulfillment.created", "fulfillment.shipped", "fulfillment.collected"}


def check(evidence: Evidence) -> list[Finding]:
    """Find decisions that the history does not tell, and orders that went on in spite of one."""
    decided = group(evidence.tables["decisions"], "order_id")
    told = group(evidence.tables["events"], "order_id")
    findings = []
    for order_id in sorted(decided.keys() | told.keys()):
        events = told.get(order_id, [])
        rows = Counter(row["verdict"] for row in decided.get(order_id, ()))
        history = Counter(_VERDICTS[event["type"]] for event in events if event["type"] in _VERDICTS)
        if rows != history:
            sentence = f"judged {_listed(rows)}, its history tells {_listed(history)}"
            findings.append(Finding(order_id, sentence))
        findings += _in_spite(order_id, events)
    return findings


def _in_spite(order_id: str, events: list[Row]) -> list[Finding]:
    declined = next((event for event in events if event["type"] == "risk.declined"), None)
    return [
        Finding(order_id, f"event {event['seq']}, {event['type']}, though its payment was declined")
        for event in events
        if declined is not None and event["seq"] > declined["seq"] and _goes_on(event, declined)
    ]


def _goes_on(event: Row, declined: Row) -> bool:
    """What the no cancels may be the last that a location had to ship: it has shipped then, that moment."""
    ended = event["type"] == "fulfillment.shipped" and event["at"] == declined["at"]
    return event["type"] in _GOES_ON and not ended


def _listed(verdicts: Counter[str]) -> str:
    return ", ".join(f"{name} {count} times" for name, count in sorted(verdicts.items())) or "never"
