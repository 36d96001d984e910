"""Invariant 2, the amounts: captured is what left, and what was not given back is what is kept."""

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from cli.audit.evidence import Evidence, Finding, Row, group, left


def check(evidence: Evidence) -> list[Finding]:
    """Find orders of which too much, or for a closed one not exactly what is due, was taken."""
    moved = {order["id"]: Counter[str]() for order in evidence.tables["orders"]}
    for row in evidence.operations or ():
        if row["status"] == "succeeded":
            moved.setdefault(row["order_id"], Counter())[row["kind"]] += row["amount"]
    lines = group(evidence.tables["lines"], "order_id")
    given = _given(evidence)
    closed = evidence.closed()
    findings: list[Finding] = []
    for order_id, sums in moved.items():
        findings += _limits(order_id, sums)
        if order_id in closed:
            sums["given"] = given[order_id]
            findings += _settled(closed[order_id], lines.get(order_id, []), sums)
    return findings


def _given(evidence: Evidence) -> Counter[str]:
    """What customers get back beyond what their units cost: appeasements, shipping, less what was kept."""
    given: Counter[str] = Counter()
    for row in evidence.tables["refunds"]:
        if row["kind"] == "appeasement":
            given[row["order_id"]] += row["amount"]
    for row in evidence.tables["refund_adjustments"]:
        given[row["order_id"]] += row["amount"]
    return given


def _limits(order_id: str, sums: Counter[str]) -> list[Finding]:
    findings = []
    if sums["capture"] + sums["void"] > sums["authorize"]:
        taken = f"captured {sums['capture']} and voided {sums['void']}"
        findings.append(Finding(order_id, f"{taken} of {sums['authorize']} authorized"))
    if sums["refund"] > sums["capture"]:
        findings.append(Finding(order_id, f"refunded {sums['refund']} of {sums['capture']} captured"))
    return findings


def _settled(order: Row, lines: list[Row], sums: Counter[str]) -> list[Finding]:
    due = value_of_what_left(lines, order["shipping_charged"]) - order["written_off"]
    if sums["capture"] == due:
        return _kept(order, lines, sums)
    if order["status"] == "cancelled":
        return [Finding(order["id"], f"cancelled, but {sums['capture']} was captured")]
    return [Finding(order["id"], f"captured {sums['capture']}, but what left costs {due}")]


def _kept(order: Row, lines: list[Row], sums: Counter[str]) -> list[Finding]:
    """Everybody pays for what they keep, less what was given; who was forgiven something may get less."""
    paid = sums["capture"] - sums["refund"] - order["store_credit"]
    worth = sum(value_of(line, left(line)) - value_of(line, line["refunded_units"]) for line in lines)
    if any(left(line) for line in lines):
        worth += order["shipping_charged"]
    worth -= sums["given"]
    if paid == worth or order["adjusting"] or order["written_off"] or order["not_repaid"]:
        return []
    return [Finding(order["id"], f"{paid} was paid in the end, but what the customer keeps costs {worth}")]


def value_of_what_left(lines: Sequence[Row], shipping: int) -> int:
    """What a customer owes: the units that left, and the shipping once if any did; minor units.

    k of n units cost k/n of the line, rounded half up.
    """
    if not any(left(line) for line in lines):
        return 0
    return shipping + sum(value_of(line, left(line)) for line in lines)


def value_of(line: Row, units: int) -> int:
    """What so many units of a line cost, rounded half up; minor units."""
    return math.floor(Fraction(line["amount"] * units, line["quantity"]) + Fraction(1, 2))
