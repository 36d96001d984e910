"""Invariant 5: answers are true. What a 2xx cancelled does not ship; what a 2xx shipped is on its way."""

from collections import Counter
from collections.abc import Iterable

from cli.audit.evidence import Answer, Evidence, Finding, Row, group, total


def check(evidence: Evidence) -> list[Finding]:
    """Find cancels and shipments that were confirmed to somebody and did not hold."""
    lines = group(evidence.tables["lines"], "order_id")
    packed = group(evidence.tables["packed"], "order_id")
    by_order: dict[str, list[Answer]] = {}
    for answer in evidence.answers:
        by_order.setdefault(answer.order_id, []).append(answer)
    findings: list[Finding] = []
    for order_id, answers in by_order.items():
        cancels = [answer for answer in answers if answer.action == "cancel"]
        ships = [answer for answer in answers if answer.action == "ship"]
        parcels = packed.get(order_id, [])
        sentences = (
            *_cancelled(cancels, lines.get(order_id, []), parcels),
            *_nothing_after(cancels, parcels),
            *_shipped(ships, parcels),
        )
        findings += [Finding(order_id, sentence) for sentence in sentences]
    return findings


def _cancelled(cancels: list[Answer], lines: list[Row], parcels: list[Row]) -> Iterable[str]:
    asked: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for cancel in cancels:
        asked.update(cancel.units)
        told |= Counter(cancel.told)
    shipped = group(parcels, "line_id")
    for line in lines:
        line_id = line["line_id"]
        promised = max(asked[line_id], told[line_id])
        if line["cancelled"] < promised:
            yield f"line {line_id}: {promised} units confirmed as cancelled, {line['cancelled']} are"
        sent = total(shipped.get(line_id, ()), "quantity")
        if sent + promised > line["quantity"]:
            yield f"line {line_id}: {sent} shipped though {promised} of {line['quantity']} were cancelled"


def _nothing_after(cancels: list[Answer], parcels: list[Row]) -> Iterable[str]:
    whole = [cancel.at for cancel in cancels if not cancel.units]
    if whole:
        late = {row["tracking_number"] for row in parcels if row["created_at"] > min(whole)}
        for number in sorted(late):
            yield f"{number} shipped after everything unshipped was confirmed as cancelled"


def _shipped(ships: list[Answer], parcels: list[Row]) -> Iterable[str]:
    by_number = group(parcels, "tracking_number")
    for ship in ships:
        held: Counter[str] = Counter()
        for row in by_number.get(ship.tracking_number, ()):
            held[row["line_id"]] += row["quantity"]
        if held != Counter(ship.units):
            yield f"{ship.tracking_number}: confirmed with {dict(ship.units)}, parcels hold {dict(held)}"
