"""Invariant 3, the reservations: what is reserved is what open work, earmarks and carts ask for, exactly."""

from collections import Counter
from typing import Final

from cli.audit.evidence import Evidence, Finding

OPEN: Final = frozenset(
    {"planned", "open", "accepted", "picking", "packed", "ready_for_pickup", "partially_shipped"}
)
"""Work of which something may still ship."""


def check(evidence: Evidence) -> list[Finding]:
    """Find cells whose reservations nobody asked for, or that lack some; and what is over but keeps any."""
    closed = evidence.closed()
    asked: Counter[tuple[str, str]] = Counter()
    findings: list[Finding] = []
    for row in evidence.tables["work"]:
        units = row["quantity"] - row["shipped"]
        if row["status"] not in OPEN or not units:
            continue
        asked[row["location_id"], row["sku"]] += units
        if row["order_id"] in closed:
            sentence = f"closed, but {row['fulfillment_id']} still reserves {units} of {row['sku']}"
            findings.append(Finding(row["order_id"], sentence))
    for row in evidence.tables["earmarks"]:
        asked[row["location_id"], row["sku"]] += row["quantity"]
        if row["order_id"] in closed:
            findings.append(Finding(row["order_id"], f"closed, but {row['sku']} is set aside for it"))
    for row in evidence.tables["held"]:
        asked[row["location_id"], row["sku"]] += row["quantity"]
        if row["status"] != "held":
            sentence = (
                f"{row['reservation_id']} is {row['status']}, but keeps {row['quantity']} of {row['sku']}"
            )
            findings.append(Finding("", sentence))
    reserved = {(row["location_id"], row["sku"]): row["reserved"] for row in evidence.tables["stock"]}
    for cell in reserved.keys() | asked.keys():
        if reserved.get(cell, 0) != asked[cell]:
            where = f"{cell[1]} at {cell[0]}"
            findings.append(
                Finding(
                    "", f"{where}: {reserved.get(cell, 0)} reserved, orders and carts ask for {asked[cell]}"
                )
            )
    return findings
