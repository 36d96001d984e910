"""The end of a run on screen: the table, the orders that are stuck, the auditor's verdicts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from cli.audit import Verdict
from cli.demo_run.caller import Caller
from cli.demo_run.diary import Diary
from cli.demo_run.tally import Tally

_SHOWN: Final = 10
_MANY: Final = 3
_LAST_EVENTS: Final = 4


def show_table(console: Console, counted: Tally, diary: Diary) -> None:
    """Print the numbers."""
    table = Table(title=f"{counted.orders} orders", show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    for name, value in _rows(counted, diary):
        table.add_row(name, value)
    console.print(table)


def _rows(counted: Tally, diary: Diary) -> Iterator[tuple[str, str]]:
    for outcome, count in counted.outcomes.most_common():
        yield outcome, str(count)
    for shipments in range(1, _MANY):
        yield f"in {shipments} shipment{'s' * (shipments > 1)}", str(counted.shipments[shipments])
    many = sum(count for shipments, count in counted.shipments.items() if shipments >= _MANY)
    yield f"in {_MANY} or more shipments", str(many)
    yield "split orders", str(counted.split)
    yield "backordered", str(counted.backordered)
    yield "units that arrived for them", str(counted.supplied)
    yield "cancels while picking", str(counted.cancelled_while_picking)
    yield "needed attention", str(len(diary.attended))
    yield "refused with 409", _listed(counted.refused)
    yield "shipping cost as planned", _money(counted.planned_cost)
    if counted.freight is not None:
        yield "freight really paid", _money(counted.freight)
    if counted.events:
        yield "history events, median / max", f"{counted.median_events:.0f} / {max(counted.events)}"
    yield "asked again, by cause", _listed(diary.repeats)
    yield "parts killed", ", ".join(diary.killed) or "none"
    yield "orders per second", f"{counted.orders / counted.seconds:.1f}"
    yield "wall time", f"{counted.seconds:.0f} s"


def _money(minor: int) -> str:
    return f"{minor / 100:,.2f}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


def show_verdicts(console: Console, verdicts: Sequence[Verdict]) -> None:
    """Print one line per invariant, and what was found against it."""
    for verdict in verdicts:
        if verdict.findings is None:
            console.print(f"[yellow]not judged[/]  {verdict.sentence}", highlight=False, soft_wrap=True)
        elif verdict.holds:
            console.print(f"[green]holds[/]       {verdict.sentence}", highlight=False, soft_wrap=True)
        else:
            console.print(f"[red]VIOLATED[/]    {verdict.sentence}", highlight=False, soft_wrap=True)
            show_some(console, [str(finding) for finding in verdict.findings])


def show_some(console: Console, lines: Sequence[str]) -> None:
    """Print the first lines and how many more there are."""
    for line in lines[:_SHOWN]:
        console.print(f"            {line}", markup=False, highlight=False, soft_wrap=True)
    if len(lines) > _SHOWN:
        console.print(f"            … and {len(lines) - _SHOWN} more", highlight=False, soft_wrap=True)


async def show_stuck(console: Console, desk: Caller, orders: Iterable[Mapping[str, Any]]) -> None:
    """Print the orders that did not end, each with the last that happened to it."""
    for order in list(orders)[:_SHOWN]:
        events = await desk.pages(f"/v1/orders/{order['id']}/events")
        last = ", ".join(f"{event['seq']} {event['type']}" for event in events[-_LAST_EVENTS:])
        state = f"{order['status']}, payment {order['payment_status']}"
        console.print(f"stuck: {order['id']} {state}: {last}", markup=False, highlight=False, soft_wrap=True)
