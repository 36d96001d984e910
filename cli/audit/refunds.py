"""Money that goes back: owed for what came back or never came, once, and paid to where it was to go."""

from collections.abc import Iterable
from typing import Final

from cli.audit.evidence import Evidence, Finding, Row, group, left, total
from cli.audit.paid_back import PaidBack, told_once_more

_ARRIVED: Final = {"parcel.delivered", "fulfillment.collected"}


def check(evidence: Evidence) -> list[Finding]:
    """Find refunds that are not what they should be, not what the order says, or not paid at the end."""
    tables = {
        name: group(evidence.tables[name], "order_id")
        for name in (
            "events", "lines", "refunds", "refund_adjustments", "store_credits", "write_offs", "returns",
        )
    }  # fmt: skip
    findings: list[Finding] = []
    for order in evidence.tables["orders"]:
        rows = {name: by_order.get(order["id"], []) for name, by_order in tables.items()}
        customers = {row["id"] for row in rows["returns"] if row["kind"] == "customer"}
        told = told_once_more(rows["events"], rows["lines"], customers)
        sentences = [
            *_units(rows["lines"], told),
            *_owed(order, rows, told),
            *_shipping(order, rows),
            *_sums(order, rows),
        ]
        if order["closed_at"] is not None:
            sentences += _paid(order)
        findings += [Finding(order["id"], sentence) for sentence in sentences]
    return findings


def _units(lines: Iterable[Row], told: PaidBack) -> Iterable[str]:
    for line in lines:
        units = told.units[line["line_id"]]
        if line["refunded_units"] != units:
            yield f"line {line['line_id']}: {line['refunded_units']} units paid back, {units} by its history"
        if line["refunded_units"] > left(line):
            said = f"{line['refunded_units']} units paid back of {left(line)} that left"
            yield f"line {line['line_id']}: {said}"


def _owed(order: Row, rows: dict[str, list[Row]], told: PaidBack) -> Iterable[str]:
    """Each return is worth its inspected units, and trouble its parcels, both as they were adjusted."""
    adjusted = group(rows["refund_adjustments"], "return_id")
    trouble = [row for row in rows["refunds"] if row["kind"] == "undelivered"]
    due = told.trouble + total(adjusted.get(None, ()), "amount")
    if total(trouble, "amount") != due:
        yield f"{total(trouble, 'amount')} is owed for parcels in trouble, they are worth {due}"
    of_returns = group((row for row in rows["refunds"] if row["kind"] == "return"), "return_id")
    for row in rows["returns"]:
        worth = told.returns[row["id"]] + total(adjusted.get(row["id"], ()), "amount")
        owed = total(of_returns.get(row["id"], ()), "amount")
        if row["refund"] != worth:
            yield f"{row['id']} refunds {row['refund']}, its inspected units are worth {worth}"
        if owed != row["refund"]:
            yield f"{row['id']} refunds {row['refund']}, but {owed} is owed for it"
        yield from _fee(row["id"], told, adjusted.get(row["id"], ()))
    given = order["written_off"] or any(row["kind"] == "appeasement" for row in rows["refunds"])
    if not given and any(row["kind"] == "given_before" for row in rows["refund_adjustments"]):
        yield "less is paid back for what was given before, but nothing was"
    unpaid = -total((row for row in rows["refund_adjustments"] if row["kind"] == "not_paid"), "amount")
    if unpaid > order["written_off"]:
        yield f"{unpaid} less is paid back for what was not paid, {order['written_off']} was written off"
    back = total((row for row in rows["refund_adjustments"] if row["kind"] == "shipping"), "amount")
    if order["shipping_refunded"] != back:
        yield f"{order['shipping_refunded']} shipping is paid back on the order, {back} with its refunds"


def _fee(return_id: str, told: PaidBack, adjusted: Iterable[Row]) -> Iterable[str]:
    """A fee is kept, and of what the units cost at most."""
    fee = -total((row for row in adjusted if row["kind"] == "restocking_fee"), "amount")
    if not 0 <= fee <= told.returns[return_id]:
        yield f"{return_id}: a fee of {fee} for units that cost {told.returns[return_id]}"


def _shipping(order: Row, rows: dict[str, list[Row]]) -> Iterable[str]:
    """Shipping is paid back once, all of it: when nothing arrived, or with all that the customer returned."""
    if order["shipping_refunded"] not in {0, order["shipping_charged"]}:
        yield f"{order['shipping_refunded']} of {order['shipping_charged']} shipping is paid back"
    back = [row for row in rows["refund_adjustments"] if row["kind"] == "shipping"]
    with_returns = [row for row in back if row["return_id"] is not None]
    if with_returns and any(left(line) != line["refunded_units"] for line in rows["lines"]):
        yield "its shipping is paid back with a return, though the customer keeps something"
    if len(back) > len(with_returns):
        arrived = False
        nothing_came = False
        for event in rows["events"]:
            arrived |= event["type"] in _ARRIVED
            nothing_came |= event["type"] in {"parcel.lost", "parcel.returned"} and not arrived
        if not nothing_came:
            yield "its shipping is paid back, though something had arrived"
    elif not back and order["closed_at"] is not None and order["shipping_charged"] and _nothing_came(rows):
        yield "nothing of it arrived, but its shipping is not paid back"


def _nothing_came(rows: dict[str, list[Row]]) -> bool:
    arrived = any(event["type"] in _ARRIVED for event in rows["events"])
    arrived |= any(line["delivered"] for line in rows["lines"])
    return any(left(line) for line in rows["lines"]) and not arrived


def _sums(order: Row, rows: dict[str, list[Row]]) -> Iterable[str]:
    original = [row for row in rows["refunds"] if row["refund_to"] == "original"]
    credit = [row for row in rows["refunds"] if row["refund_to"] != "original"]
    sums = {
        "refund_due": (total(original, "amount") - total(original, "written_off"), "its refunds"),
        "refunded": (total(original, "paid"), "its paid refunds"),
        "credit_due": (total(credit, "amount") - total(credit, "written_off"), "its refunds"),
        "store_credit": (total(rows["store_credits"], "amount"), "its credit"),
        "written_off": (total((r for r in rows["write_offs"] if r["step"] == "capture"), "amount"),
                        "its write-offs"),
    }  # fmt: skip
    for column, (amount, what) in sums.items():
        if order[column] != amount:
            yield f"{column} is {order[column]} on the order, {amount} by {what}"
    if total(credit, "paid") != order["store_credit"]:
        yield f"{total(credit, 'paid')} of its refunds is credit, {order['store_credit']} was issued"
    skipped = total((row for row in rows["write_offs"] if row["step"] == "refund"), "amount")
    cut = total(rows["refunds"], "written_off")
    if cut != skipped:
        yield f"{cut} of its refunds is written off, {skipped} by its write-offs"
    if order["refunds_written_off"] != cut:
        yield f"refunds_written_off is {order['refunds_written_off']} on the order, {cut} by its refunds"
    by_hand = sum(one["data"]["amount"] for one in rows["events"] if _skips_a_refund(one))
    if order["refunds_skipped"] != by_hand:
        yield f"refunds_skipped is {order['refunds_skipped']} on the order, {by_hand} by its history"


def _skips_a_refund(event: Row) -> bool:
    skipped = event["type"] == "order.step_skipped"
    return skipped and event["data"]["stopped"] in {"refund_refused", "refund_failed"}


def _paid(order: Row) -> Iterable[str]:
    """After the close all that is owed has gone; what became due since then may be on its way."""
    if order["refunded"] != order["refund_due"] and not order["adjusting"]:
        yield f"closed, but {order['refund_due']} is to go back and {order['refunded']} has"
    if order["store_credit"] != order["credit_due"]:
        yield f"closed, but {order['credit_due']} is to be credit and {order['store_credit']} is"
    if order["refunded"] + order["store_credit"] > order["captured"]:
        given = order["refunded"] + order["store_credit"]
        yield f"{given} was given back of {order['captured']} captured"
