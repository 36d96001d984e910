"""Taxes that were worked out: each part is its rate's share, rounded half up, and they sum to the order's."""

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from cli.audit.evidence import Evidence, Finding, Row, group


def check(evidence: Evidence) -> list[Finding]:
    """Find parts that their rate does not give, and lines or orders of another tax than their parts say."""
    lines = group(evidence.tables["lines"], "order_id")
    findings = []
    for order in evidence.tables["orders"]:
        if order["taxes"] is not None:
            sentences = _off(order, lines.get(order["id"], ()))
            findings += [Finding(order["id"], sentence) for sentence in sentences]
    return findings


def _off(order: Row, lines: Iterable[Row]) -> Iterable[str]:
    parts = {part["line_id"]: part for part in order["taxes"]}
    for part in parts.values():
        expected = _share(part)
        if part["tax"] != expected:
            yield f"a tax of {part['tax']} on {part['base']} {_named(part)}, {expected} by its rate"
    for line in lines:
        added = _added(parts.get(line["line_id"]))
        if line["tax"] != added:
            yield f"line {line['line_id']} is taxed {line['tax']}, {added} was worked out"
    if order["shipping_tax"] != _added(parts.get(None)):
        yield f"shipping is taxed {order['shipping_tax']}, {_added(parts.get(None))} was worked out"
    total = sum(_added(part) for part in parts.values())
    if order["tax"] != total:
        yield f"the order is taxed {order['tax']}, its parts sum to {total}"


def _share(part: Mapping[str, object]) -> int:
    rate = part["rate"]
    if not isinstance(rate, Mapping):
        return 0
    percent = Fraction(Decimal(str(rate["percent"])))
    whole = 100 + percent if part["included"] else Fraction(100)
    return math.floor(int(str(part["base"])) * percent / whole + Fraction(1, 2))


def _added(part: Mapping[str, object] | None) -> int:
    return 0 if part is None or part["included"] else int(str(part["tax"]))


def _named(part: Mapping[str, object]) -> str:
    return "of shipping" if part["line_id"] is None else f"of line {part['line_id']}"
