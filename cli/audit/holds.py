"""Holds: nothing that a hold blocks happens between its placing and its end."""

from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group

_BLOCKED: Final = {
    "fulfillment.shipped": "release",
    "fulfillment.collected": "release",
    "fulfillment.created": "routing",
}
_ENDS: Final = {"hold.lifted", "hold.expired", "hold.ended"}


def check(evidence: Evidence) -> list[Finding]:
    """Find steps taken in spite of a hold, and holds that are counted wrong or outlive their order."""
    findings: list[Finding] = []
    for order_id, events in group(evidence.tables["events"], "order_id").items():
        findings += _in_spite(order_id, events)
    active = group((row for row in evidence.tables["holds"] if row["ended_at"] is None), "order_id")
    for order in evidence.tables["orders"]:
        holds = len(active.get(order["id"], ()))
        if holds != order["active_holds"]:
            sentence = f"{order['active_holds']} active holds on the order, {holds} rows"
            findings.append(Finding(order["id"], sentence))
        if holds and order["closed_at"] is not None:
            findings.append(Finding(order["id"], f"closed, but {holds} holds are active"))
    return findings


def _in_spite(order_id: str, events: list[Row]) -> list[Finding]:
    holding: dict[str, list[str]] = {}
    findings = []
    for event in events:
        if event["type"] == "hold.placed":
            holding[event["data"]["hold_id"]] = event["data"]["blocks"]
        elif event["type"] in _ENDS:
            holding.pop(event["data"]["hold_id"], None)
        step = _BLOCKED.get(event["type"])
        if step is not None and any(step in blocks for blocks in holding.values()):
            findings.append(Finding(order_id, f"event {event['seq']}, {event['type']}, in spite of a hold"))
    return findings
