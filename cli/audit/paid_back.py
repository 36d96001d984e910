"""What customers are to get back, by the auditor's own arithmetic: an order's history, told once more.

Units of a parcel that is lost or turns round are paid back once; units of a customer's return when they are
inspected. k units of n cost k/n of the line, rounded half up, and the next ones what is then still missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cli.audit.evidence import Row
from cli.audit.money import value_of

_TROUBLE: Final = {"parcel.lost", "parcel.returned"}


@dataclass(slots=True)
class PaidBack:
    """`units` by line; `returns` what each return is worth; `trouble` what parcels cost; minor units."""

    units: Counter[str] = field(default_factory=Counter)
    returns: Counter[str] = field(default_factory=Counter)
    trouble: int = 0


def told_once_more(events: Iterable[Row], lines: Iterable[Row], customers: set[str]) -> PaidBack:
    """Tell an order's history; `customers` are the returns that customers asked for."""
    by_line = {line["line_id"]: line for line in lines}
    told = PaidBack()
    lost: defaultdict[str, bool] = defaultdict(bool)
    for event in events:
        data: Mapping[str, Any] = event["data"]
        if event["type"] in _TROUBLE:
            # What came back or was lost after the close is a person's matter.
            if not lost[data["parcel_id"]] and not data.get("late"):
                told.trouble += _worth(told, by_line, data["lines"])
            lost[data["parcel_id"]] = True
        elif event["type"] == "return.inspected" and data["return_id"] in customers:
            told.returns[data["return_id"]] += _worth(told, by_line, data["lines"])
    return told


def _worth(told: PaidBack, by_line: Mapping[str, Row], moved: Iterable[Mapping[str, Any]]) -> int:
    worth = 0
    for one in moved:
        line, before = by_line.get(one["line_id"]), told.units[one["line_id"]]
        told.units[one["line_id"]] += one["quantity"]
        if line is not None:
            after = told.units[one["line_id"]]
            worth += value_of(line, after) - value_of(line, before)
    return worth
