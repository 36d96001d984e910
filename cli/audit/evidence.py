"""What the auditor looks at, and what it may find."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation: the order it concerns (empty for a cell of stock or a location) and a sentence."""

    order_id: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.order_id}: {self.sentence}" if self.order_id else self.sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx that somebody was given, and may rely on.

    `cancel`: `units` by line id were asked for by name (empty: all that had not shipped); `told` is how many
    units of each line the answer showed as cancelled. `ship`: `units` went, with `tracking_number`. `at` is
    when the answer was received.
    """

    action: Literal["cancel", "ship"]
    order_id: str
    at: datetime
    units: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class WorkflowSeen:
    """The workflow of an order or a return as Temporal tells it, all runs of its id together.

    `subject` is the id of the order or the return. `status` is the last run's. `events` counts the history.
    `broken_tasks` are the causes of workflow tasks that failed by fault of the code. `unanswered` counts
    updates that were accepted and never completed.
    `told` is everything the history says, as text.
    """

    subject: str
    status: str
    starts: int = 1
    events: int = 0
    broken_tasks: tuple[str, ...] = ()
    unanswered: int = 0
    told: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was gathered. None: it was not looked at, and what needs it is not judged.

    `workflows` by order id, `returning` by the id of the return whose process it is, `adjusting` by the id of
    the closed order.
    """

    tables: Mapping[str, Rows]
    operations: Rows | None = None
    workflows: Mapping[str, WorkflowSeen] | None = None
    accepted: Sequence[str] | None = None
    answers: Sequence[Answer] = ()
    returning: Mapping[str, WorkflowSeen] | None = None
    adjusting: Mapping[str, WorkflowSeen] | None = None

    def closed(self) -> dict[str, Row]:
        """The orders whose life is over, by id."""
        return {order["id"]: order for order in self.tables["orders"] if order["closed_at"] is not None}


def group(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column, or by the tuple of several."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        key = tuple(row[column] for column in columns)
        groups[key if len(columns) > 1 else key[0]].append(row)
    return dict(groups)


def total(rows: Iterable[Row], column: str) -> int:
    """The sum of a column."""
    return sum(int(row[column]) for row in rows)


def left(line: Row) -> int:
    """Units of an order line that ever left a location, by its buckets."""
    return int(line["shipped"] + line["delivered"] + line["returned"] + line["lost"])
