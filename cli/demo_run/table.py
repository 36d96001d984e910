"""The closing table: how orders ended and what happened on the way, money, goods, and the run itself."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from rich.box import HORIZONTALS
from rich.console import Console
from rich.table import Table

from cli.demo_run.diary import Diary
from cli.demo_run.kinds import GROUPS
from cli.demo_run.tally import Tally

Rows = Sequence[tuple[str, str]]
_MANY: Final = 3
_NAME, _VALUE = 26, 12


def show_table(console: Console, counted: Tally, diary: Diary) -> None:
    """Print the numbers, in two columns of sections; 79 characters wide."""
    table = Table(
        title=f"{counted.orders} orders", show_header=False, show_edge=False, box=HORIZONTALS, padding=0
    )
    for width, justify in ((_NAME, "left"), (_VALUE, "right")) * 2:
        table.add_column(width=width, justify=justify, no_wrap=True)  # type: ignore[arg-type]  # both are Rich's
    for left, right in _pairs(counted):
        for (a, b), (c, d) in zip_longest(left, right, fillvalue=("", "")):
            table.add_row(a, b, c, d)
        table.add_section()
    console.print(table)
    for name, value in _run(counted, diary):
        console.print(f"{name:<32}{value}", highlight=False, soft_wrap=True)


def _pairs(counted: Tally) -> Iterator[tuple[Rows, Rows]]:
    """The sections side by side, those about one thing on one level."""
    kinds = {name: _kinds(name, counted) for name, _ in GROUPS}
    yield list(_outcomes(counted)), kinds["people"]
    yield kinds["payment"] + kinds["stock"], kinds["locations"]
    yield kinds["on the way"], kinds["returns"]
    yield list(_money(counted)), list(_goods(counted))


def _outcomes(counted: Tally) -> Iterator[tuple[str, str]]:
    yield "[bold]how they ended[/]", ""
    for outcome, count in counted.outcomes.most_common():
        yield outcome, str(count)
    yield "without any trouble", str(counted.plain)


def _kinds(name: str, counted: Tally) -> list[tuple[str, str]]:
    group = dict(GROUPS)[name]
    return [(f"[bold]{name}[/]", ""), *((kind.name, str(counted.kinds[kind.name])) for kind in group)]


def _money(counted: Tally) -> Iterator[tuple[str, str]]:
    money = counted.money
    yield "[bold]money[/]", ""
    yield "authorized", _amount(money.authorized)
    yield "captured", _amount(money.captured)
    yield "let go", _amount(money.voided)
    yield "refunded", _amount(money.refunded)
    yield "store credit", _amount(money.store_credit)
    yield "written off", _amount(money.written_off)
    yield "shipping cost as planned", _amount(money.shipping)
    if money.freight is not None:
        yield "freight really paid", _amount(money.freight)


def _goods(counted: Tally) -> Iterator[tuple[str, str]]:
    goods = counted.goods
    yield "[bold]goods[/]", ""
    for shipments in range(1, _MANY):
        yield f"orders in {shipments} shipment{'s' * (shipments > 1)}", str(goods.shipments[shipments])
    many = sum(count for shipments, count in goods.shipments.items() if shipments >= _MANY)
    yield f"orders in {_MANY} or more", str(many)
    for fate in ("delivered", "lost", "returned"):
        yield f"parcels {fate}", str(goods.parcels[fate])
    yield "units brought by suppliers", str(goods.supplied)
    yield "units that came back", str(goods.received_back)
    yield "of which stock again", str(goods.dispositions["restock"])


def _run(counted: Tally, diary: Diary) -> Iterator[tuple[str, str]]:
    yield "events in the orders' histories", str(counted.told)
    if counted.events:
        median = f"{counted.median_events:.0f} / {max(counted.events)}"
        yield "workflow events, median / max", median
    yield "refused with 409", _listed(diary.refused)
    yield "asked again, by cause", _listed(diary.repeats)
    yield "parts killed", ", ".join(diary.killed) or "none"
    speed = counted.orders / counted.seconds
    yield "wall time of the play", f"{counted.seconds:.0f} s, {speed:.1f} orders a second"


def _amount(minor: int) -> str:
    return f"{minor / 100:,.2f}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
