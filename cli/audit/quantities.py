"""Invariant 4: the units of each line sum to what was ordered, and are where work and parcels say."""

from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group, left, total
from cli.audit.reservations import OPEN

_BUCKETS: Final = (
    "pending", "backordered", "allocated", "shipped", "delivered", "returned", "lost", "cancelled",
)  # fmt: skip


def check(evidence: Evidence) -> list[Finding]:
    """Find lines that do not sum, or whose buckets tell another story than fulfillments and parcels."""
    work = group(evidence.tables["work"], "order_id", "line_id")
    packed = group(evidence.tables["packed"], "order_id", "line_id")
    closed = evidence.closed()
    findings: list[Finding] = []
    for line in evidence.tables["lines"]:
        key = (line["order_id"], line["line_id"])
        findings += [
            Finding(line["order_id"], f"line {line['line_id']}: {sentence}")
            for sentence in (
                *_sums(line),
                *_places(line, work.get(key, []), packed.get(key, [])),
                *_ended(line, ended=line["order_id"] in closed),
            )
        ]
    return findings + _parcels(evidence)


def _sums(line: Row) -> list[str]:
    units = [line[bucket] for bucket in _BUCKETS]
    sentences = []
    if sum(units) != line["quantity"]:
        sentences.append(f"{sum(units)} units in the buckets, {line['quantity']} ordered")
    if min(units) < 0:
        sentences.append("a bucket is negative")
    return sentences


def _places(line: Row, work: list[Row], packed: list[Row]) -> list[str]:
    sentences = []
    asked = sum(row["quantity"] - row["shipped"] for row in work if row["status"] in OPEN)
    if asked != line["allocated"]:
        sentences.append(f"{line['allocated']} units allocated, locations are asked for {asked}")
    shipped, in_parcels = total(work, "shipped"), total(packed, "quantity")
    if not left(line) == shipped == in_parcels:
        sentences.append(f"{left(line)} units left, {shipped} by fulfillments, {in_parcels} by parcels")
    return sentences


def _ended(line: Row, *, ended: bool) -> list[str]:
    waiting = line["pending"] + line["backordered"] + line["allocated"]
    return [f"{waiting} units still wait in a closed order"] if ended and waiting else []


def _parcels(evidence: Evidence) -> list[Finding]:
    packed = group(evidence.tables["packed"], "fulfillment_id", "line_id")
    return [
        Finding(row["order_id"], f"{row['fulfillment_id']} shipped {row['shipped']}, its parcels hold {held}")
        for row in evidence.tables["work"]
        if (held := total(packed.get((row["fulfillment_id"], row["line_id"]), ()), "quantity"))
        != row["shipped"]
    ]
