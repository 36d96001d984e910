"""What the run came to, in numbers."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cli.audit import Evidence
from cli.audit.evidence import Row, group, total
from cli.demo_run.diary import Diary
from cli.demo_run.kinds import GROUPS, History, plain

_LEFT: Final = frozenset(
    {"partially_shipped", "shipped", "partially_delivered", "delivered", "lost", "returned"}
)


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units. From the provider's books: set aside, taken, let go, given back. From ours: the rest.

    `shipping` is what the plans said that shipping costs, `freight` what it did in real life, None when
    nobody knows; both are of the orders that went as they were ordered.
    """

    authorized: int
    captured: int
    voided: int
    refunded: int
    store_credit: int
    written_off: int
    shipping: int
    freight: int | None


@dataclass(frozen=True, slots=True)
class Goods:
    """Parcels by fate, orders by their shipments, units that came and came back."""

    parcels: Counter[str]
    shipments: Counter[int]
    received_back: int
    dispositions: Counter[str]
    supplied: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything that the table shows. `kinds` counts orders by what happened to them."""

    outcomes: Counter[str]
    kinds: Mapping[str, int]
    plain: int
    money: Money
    goods: Goods
    events: Sequence[int]
    told: int
    seconds: float

    @property
    def orders(self) -> int:
        """How many there were."""
        return sum(self.outcomes.values())

    @property
    def median_events(self) -> float:
        """History events of the order in the middle."""
        return statistics.median(self.events) if self.events else 0


def tally(diary: Diary, evidence: Evidence, histories: Mapping[str, History], seconds: float) -> Tally:
    """Count. Kinds are counted from the histories, not from what the players had in mind."""
    return Tally(
        outcomes=Counter(row["status"] for row in evidence.tables["orders"]),
        kinds={
            kind.name: sum(kind.seen(history) for history in histories.values())
            for _, kinds in GROUPS
            for kind in kinds
        },
        plain=sum(plain(history) for history in histories.values()),
        money=_money(diary, evidence),
        goods=_goods(diary, evidence),
        events=sorted(seen.events for seen in (evidence.workflows or {}).values()),
        told=sum(len(history) for history in histories.values()),
        seconds=seconds,
    )


def _money(diary: Diary, evidence: Evidence) -> Money:
    effects = group((row for row in evidence.operations or () if row["status"] == "succeeded"), "kind")
    shipments = _sent(evidence)
    cut = {line["order_id"] for line in evidence.tables["lines"] if line["cancelled"]}
    whole = {row["order_id"] for row in shipments} & diary.accepted.keys() - cut
    freights = [diary.accepted[order_id].freight_paid for order_id in whole]
    known = [freight for freight in freights if freight is not None]
    return Money(
        authorized=total(effects.get("authorize", ()), "amount"),
        captured=total(effects.get("capture", ()), "amount"),
        voided=total(effects.get("void", ()), "amount"),
        refunded=total(effects.get("refund", ()), "amount"),
        store_credit=total(evidence.tables["orders"], "store_credit"),
        written_off=total(evidence.tables["orders"], "written_off"),
        shipping=round(sum(row["cost"] for row in shipments if row["order_id"] in whole)),
        freight=sum(known) if known else None,
    )


def _goods(diary: Diary, evidence: Evidence) -> Goods:
    by_order = group(_sent(evidence), "order_id")
    dispositions: Counter[str] = Counter()
    for row in evidence.tables["inspections"]:
        dispositions[row["disposition"]] += row["quantity"]
    return Goods(
        parcels=Counter(row["fate"] or "on its way" for row in evidence.tables["parcels"]),
        shipments=Counter(len(by_order.get(row["id"], ())) for row in evidence.tables["orders"]),
        received_back=total(evidence.tables["receipts"], "quantity"),
        dispositions=dispositions,
        supplied=diary.supplied,
    )


def _sent(evidence: Evidence) -> list[Row]:
    return [row for row in evidence.tables["fulfillments"] if row["status"] in _LEFT]
