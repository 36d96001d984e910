"""What the players did, saw and were told: the driver's side of the audit."""

import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from cli.audit import Answer
from cli.demo_run.caller import Reply
from cli.demo_run.plot import Basket, Plot

_REMEMBERED: Final = 5


@dataclass(slots=True)
class Diary:
    """The log of one run: `baskets` by order number, `accepted` by order id, the 2xx that must stay true."""

    baskets: Mapping[str, Basket]
    accepted: dict[str, Basket] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    turned_away: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    happened: set[tuple[str, str]] = field(default_factory=set)
    supplied: int = 0
    killed: list[str] = field(default_factory=list)
    news: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    troubles: list[str] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)

    def plot_of(self, order_number: str) -> Plot:
        """An order's fate."""
        basket = self.baskets.get(order_number)
        return basket.plot if basket else Plot()

    def first_time(self, order_id: str, what: str) -> bool:
        """Whether this has not happened to the order yet; from now on it has."""
        before = (order_id, what) in self.happened
        self.happened.add((order_id, what))
        return not before

    def refuse(self, what: str, reply: Reply) -> None:
        """A no to something that was asked for: 409 is part of a day, anything else is not."""
        if reply.status == HTTPStatus.CONFLICT:
            self.refused[f"{what} 409"] += 1
        else:
            self.troubles.append(f"{what}: {reply.status} {reply.detail}")

    def note_cancel(self, order_id: str, units: Mapping[str, int], order: Mapping[str, Any]) -> None:
        """A cancel was confirmed; `units` by line when named, `order` as the answer shows it."""
        told = {line["line_id"]: line["quantities"]["cancelled"] for line in order.get("lines", ())}
        self.answers.append(Answer("cancel", order_id, datetime.now(UTC), units=units, told=told))

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
