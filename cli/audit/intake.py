"""Invariant 1: no order is lost or doubled. One accepted POST, one order, one workflow; so for returns."""

from collections import Counter
from typing import Final

from cli.audit.evidence import Evidence, Finding

_OVER: Final = {"completed", "returned", "cancelled"}


def check(evidence: Evidence) -> list[Finding]:
    """Find orders lost or unheard of, and workflows that are missing, surplus, failed or out of step."""
    return [*_orders(evidence), *_workflows(evidence), *_returns(evidence), *_adjustments(evidence)]


def _orders(evidence: Evidence) -> list[Finding]:
    rows = Counter(order["id"] for order in evidence.tables["orders"])
    findings = [Finding(id_, f"{n} order rows") for id_, n in rows.items() if n > 1]
    findings += [
        Finding(id_, f"closed, but its status is {order['status']}")
        for id_, order in evidence.closed().items()
        if order["status"] not in _OVER
    ]
    if evidence.accepted is not None:
        answered = Counter(evidence.accepted)
        findings += [Finding(id_, "accepted, but there is no order row") for id_ in answered.keys() - rows]
        findings += [Finding(id_, "an order that nobody was told of") for id_ in rows.keys() - answered]
        findings += [Finding(id_, f"accepted as new {n} times") for id_, n in answered.items() if n > 1]
    return findings


def _workflows(evidence: Evidence) -> list[Finding]:
    seen = evidence.workflows or {}
    orders = {order["id"]: order for order in evidence.tables["orders"]}
    findings = [Finding(id_, "a workflow without an order") for id_ in seen.keys() - orders]
    for order_id, order in orders.items():
        workflow = seen.get(order_id)
        if workflow is None:
            findings.append(Finding(order_id, "an order without a workflow"))
            continue
        if workflow.starts > 1:
            findings.append(Finding(order_id, f"its workflow was started {workflow.starts} times"))
        if workflow.status not in {"running", "completed"}:
            findings.append(Finding(order_id, f"its workflow is {workflow.status}"))
        elif (workflow.status == "completed") is not (order["closed_at"] is not None):
            state = "open" if order["closed_at"] is None else "closed"
            findings.append(Finding(order_id, f"{state}, but its workflow is {workflow.status}"))
    return findings


def _returns(evidence: Evidence) -> list[Finding]:
    if evidence.returning is None:
        return []
    rows = {row["id"]: row for row in evidence.tables["returns"]}
    strays = evidence.returning.keys() - rows
    findings = [Finding("", f"{name}: a workflow without a return") for name in strays]
    for name, row in rows.items():
        workflow = evidence.returning.get(name)
        if workflow is None:
            findings.append(Finding(row["order_id"], f"{name} has no workflow"))
            continue
        if workflow.starts > 1:
            findings.append(
                Finding(row["order_id"], f"{name}: its workflow was started {workflow.starts} times")
            )
        expected = "running" if row["ended_at"] is None else "completed"
        if workflow.status != expected:
            findings.append(
                Finding(row["order_id"], f"{name} is {row['status']}, its workflow {workflow.status}")
            )
    return findings


def _adjustments(evidence: Evidence) -> list[Finding]:
    """After the close a workflow runs while money is due, and as often as it is."""
    if evidence.adjusting is None:
        return []
    closed = evidence.closed()
    seen = evidence.adjusting
    findings = [
        Finding(id_, "what is due after the close is settled, but it is open") for id_ in seen.keys() - closed
    ]
    for id_, order in closed.items():
        status = seen[id_].status if id_ in seen else "missing"
        if order["adjusting"] and status != "running":
            findings.append(Finding(id_, f"money is due after the close, its workflow is {status}"))
        if status not in {"missing", "completed", "running"}:
            findings.append(
                Finding(id_, f"what is due after the close is settled by a workflow that is {status}")
            )
    return findings
