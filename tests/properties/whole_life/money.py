"""DESIGN 5.2 at any moment, by the provider's whole books: what is in flight widens a bound, and no more.

An effect that the provider has carried out may not be in our rows yet: its intent is open then, or nobody
waits for it any more. Looked at before and after the tables, the books enclose what they can say.
"""

from collections import Counter
from collections.abc import Iterable

from cli.audit.evidence import Row, Rows, group, total
from tests.one_story import Look

_BOOKED = ("succeeded", "pending")
_SUMS = (("capture", "captured"), ("refund", "refunded"), ("void", "voided"))


def money_wrongs(look: Look) -> list[str]:
    """Everything about the money that cannot be, whatever is under way."""
    before, after = group(look.before, "order_id"), group(look.after, "order_id")
    intents = group(look.tables["intents"], "order_id")
    documents = group(look.tables["documents"], "order_id")
    found = [*_once(look.after), *_unasked(look.before, look.tables["intents"]), *_limits(look.after)]
    for order in look.tables["orders"]:
        books = (_moved(before.get(order["id"], ())), _moved(after.get(order["id"], ())))
        own = intents.get(order["id"], [])
        news = _came_back(after.get(order["id"], []), own)
        found += _in_step(order, own, books, news)
        if order["closed_at"] is not None:
            found += _documented(order, documents.get(order["id"], []), books, news)
    return found


def _once(books: Rows) -> Iterable[str]:
    counts = Counter(row["idempotency_key"] for row in books)
    yield from (f"{key} is {count} times in the books" for key, count in counts.items() if count > 1)


def _unasked(books: Rows, intents: Rows) -> Iterable[str]:
    """Whatever the provider did was written down before it was asked for, and was this."""
    asked = {row["key"]: (row["order_id"], row["step"], row["amount"]) for row in intents}
    for row in books:
        done = (row["order_id"], row["kind"], row["amount"])
        if row["status"] in _BOOKED and asked.get(row["idempotency_key"]) != done:
            yield f"{row['idempotency_key']} is {done} in the books, and was not asked for"


def _limits(books: Rows) -> Iterable[str]:
    """No authorization gives more than it set aside, or takes back more than it gave, under way or not."""
    for reference, rows in group(books, "authorized_as").items():
        sure, booked = _moved(rows), _moved(rows, _BOOKED)
        if booked["capture"] + sure["void"] > sure["authorize"]:
            yield f"{reference}: {dict(booked)} is more than the {sure['authorize']} authorized"
        if booked["refund"] > sure["capture"]:
            yield f"{reference}: {booked['refund']} refunded of the {sure['capture']} captured"


def _moved(rows: Iterable[Row], statuses: Iterable[str] = ("succeeded",)) -> Counter[str]:
    moved = Counter[str]()
    for row in rows:
        if row["status"] in statuses:
            moved[row["kind"]] += row["amount"]
    return moved


def _in_step(order: Row, intents: Rows, books: tuple[Counter[str], Counter[str]], news: int) -> Iterable[str]:
    """The order's sums are the books', but for the one effect that is under way, and refunds that failed."""
    before, after = books
    under_way = [row for row in intents if row["status"] == "open"]
    if len(under_way) > 1:
        yield f"{order['id']}: {len(under_way)} effects are under way"
    for kind, column in _SUMS:
        ours = order[column] - (total(intents, "released") if kind == "void" else 0)
        in_flight = total((row for row in under_way if row["step"] == kind), "amount")
        untold = news if kind == "refund" else 0
        if not min(before[kind], after[kind]) - in_flight <= ours <= after[kind] + untold:
            theirs = f"{before[kind]} in the books, then {after[kind]}, {in_flight} of it under way"
            yield f"{order['id']}: {column} {ours}, but {theirs}"
    if order["refunded"] > order["captured"]:
        yield f"{order['id']}: refunded {order['refunded']} of {order['captured']}"


def _came_back(books: Rows, intents: Rows) -> int:
    """What was refunded and is with the merchant again, who has not been told yet."""
    failed = {
        row["idempotency_key"] for row in books if row["kind"] == "refund" and row["status"] == "failed"
    }
    return total((row for row in intents if row["key"] in failed and row["status"] == "succeeded"), "amount")


def _documented(
    order: Row, documents: Rows, books: tuple[Counter[str], Counter[str]], news: int
) -> Iterable[str]:
    """What is kept of a closed order is what its documents say, and what has still to go back."""
    before, after = (moved["capture"] - moved["refund"] for moved in books)
    invoiced = total((row for row in documents if row["kind"] == "invoice"), "total")
    repaid = total((row for row in documents if row["refund_to"] == "original"), "total")
    due = invoiced - repaid + order["not_repaid"] - order["written_off"]
    still_to_go = order["refund_due"] - order["refunded"] + news
    if not (due <= before and after <= due + still_to_go):
        yield f"{order['id']}: {after} is kept, documents say {due}, and {still_to_go} has still to go back"
