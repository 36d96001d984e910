"""Invoices and credit notes: over exactly what left and what is owed back, numbered without a gap."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group, left, total
from cli.audit.money import value_of, value_of_what_left

_PARTS: Final = ("items", "shipping", "adjustment", "tax")


def check(evidence: Evidence) -> list[Finding]:
    """Find documents over something else than what happened, and numbers that lack or come twice."""
    tables = {
        name: group(evidence.tables[name], "order_id")
        for name in ("documents", "lines", "refunds", "entries")
    }
    findings = [*_numbers(evidence.tables["numbers"]), *_labels(evidence.tables["numbers"])]
    for order in evidence.tables["orders"]:
        rows = {name: by_order.get(order["id"], []) for name, by_order in tables.items()}
        sentences = [*_sums(rows["documents"]), *_posted(rows["documents"], rows["entries"])]
        if not any(entry["fact"] == "opening" for entry in rows["entries"]):
            sentences += [*_invoiced(order, rows), *_credited(rows)]
            if order["closed_at"] is not None:
                sentences += _kept(order, rows["documents"])
        findings += [Finding(order["id"], sentence) for sentence in sentences]
    return findings


def _numbers(given: Iterable[Row]) -> Iterable[Finding]:
    """A series is the seller's, not an order's: all of it is looked at, whichever orders are."""
    for (entity, kind), rows in group(given, "legal_entity", "kind").items():
        counts = Counter(row["number"] for row in rows)
        yield from (
            Finding("", f"{kind} {number} of {entity} is missing")
            for number in range(1, max(counts) + 1)
            if number not in counts
        )
        yield from (
            Finding("", f"{kind} {number} of {entity} is there {n} times")
            for number, n in counts.items()
            if n > 1
        )


def _labels(given: Iterable[Row]) -> Iterable[Finding]:
    counts = Counter(row["label"] for row in given if row["label"] is not None)
    yield from (Finding("", f"{n} documents have the number {label}") for label, n in counts.items() if n > 1)


def _sums(documents: Iterable[Row]) -> Iterable[str]:
    for row in documents:
        parts = sum(row[part] for part in _PARTS)
        if parts != row["total"]:
            yield f"{row['id']} is over {row['total']}, its parts sum to {parts}"
        of_lines = total(row["lines"], "amount") - _of_lines(row)
        of_rest = (row["shipping_tax"], row["adjustment_tax"])
        if of_lines != row["items"] and (row["kind"] == "invoice" or None not in of_rest):
            yield f"{row['id']} has items of {row['items']}, its lines sum to {of_lines} without tax"
        if None not in of_rest and _of_lines(row) + sum(of_rest) != row["tax"]:
            yield f"{row['id']} has a tax of {row['tax']}, its parts have {_of_lines(row) + sum(of_rest)}"
        for line in row["lines"]:
            if line["units"] * line["unit_price"] - line["discount"] + line["tax"] != line["amount"]:
                yield f"{row['id']} line {line['line_id']} does not add up to {line['amount']}"


def _posted(documents: Iterable[Row], entries: Iterable[Row]) -> Iterable[str]:
    by_key = group(entries, "transaction")
    for row in documents:
        owed = sum(
            entry["amount"] for entry in by_key.get(row["id"], ()) if entry["account"] == _owed_in(row)
        )
        expected = row["total"] if row["kind"] == "invoice" else -row["total"]
        if owed != expected:
            yield f"{row['id']} is over {expected}, the ledger has {owed} for it in {_owed_in(row)}"


def _owed_in(row: Row) -> str:
    if row["kind"] == "invoice":
        return "accounts_receivable"
    return "refunds_payable" if row["refund_to"] == "original" else "store_credit_liability"


def _invoiced(order: Row, rows: Mapping[str, Sequence[Row]]) -> Iterable[str]:
    """Each unit that left is invoiced once, at what it costs, and so is the shipping."""
    invoices = [row for row in rows["documents"] if row["kind"] == "invoice"]
    yield from _units(rows["lines"], invoices)
    due = value_of_what_left(rows["lines"], order["shipping_charged"])
    if total(invoices, "total") != due:
        yield f"{total(invoices, 'total')} is invoiced, what left costs {due}"
    on_shipping = total(invoices, "tax") - sum(_of_lines(row) for row in invoices)
    expected = _of_shipping(order) if invoices else 0
    if on_shipping != expected:
        yield f"{on_shipping} of tax is invoiced beside the lines', shipping's is {expected}"


def _of_lines(document: Row) -> int:
    """The tax on a document's lines, added to their prices or contained in them."""
    return sum(line["tax"] + line.get("contained_tax", 0) for line in document["lines"])


def _of_shipping(order: Row) -> int:
    parts = [part for part in order["taxes"] or () if part["line_id"] is None and part["included"]]
    return int(order["shipping_tax"]) + total(parts, "tax")


def _units(lines: Iterable[Row], invoices: Iterable[Row]) -> Iterable[str]:
    billed = group((line for row in invoices for line in row["lines"]), "line_id")
    for line in lines:
        parts = billed.get(line["line_id"], ())
        if total(parts, "units") != left(line):
            yield f"line {line['line_id']}: {total(parts, 'units')} units invoiced of {left(line)} that left"
        amount, cost = total(parts, "amount"), value_of(line, left(line))
        if amount != cost:
            yield f"line {line['line_id']}: {amount} invoiced, what left of it costs {cost}"


def _credited(rows: Mapping[str, Sequence[Row]]) -> Iterable[str]:
    """Each refund has its credit note, and nothing is credited beyond what was invoiced of it."""
    notes = {row["refund_id"]: row for row in rows["documents"] if row["kind"] == "credit_note"}
    for refund in rows["refunds"]:
        note = notes.pop(refund["id"], None)
        if note is None or (note["total"], note["refund_to"]) != (refund["amount"], refund["refund_to"]):
            told = "no credit note" if note is None else f"a credit note over {note['total']}"
            yield f"{refund['amount']} is owed back to {refund['refund_to']}, and there is {told}"
    yield from (f"{note['id']} is for no refund" for note in notes.values())
    by_kind = group(rows["documents"], "kind")
    for part in ("items", "shipping", "tax", "total"):
        invoiced, credited = (total(by_kind.get(kind, ()), part) for kind in ("invoice", "credit_note"))
        if credited > invoiced:
            yield f"{credited} of {part} is credited, {invoiced} was invoiced"


def _kept(order: Row, documents: Sequence[Row]) -> Iterable[str]:
    """DESIGN 5.2: captured − refunded = invoices − credit notes repaid to the instrument.

    Less what a person decided not to pursue, and what has still to go back because it became due late.
    """
    invoiced = total((row for row in documents if row["kind"] == "invoice"), "total")
    repaid = total((row for row in documents if row["refund_to"] == "original"), "total")
    still_due = order["refund_due"] - order["refunded"]
    forgiven = order["not_repaid"] + still_due - order["written_off"]
    kept = order["captured"] - order["refunded"]
    if kept != invoiced - repaid + forgiven:
        yield f"{kept} is kept, documents say {invoiced} − {repaid}, and {forgiven} was forgiven"
