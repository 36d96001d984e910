"""A routing record as a page to read: shipments, what waits, the map of candidates, and every verdict."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from cli.plan_map import DEARER, EXCLUDED, HERE, Place, drawn, sign_of
from routing.pricing.distance import haversine_km
from routing.record.snapshot import Question

Record = Mapping[str, Any]
_MOST_VERDICTS: Final = 40
_MOST_ON_MAP: Final = 2_000
_ORDER: Final = {"chosen": 0, "dearer": 1, "excluded": 2}


def plain_console() -> Console:
    """A console of the terminal's width; plain and 110 wide where nobody watches."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=110, no_color=True)


def show_plan(console: Console, record: Record, asked: Question | None) -> None:
    """Print a record; the map needs what was asked, and is left out without it."""
    console.print(_headline(record))
    console.print(_shipments(record))
    if record.get("relaxed"):
        console.print(f"given up: {', '.join(record['relaxed'])}")
    for line in record["backorders"]:
        until = f" until {_moment(line['expected_at'])}" if line.get("expected_at") else ""
        console.print(f"waits: {line['quantity']} x {line['sku']} (line {line['line_id']}){until}")
    if asked is not None and record["verdicts"]:
        _show_map(console, record, asked)
    if record["verdicts"]:
        console.print(_verdicts(record, _distances(asked) if asked else {}))
        left_out = len(record["verdicts"]) - _MOST_VERDICTS
        if left_out > 0:
            console.print(f"and {left_out} more locations")


def _headline(record: Record) -> str:
    proof = record["certificate"]
    sent = f"{len(record['shipments'])} shipment{'' if len(record['shipments']) == 1 else 's'}"
    waiting = sum(line["quantity"] for line in record["backorders"])
    parts = [f"[bold]{record['objective']}[/] minor units", sent]
    if waiting:
        parts.append(f"{waiting} units wait")
    if proof is None:
        return ", ".join([*parts, "decided by a person"])
    bound = f"at least {proof['lower_bound']}"
    known = "proven best" if proof["optimal"] else f"the best found, {bound} is proven"
    unsplit = record["unsplit_cost"]
    if unsplit is not None and len(record["shipments"]) > 1:
        parts.append(f"{unsplit} from one location")
    policy = f"by {proof['policy']} version {proof['policy_version']}"
    return ", ".join([*parts, known, f"after {proof['nodes']} nodes", policy])


def _shipments(record: Record) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for name in ("location", "service", "units"):
        table.add_column(name, overflow="fold")
    for name in ("km", "handling", "shipping", "cost"):
        table.add_column(name, justify="right")
    for name in ("leaves by", "there by"):
        table.add_column(name)
    for number, one in enumerate(record["shipments"]):
        units = ", ".join(f"{line['quantity']} x {line['sku']}" for line in one["lines"])
        money = (str(one[name]) for name in ("handling", "shipping", "cost"))
        dates = (_moment(one.get(name)) for name in ("ship_by", "deliver_by"))
        table.add_row(
            sign_of(number), one["location_id"], one["service"], units, f"{one['km']:.1f}", *money, *dates
        )
    return table


def _show_map(console: Console, record: Record, asked: Question) -> None:
    to = asked.order.destination
    signs = {one["location_id"]: sign_of(at) for at, one in enumerate(record["shipments"])}
    told = {one["location_id"]: one["outcome"] for one in record["verdicts"]}
    places = [
        Place(one.lat, one.lng, signs.get(one.id, DEARER if told.get(one.id) == "dearer" else EXCLUDED))
        for one in asked.network.locations
    ]
    if len(places) > _MOST_ON_MAP:
        places = [place for place in places if place.sign != EXCLUDED]
    for row in drawn(places, (to.lat, to.lng)):
        console.print(row, markup=False, soft_wrap=True)
    shipping = " ".join(f"{sign} {name}" for name, sign in signs.items())
    console.print(f"{HERE} destination  {DEARER} dearer  {EXCLUDED} excluded  {shipping}", markup=False)


def _distances(asked: Question) -> dict[str, float]:
    """Kilometres from each location to the destination."""
    to, known = asked.order.destination, asked.network.distances or {}
    return {
        one.id: known.get(one.id, haversine_km(one.lat, one.lng, to.lat, to.lng))
        for one in asked.network.locations
    }


def _verdicts(record: Record, km: Mapping[str, float]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("location", overflow="fold")
    table.add_column("km", justify="right")
    table.add_column("outcome")
    table.add_column("why", overflow="fold")
    table.add_column("would ship with", overflow="fold")
    ranked = sorted(record["verdicts"], key=_rank)
    for one in ranked[:_MOST_VERDICTS]:
        far = f"{km[one['location_id']]:.1f}" if one["location_id"] in km else ""
        would = " or ".join(map(_change, one.get("changes", ())))
        table.add_row(one["location_id"], far, one["outcome"], "; ".join(_why(one)), would)
    return table


def _rank(verdict: Record) -> tuple[int, int, str]:
    extra = verdict.get("extra_cost", verdict.get("extra_cost_at_least", 0))
    return _ORDER[verdict["outcome"]], extra, verdict["location_id"]


def _why(verdict: Record) -> Iterator[str]:
    if "extra_cost" in verdict:
        yield f"{verdict['extra_cost']} dearer"
    elif "extra_cost_at_least" in verdict:
        yield f"at least {verdict['extra_cost_at_least']} dearer"
    if rule := verdict.get("rule"):
        known = [f"{verdict[name]:g}" for name in ("number", "threshold") if name in verdict]
        yield f"{rule} ({' of '.join(known)})" if known else rule


def _change(change: Record) -> str:
    by = f"{change['by']:g}"
    match change["kind"]:
        case "price":
            return f"handling {by} less"
        case "stock":
            return f"{by} more {change['sku']}"
        case "capacity":
            return f"room for {by} more"
        case _:
            return f"{change['by']:.1f} km nearer"


def _moment(text: str | None) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}Z" if text else ""
