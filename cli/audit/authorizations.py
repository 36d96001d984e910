"""Authorizations: each holds what the books leave on it, and of a closed order none holds anything any more.

A final capture lets go of what its authorization holds besides; the books tell no amount for that, and none
for an authorization that the provider ended by itself: it says so when it is asked to draw on it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group, total

_ENDED: Final = {"authorization_expired", "authorization_closed", "nothing_to_void"}
"""The provider's answers to a capture or a void that say that nothing is left to draw on."""


def check(evidence: Evidence) -> list[Finding]:
    """Find authorizations that were drawn beyond or hold something else, and money of closed orders."""
    effects = {
        row["idempotency_key"]: row["amount"]
        for row in evidence.operations or ()
        if row["status"] == "succeeded"
    }
    intents = group((row for row in evidence.tables["intents"] if row["key"] in effects), "order_id")
    gone = {row["authorization"] for row in evidence.tables["intents"] if row["code"] in _ENDED}
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
        findings += [Finding(order_id, sentence) for sentence in _let_go(rows, held)]
        findings += [Finding(order_id, sentence) for sentence in _believed(rows, held)]
        if order_id in closed:
            now = max(datetime.now(UTC), closed[order_id]["closed_at"])
            lasting = sum(held[reference] for reference in _lasting(rows, held, now) - gone)
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


def _let_go(intents: list[Row], held: Counter[str]) -> Iterable[str]:
    """What final captures let go of is what they left on their authorizations; it is off `held` then."""
    for capture in intents:
        if capture["step"] != "capture":
            continue
        reference = capture["authorization"]
        left = held[reference] if capture["final"] else 0
        if capture["released"] != left:
            yield f"{capture['key']} let go of {capture['released']} by the order, of {left} by the books"
        if capture["final"]:
            held[reference] = 0


def _believed(intents: list[Row], held: Counter[str]) -> Iterable[str]:
    """What the order may draw on is what the books leave."""
    for row in intents:
        if row["step"] == "authorize" and row["status"] in {"succeeded", "superseded"}:
            left = held[row["reference"] or row["key"]]
            if row["held"] != left:
                yield f"{row['key']} holds {row['held']} by the order, {left} by the books"


def _lasting(intents: list[Row], held: Counter[str], now: datetime) -> set[str]:
    """Those that `now`, the later of our time and the order's own, did not end."""
    ended = {
        intent["reference"]
        for intent in intents
        if intent["step"] == "authorize" and intent["expires_at"] is not None and intent["expires_at"] <= now
    }
    return {reference for reference, amount in held.items() if amount > 0} - ended
