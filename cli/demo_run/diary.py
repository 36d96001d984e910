"""What the players did, saw and were told: the driver's side of the audit."""

import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from cli.audit import Answer
from cli.demo_run.plot import Basket

_REMEMBERED: Final = 5


@dataclass(slots=True)
class Diary:
    """The log of one run: `baskets` by order number, `accepted` by order id, the 2xx that must stay true."""

    baskets: Mapping[str, Basket]
    accepted: dict[str, Basket] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    turned_away: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    cancelled_while_picking: set[str] = field(default_factory=set)
    backordered: set[str] = field(default_factory=set)
    attended: set[str] = field(default_factory=set)
    supplied: int = 0
    killed: list[str] = field(default_factory=list)
    news: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    troubles: list[str] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)

    def note_cancel(
        self, order_id: str, units: Mapping[str, int], order: Mapping[str, Any], *, picking: bool
    ) -> None:
        """A cancel was confirmed; `units` by line when named, `order` as the answer shows it."""
        told = {line["line_id"]: line["quantities"]["cancelled"] for line in order.get("lines", ())}
        self.answers.append(Answer("cancel", order_id, datetime.now(UTC), units=units, told=told))
        if picking:
            self.cancelled_while_picking.add(order_id)

    def note_shipment(self, order_id: str, tracking_number: str, units: Mapping[str, int]) -> None:
        """A parcel was confirmed as shipped."""
        self.answers.append(
            Answer("ship", order_id, datetime.now(UTC), units=units, tracking_number=tracking_number)
        )

    def tell(self, line: str) -> None:
        """Something that the person watching should see."""
        self.news.append(line)

    @property
    def wanted(self) -> int:
        """How many orders are to be placed."""
        return len(self.baskets)

    @property
    def seconds(self) -> float:
        """Since the first order."""
        return time.monotonic() - self.started
