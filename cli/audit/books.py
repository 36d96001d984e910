"""Invariant 2, the books: each effect on money is in the provider's books once, and so in our ledger."""

from collections import Counter

from cli.audit.evidence import Evidence, Finding, Row, Rows, group, total


def check(evidence: Evidence) -> list[Finding]:
    """Find effects that only one side knows, knows differently, or knows twice; and sums that disagree."""
    effects = [row for row in evidence.operations or () if row["status"] == "succeeded"]
    return [*_pairs(evidence, effects), *_sums(evidence)]


def _pairs(evidence: Evidence, effects: list[Row]) -> list[Finding]:
    ledger = {row["intent_key"]: row for row in evidence.tables["ledger"]}
    books = {row["idempotency_key"]: row for row in effects}
    findings = [
        *_repeated(effects, "idempotency_key", "the provider's books"),
        *_repeated(evidence.tables["ledger"], "intent_key", "the ledger"),
    ]
    for key, row in ledger.items():
        if key not in books:
            findings.append(Finding(row["order_id"], f"{key} is in the ledger, not in the provider's books"))
        elif (ours := _facts(row)) != (theirs := _facts(books[key])):
            findings.append(Finding(row["order_id"], f"{key}: ledger {ours}, provider {theirs}"))
    for key in books.keys() - ledger:
        sentence = f"{key} is in the provider's books, not in the ledger"
        findings.append(Finding(books[key]["order_id"], sentence))
    return findings


def _repeated(rows: Rows, column: str, where: str) -> list[Finding]:
    by_key = group(rows, column)
    return [
        Finding(same[0]["order_id"], f"{key} is {len(same)} times in {where}")
        for key, same in by_key.items()
        if len(same) > 1
    ]


def _facts(row: Row) -> tuple[str, str, int]:
    return row["order_id"], row["kind"], row["amount"]


def _sums(evidence: Evidence) -> list[Finding]:
    ledger = group(evidence.tables["ledger"], "order_id")
    intents = group(evidence.tables["intents"], "order_id")
    findings = []
    for order in evidence.tables["orders"]:
        moved: Counter[str] = Counter()
        for row in ledger.get(order["id"], ()):
            moved[row["kind"]] += row["amount"]
        moved["void"] += total(intents.get(order["id"], ()), "released")
        for kind, column in (("capture", "captured"), ("void", "voided"), ("refund", "refunded")):
            if moved[kind] != order[column]:
                sentence = f"{column} is {order[column]} on the order, {moved[kind]} in the ledger"
                findings.append(Finding(order["id"], sentence))
    return findings
