"""Parcels: units are in the bucket of where their parcel ended."""

from collections import Counter
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group, total

_ON_ITS_WAY: Final = "on its way"


def check(evidence: Evidence) -> list[Finding]:
    """Find lines whose shipped, lost, delivered and returned units are not what parcels and returns say."""
    packed = group(evidence.tables["packed"], "order_id", "line_id")
    work = group(evidence.tables["work"], "order_id", "line_id")
    receipts = group(_from_customers(evidence), "order_id", "line_id")
    findings: list[Finding] = []
    for line in evidence.tables["lines"]:
        key = (line["order_id"], line["line_id"])
        fates: Counter[str] = Counter()
        for row in packed.get(key, ()):
            fates[row["fate"] or _ON_ITS_WAY] += row["quantity"]
        picked_up = (row for row in work.get(key, ()) if row["delivery_method"] == "pickup")
        fates["delivered"] += total(picked_up, "shipped")
        expected = _expected(fates, total(receipts.get(key, ()), "quantity"))
        findings += [
            Finding(line["order_id"], f"line {line['line_id']}: {line[bucket]} {bucket}, {units} by parcels")
            for bucket, units in expected.items()
            if line[bucket] != units
        ]  # fmt: skip
    return findings


def _from_customers(evidence: Evidence) -> list[Row]:
    customers = {row["id"] for row in evidence.tables["returns"] if row["kind"] == "customer"}
    return [row for row in evidence.tables["receipts"] if row["return_id"] in customers]


def _expected(fates: Counter[str], received: int) -> dict[str, int]:
    """What came to the customer or back is delivered, less what came back by either way."""
    arrived = fates["delivered"] + fates["returned"]
    back = min(fates["returned"] + received, arrived)
    return {
        "shipped": fates[_ON_ITS_WAY],
        "lost": fates["lost"],
        "returned": back,
        "delivered": arrived - back,
    }
