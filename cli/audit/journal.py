"""Each history has no gap and no event without an actor; nothing that was to be told outside waits."""

from itertools import pairwise

from cli.audit.evidence import Evidence, Finding, group


def check(evidence: Evidence) -> list[Finding]:
    """Find gaps in the events of an order, times that run backwards, events that nobody did, untold news."""
    events = group(evidence.tables["events"], "order_id")
    findings = [
        Finding(row["order_id"], f"outbox {row['id']} ({row['kind']}) waits: {row['error'] or 'never tried'}")
        for row in evidence.tables["outbox"]
    ]
    for order in evidence.tables["orders"]:
        told = events.get(order["id"], [])
        seqs = [event["seq"] for event in told]
        if not seqs or seqs != list(range(1, len(seqs) + 1)):
            findings.append(Finding(order["id"], f"its events are numbered {seqs}"))
        elif order["next_seq"] != len(seqs) + 1:
            sentence = f"{len(seqs)} events, but the next is to be number {order['next_seq']}"
            findings.append(Finding(order["id"], sentence))
        findings += [
            Finding(order["id"], f"nobody did event {event['seq']}, {event['type']}")
            for event in told
            if not event["actor"]
        ]
        findings += [
            Finding(order["id"], f"event {after['seq']} is older than event {before['seq']}")
            for before, after in pairwise(told)
            if after["at"] < before["at"]
        ]
    return findings
