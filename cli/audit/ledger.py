"""Invariant 2, the ledger: it balances, and says of each order what its row and the provider's books say."""

from collections import Counter
from collections.abc import Iterable

from cli.audit.evidence import Evidence, Finding, Row, group, total

Balances = Counter[str]


def check(evidence: Evidence) -> list[Finding]:
    """Find transactions that do not balance, and balances that are not what happened to the order."""
    entries = group(evidence.tables["entries"], "order_id")
    moved = group((row for row in evidence.operations or () if row["status"] == "succeeded"), "order_id")
    findings = list(_unbalanced(evidence.tables["entries"]))
    for order in evidence.tables["orders"]:
        balances = balances_of(entries.get(order["id"], ()))
        facts = {entry["fact"] for entry in entries.get(order["id"], ())}
        sentences = [
            *_as_on_the_order(order, balances, opened="opening" in facts),
            *_as_at_the_provider(balances, moved.get(order["id"], [])),
        ]
        findings += [Finding(order["id"], sentence) for sentence in sentences]
    return findings


def balances_of(entries: Iterable[Row]) -> Balances:
    """The sum of each account: a debit is positive, a credit negative."""
    balances: Balances = Counter()
    for entry in entries:
        balances[entry["account"]] += entry["amount"]
    return balances


def _unbalanced(entries: Iterable[Row]) -> Iterable[Finding]:
    for key, rows in group(entries, "transaction").items():
        if total(rows, "amount"):
            yield Finding(
                rows[0]["order_id"], f"{key} does not balance: {total(rows, 'amount')} is left over"
            )
        if len({(row["order_id"], row["currency"]) for row in rows}) > 1:
            yield Finding(rows[0]["order_id"], f"{key} is of several orders or currencies")


def _as_on_the_order(order: Row, balances: Balances, *, opened: bool) -> Iterable[str]:
    """`opened`: its books begin with what it had come to, not with what it had come from."""
    held = order["authorized"] - order["captured"] - order["voided"]
    expected = {
        "authorized_held": held,
        "authorized_by_customers": -held,
        "refunds_payable": order["refunded"] - order["refund_due"],
        "store_credit_liability": -order["credit_due"],
    }
    if order["closed_at"] is not None:
        expected["accounts_receivable"] = 0
    if not opened:
        expected["write_offs"] = order["written_off"]
        expected["refunds_written_off"] = -order["refunds_written_off"]
        yield from _earned(balances)
    for account, amount in expected.items():
        if balances[account] != amount:
            yield f"{account} is {balances[account]} in the ledger, {amount} by the order"


def _earned(balances: Balances) -> Iterable[str]:
    """What was sold may be taken back, and no more of it."""
    for account in ("sales", "shipping_income", "tax_payable"):
        if balances[account] > 0:
            yield f"{account} is reversed by {balances[account]} more than was booked"


def _as_at_the_provider(balances: Balances, operations: Iterable[Row]) -> Iterable[str]:
    moved: Counter[str] = Counter()
    for row in operations:
        moved[row["kind"]] += row["amount"]
    ours = balances["psp_clearing"] + balances["psp_fees"]
    theirs = moved["capture"] - moved["refund"]
    if ours != theirs:
        yield f"the ledger has {ours} with the provider, its books {theirs}"
