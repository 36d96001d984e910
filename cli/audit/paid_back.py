"""What customers are to get back, by the auditor's own arithmetic: an order's history, told once more.

Units of a parcel that is lost or turns round are paid back once, after the close only when a person says so;
units of a customer's return when they are inspected. k units of n cost k/n of the line, rounded half up, and
the next ones what is then still missing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cli.audit.evidence import Row
from cli.audit.money import value_of

_TROUBLE: Final = {"parcel.lost", "parcel.returned"}


@dataclass(slots=True)
class PaidBack:
    """`units` by line; `returns` what each return is worth; `trouble` what parcels cost; minor units."""

    lines: Mapping[str, Row]
    units: Counter[str] = field(default_factory=Counter)
    returns: Counter[str] = field(default_factory=Counter)
    trouble: int = 0
    _left: Counter[str] = field(default_factory=Counter)
    _lost: set[str] = field(default_factory=set)

    def hear(self, event: Row, customers: set[str]) -> None:
        """Take the next event in; `customers` are the returns that customers asked for."""
        data: Mapping[str, Any] = event["data"]
        match event["type"]:
            case "fulfillment.shipped":
                for parcel in data.get("parcels", ()):
                    self._left.update({one["line_id"]: one["quantity"] for one in parcel["lines"]})
            case "fulfillment.collected":
                self._left.update({line_id: line["quantity"] for line_id, line in self.lines.items()})
            case "return.inspected" if data["return_id"] in customers:
                self.returns[data["return_id"]] += self._worth(data["lines"])
            case "parcel.paid_back":
                self.trouble += self._worth(data["lines"])
            case kind if kind in _TROUBLE:
                self._end_parcel(data)

    def _end_parcel(self, data: Mapping[str, Any]) -> None:
        """What was lost is paid back already when it turns up; after the close a person decides."""
        if data["parcel_id"] not in self._lost and not data.get("late"):
            self.trouble += self._worth(data["lines"])
        self._lost.add(data["parcel_id"])

    def _worth(self, moved: Iterable[Mapping[str, Any]]) -> int:
        """What units cost; none that left is paid back twice, though it may be lost, found, and returned."""
        worth = 0
        for one in moved:
            line_id = one["line_id"]
            before = self.units[line_id]
            self.units[line_id] = after = min(before + one["quantity"], max(self._left[line_id], before))
            if line_id in self.lines:
                worth += value_of(self.lines[line_id], after) - value_of(self.lines[line_id], before)
        return worth


def told_once_more(events: Iterable[Row], lines: Iterable[Row], customers: set[str]) -> PaidBack:
    """Tell an order's history; `customers` are the returns that customers asked for."""
    told = PaidBack({line["line_id"]: line for line in lines})
    for event in events:
        told.hear(event, customers)
    return told
