"""Authorizations: of a closed order nothing is set aside any more, on none of them."""

from collections import Counter
from datetime import UTC, datetime

from cli.audit.evidence import Evidence, Finding, Row, group, total


def check(evidence: Evidence) -> list[Finding]:
    """Find authorizations that were drawn beyond, and those of closed orders that still hold money."""
    effects = {
        row["idempotency_key"]: row["amount"]
        for row in evidence.operations or ()
        if row["status"] == "succeeded"
    }
    intents = group((row for row in evidence.tables["intents"] if row["key"] in effects), "order_id")
    skipped = group((row for row in evidence.tables["write_offs"] if row["step"] == "void"), "order_id")
    closed = evidence.closed()
    findings: list[Finding] = []
    for order_id, rows in intents.items():
        held = _held(rows, effects)
        findings += [
            Finding(order_id, f"{-amount} more than {reference} allowed was captured or voided")
            for reference, amount in held.items()
            if amount < 0
        ]
        if order_id in closed:
            lasting = _lasting(rows, held, max(datetime.now(UTC), closed[order_id]["closed_at"]))
            if lasting > total(skipped.get(order_id, ()), "amount"):
                findings.append(
                    Finding(order_id, f"closed, but {lasting} of its authorizations is still held")
                )
    return findings


def _held(intents: list[Row], effects: dict[str, int]) -> Counter[str]:
    """What each authorization still holds, by its reference."""
    held: Counter[str] = Counter()
    for intent in intents:
        amount = effects[intent["key"]]
        if intent["step"] == "authorize":
            held[intent["reference"] or intent["key"]] += amount
        elif intent["step"] in {"capture", "void"}:
            held[intent["authorization"]] -= amount
    return held


def _lasting(intents: list[Row], held: Counter[str], now: datetime) -> int:
    """The sum over those that `now`, the later of our time and the order's own, did not end."""
    ended = {
        intent["reference"]
        for intent in intents
        if intent["step"] == "authorize" and intent["expires_at"] is not None and intent["expires_at"] <= now
    }
    return sum(amount for reference, amount in held.items() if amount > 0 and reference not in ended)
