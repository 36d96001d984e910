"""The end of a run on screen: the orders that are stuck, the auditor's verdicts, what went wrong."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.console import Console

from cli.audit import Verdict
from cli.demo_run.caller import Caller

_SHOWN: Final = 10
_LAST_EVENTS: Final = 4


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
