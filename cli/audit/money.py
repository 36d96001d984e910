"""Invariant 2, the amounts: captured is what left, refunded is within it, the rest was given back."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction

from cli.audit.evidence import Evidence, Finding, Row, group, left, total


def check(evidence: Evidence) -> list[Finding]:
    """Find orders of which too much, or for a closed one not exactly what is due, was taken."""
    moved = {order["id"]: Counter[str]() for order in evidence.tables["orders"]}
    for row in evidence.operations or ():
        if row["status"] == "succeeded":
            moved.setdefault(row["order_id"], Counter())[row["kind"]] += row["amount"]
    lines = group(evidence.tables["lines"], "order_id")
    closed = evidence.closed()
    findings: list[Finding] = []
    for order_id, sums in moved.items():
        findings += _limits(order_id, sums)
        if order_id in closed:
            findings += _settled(closed[order_id], lines.get(order_id, []), sums)
            findings += _given_back(evidence, order_id, sums)
    return findings


def _limits(order_id: str, sums: Counter[str]) -> list[Finding]:
    findings = []
    if sums["capture"] + sums["void"] > sums["authorize"]:
        taken = f"captured {sums['capture']} and voided {sums['void']}"
        findings.append(Finding(order_id, f"{taken} of {sums['authorize']} authorized"))
    if sums["refund"] > sums["capture"]:
        findings.append(Finding(order_id, f"refunded {sums['refund']} of {sums['capture']} captured"))
    return findings


def _settled(order: Row, lines: list[Row], sums: Counter[str]) -> list[Finding]:
    due = value_of_what_left(lines, order["shipping_charged"])
    if sums["capture"] == due:
        return []
    if order["status"] == "cancelled":
        return [Finding(order["id"], f"cancelled, but {sums['capture']} was captured")]
    return [Finding(order["id"], f"captured {sums['capture']}, but what left costs {due}")]


def value_of_what_left(lines: Sequence[Row], shipping: int) -> int:
    """What a customer owes: the units that left, and the shipping once if any did; minor units.

    k of n units cost k/n of the line, rounded half up.
    """
    if not any(left(line) for line in lines):
        return 0
    shares = (Fraction(line["amount"] * left(line), line["quantity"]) for line in lines)
    return shipping + sum(math.floor(share + Fraction(1, 2)) for share in shares)


def _given_back(evidence: Evidence, order_id: str, sums: Counter[str]) -> list[Finding]:
    held = sums["authorize"] - sums["capture"] - sums["void"]
    if held <= 0:
        return []
    now = datetime.now(UTC)
    expired = total(
        (
            intent
            for intent in evidence.tables["intents"]
            if intent["order_id"] == order_id
            and intent["step"] == "authorize"
            and intent["expires_at"] is not None
            and intent["expires_at"] <= now
        ),
        "amount",
    )
    if held <= expired:
        return []
    return [Finding(order_id, f"closed, but {held} of its authorization is still held")]
