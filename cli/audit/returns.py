"""Returns: no more comes in than was asked for, all of it is looked at, and is stock again once or never."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group, total

_ENDS: Final = {"completed", "rejected", "expired", "cancelled"}


def check(evidence: Evidence) -> list[Finding]:
    """Find returns that do not add up, that keep an order open or do not, and units restocked wrongly."""
    return [*_lines(evidence), *_ended(evidence), *_open(evidence), *_restocked(evidence)]


def _lines(evidence: Evidence) -> Iterable[Finding]:
    receipts = group(evidence.tables["receipts"], "return_id", "line_id")
    inspections = group(evidence.tables["inspections"], "return_id", "line_id")
    for line in evidence.tables["return_lines"]:
        key = (line["return_id"], line["line_id"])
        name = f"{line['return_id']} line {line['line_id']}"
        came, used = (total(receipts.get(key, ()), column) for column in ("quantity", "inspected"))
        seen = total(inspections.get(key, ()), "quantity")
        if not 0 <= line["inspected"] <= line["received"] <= line["quantity"]:
            said = f"{line['inspected']} inspected of {line['received']} received of {line['quantity']} asked"
            yield Finding(line["order_id"], f"{name}: {said}")
        if came != line["received"]:
            yield Finding(line["order_id"], f"{name}: {line['received']} received, {came} by receipts")
        if seen != line["inspected"] or used != seen:
            said = f"{line['inspected']} inspected, {seen} by inspections, {used} of the receipts"
            yield Finding(line["order_id"], f"{name}: {said}")


def _ended(evidence: Evidence) -> Iterable[Finding]:
    lines = group(evidence.tables["return_lines"], "return_id")
    for row in evidence.tables["returns"]:
        over = row["status"] in _ENDS
        if over is not (row["ended_at"] is not None):
            yield Finding(row["order_id"], f"{row['id']} is {row['status']}, its end is {row['ended_at']}")
        uninspected = [one for one in lines.get(row["id"], ()) if one["inspected"] < one["quantity"]]
        if row["status"] == "completed" and uninspected:
            yield Finding(row["order_id"], f"{row['id']} is completed, but not all of it was inspected")


def _open(evidence: Evidence) -> Iterable[Finding]:
    """A return keeps its order open; only what a carrier brings back may come after the close."""
    waiting = group((row for row in evidence.tables["returns"] if row["ended_at"] is None), "order_id")
    for order in evidence.tables["orders"]:
        rows = waiting.get(order["id"], [])
        if len(rows) != order["open_returns"]:
            sentence = f"{order['open_returns']} open returns on the order, {len(rows)} rows"
            yield Finding(order["id"], sentence)
        if order["closed_at"] is not None:
            for row in rows:
                if row["kind"] == "customer":
                    yield Finding(order["id"], f"closed, but {row['id']} is {row['status']}")


def _restocked(evidence: Evidence) -> Iterable[Finding]:
    """Exactly the units with that disposition are stock again, where they came in."""
    due: Counter[tuple[str, str, str]] = Counter()
    done: Counter[tuple[str, str, str]] = Counter()
    for row in evidence.tables["inspections"]:
        if row["disposition"] == "restock":
            due[_cell(row)] += row["quantity"]
    for row in evidence.tables["restocked"]:
        done[_cell(row)] += int(row["quantity"])
    for cell in sorted(due.keys() | done.keys()):
        if due[cell] != done[cell]:
            order_id, location_id, sku = cell
            said = f"{done[cell]} units of {sku} are stock again at {location_id}, {due[cell]} should be"
            yield Finding(order_id, said)


def _cell(row: Row) -> tuple[str, str, str]:
    return str(row["order_id"]), row["location_id"], row["sku"]
