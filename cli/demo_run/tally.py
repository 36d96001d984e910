"""What the run came to, in numbers."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cli.audit import Evidence
from cli.audit.evidence import group
from cli.demo_run.diary import Diary

_LEFT: Final = frozenset(
    {"partially_shipped", "shipped", "partially_delivered", "delivered", "lost", "returned"}
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of orders and their money, minor units. `freight` is None when nobody paid any in real life."""

    outcomes: Counter[str]
    shipments: Counter[int]
    backordered: int
    supplied: int
    cancelled_while_picking: int
    refused: Counter[str]
    planned_cost: int
    freight: int | None
    events: Sequence[int]
    seconds: float

    @property
    def orders(self) -> int:
        """How many there were."""
        return sum(self.outcomes.values())

    @property
    def split(self) -> int:
        """Orders that came in more than one shipment."""
        return sum(count for shipments, count in self.shipments.items() if shipments > 1)

    @property
    def median_events(self) -> float:
        """History events of the order in the middle."""
        return statistics.median(self.events) if self.events else 0


def tally(diary: Diary, evidence: Evidence, seconds: float) -> Tally:
    """Count. Costs are compared over the orders that went as they were ordered, with nothing cancelled."""
    left = [row for row in evidence.tables["fulfillments"] if row["status"] in _LEFT]
    by_order = group(left, "order_id")
    cut = {line["order_id"] for line in evidence.tables["lines"] if line["cancelled"]}
    whole = by_order.keys() & diary.accepted.keys() - cut
    freights = [diary.accepted[order_id].freight_paid for order_id in whole]
    known = [freight for freight in freights if freight is not None]
    return Tally(
        outcomes=Counter(row["status"] for row in evidence.tables["orders"]),
        shipments=Counter(len(by_order.get(row["id"], ())) for row in evidence.tables["orders"]),
        backordered=len(diary.backordered),
        supplied=diary.supplied,
        cancelled_while_picking=len(diary.cancelled_while_picking),
        refused=diary.refused,
        planned_cost=round(sum(row["cost"] for row in left if row["order_id"] in whole)),
        freight=sum(known) if known else None,
        events=sorted(seen.events for seen in (evidence.workflows or {}).values()),
        seconds=seconds,
    )
