"""Invariant 4: the units of each line sum to what was ordered, and are where work and parcels say."""

from collections.abc import Mapping
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group, left, total
from cli.audit.reservations import OPEN

_BUCKETS: Final = (
    "pending", "backordered", "allocated", "shipped", "delivered", "returned", "lost", "cancelled",
)  # fmt: skip


def check(evidence: Evidence) -> list[Finding]:
    """Find lines that do not sum, or whose buckets tell another story than the rows they stand for."""
    places = {
        name: group(evidence.tables[name], "order_id", "line_id")
        for name in ("work", "packed", "backorders", "earmarks")
    }
    closed = evidence.closed()
    findings: list[Finding] = []
    for line in evidence.tables["lines"]:
        rows = {
            name: by_line.get((line["order_id"], line["line_id"]), []) for name, by_line in places.items()
        }
        sentences = (*_sums(line), *_asked(line, rows), *_gone(line, rows))
        if line["order_id"] in closed:
            sentences += tuple(_ended(line))
        findings += [Finding(line["order_id"], f"line {line['line_id']}: {one}") for one in sentences]
    return findings + _parcels(evidence)


def _sums(line: Row) -> list[str]:
    units = [line[bucket] for bucket in _BUCKETS]
    sentences = []
    if sum(units) != line["quantity"]:
        sentences.append(f"{sum(units)} units in the buckets, {line['quantity']} ordered")
    if min(units) < 0:
        sentences.append("a bucket is negative")
    return sentences


def _asked(line: Row, rows: Mapping[str, list[Row]]) -> list[str]:
    """Units that have not left: locations are asked for them, or they wait, or stock is set aside."""
    sentences = []
    asked = sum(row["quantity"] - row["shipped"] for row in rows["work"] if row["status"] in OPEN)
    if asked != line["allocated"]:
        sentences.append(f"{line['allocated']} units allocated, locations are asked for {asked}")
    waiting, aside = total(rows["backorders"], "quantity"), total(rows["earmarks"], "quantity")
    if waiting != line["backordered"]:
        sentences.append(f"{line['backordered']} units backordered, {waiting} are in the queue")
    if aside > line["pending"]:
        sentences.append(f"{line['pending']} units pending, but {aside} are set aside for them")
    return sentences


def _gone(line: Row, rows: Mapping[str, list[Row]]) -> list[str]:
    """Units that left did so by fulfillments."""
    shipped = total(rows["work"], "shipped")
    return [] if shipped == left(line) else [f"{left(line)} units left, {shipped} by fulfillments"]


def _ended(line: Row) -> list[str]:
    waiting = line["pending"] + line["backordered"] + line["allocated"]
    return [f"{waiting} units still wait in a closed order"] if waiting else []


def _parcels(evidence: Evidence) -> list[Finding]:
    """What a fulfillment shipped is in its parcels, unless the customer came for it."""
    packed = group(evidence.tables["packed"], "fulfillment_id", "line_id")
    return [
        Finding(row["order_id"], f"{row['fulfillment_id']} shipped {row['shipped']}, its parcels hold {held}")
        for row in evidence.tables["work"]
        if row["delivery_method"] != "pickup"
        and (held := total(packed.get((row["fulfillment_id"], row["line_id"]), ()), "quantity"))
        != row["shipped"]
    ]
