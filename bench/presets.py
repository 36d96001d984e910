"""Real orders under every preset, side by side: `oms bench presets`.

Two rounds. *Alone*: each order meets the whole stock, so each preset is asked the same questions and the sums
can be compared. *In sequence*: each preset ships the orders one after the other from a stock and a day's
capacity of its own, as a shop would. "Late": the plan's delivery is after what the customer was told then.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Final

import click

from bench.olist import PLACE, NotThere, RealOrder, daily_orders, read_network, read_orders
from bench.timing import p50, p99
from routing import PRESETS, FulfillmentPlan, Network, Policy, plan

_OPTIMUM: Final = "lowest_cost"
_HEAD: Final = (
    "preset                 | cost/order | shipments/order | units waiting | late   | p50 ms | p99 ms |"
    " unproven"
)
_BASELINES: Final = ("priority_list", "fewest_then_nearest")


@dataclass(slots=True)
class Tally:
    """What a preset did with the orders; money in minor units."""

    cost: Fraction = Fraction(0)
    shipments: int = 0
    waiting: int = 0
    late: int = 0
    shipped: int = 0
    unproven: int = 0
    times: list[float] = field(default_factory=list)

    def add(self, real: RealOrder, made: FulfillmentPlan, seconds: float) -> None:
        """Count one order."""
        self.cost += made.cost
        self.shipments += len(made.shipments)
        self.waiting += sum(line.quantity for line in made.backorders)
        self.shipped += bool(made.shipments)
        self.late += any(_late(one.deliver_by, real.promised_by) for one in made.shipments)
        self.unproven += not made.certificate.optimal
        self.times.append(1000 * seconds)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=PLACE, help="Folder of the CSV files.")
@click.option("--orders", type=click.IntRange(min=1), help="Only the first so many; all if not given.")
@click.option("--sequence/--alone", default=True, help="Whether to play the shop as well.")
def main(data: Path, orders: int | None, *, sequence: bool) -> None:
    """Route real orders by every preset: cost, shipments, lateness, speed.

    Exits 1 if lowest_cost is not the cheapest or fewest_shipments has not the fewest.
    """
    try:
        real, network, capacity = read_orders(data)[:orders], read_network(data), daily_orders(data)
    except NotThere as error:
        raise click.ClickException(f"{error}. Name the folder with --data.") from error
    print(f"{len(real)} real orders, {len(network.locations)} locations, {len(network.stock)} stock levels")
    asked = {name: alone(real, network, policy) for name, policy in PRESETS.items()}
    _table("each order alone on the whole stock", asked)
    wrong = broken_promises(asked)
    if sequence:
        played = {name: _in_sequence(real, network, capacity, policy) for name, policy in PRESETS.items()}
        _table("one after the other, stock and daily capacity used up", played)
    for fault in wrong:
        print(f"WRONG: {fault}")
    if wrong:
        raise click.exceptions.Exit(1)


def alone(real: Sequence[RealOrder], network: Network, policy: Policy) -> Tally:
    """Route each order on the whole stock."""
    tally = Tally()
    for one in real:
        _routed(one, network, policy, tally)
    return tally


def _in_sequence(
    real: Sequence[RealOrder], network: Network, capacity: dict[str, int], policy: Policy
) -> Tally:
    """Play a shop: what ships leaves the stock and uses up its location's day."""
    tally, stock = Tally(), dict(network.stock)
    used: Counter[tuple[str, date]] = Counter()
    for one in real:
        today = one.placed_at.date()
        places = tuple(
            replace(place, capacity=capacity[place.id] - used[place.id, today], capacity_unit="orders")
            for place in network.locations
        )
        made = _routed(one, replace(network, locations=places, stock=stock), policy, tally)
        for shipment in made.shipments:
            used[shipment.location_id, today] += 1
            for line in shipment.lines:
                stock[shipment.location_id, line.sku] -= line.quantity
    return tally


def _routed(one: RealOrder, network: Network, policy: Policy, tally: Tally) -> FulfillmentPlan:
    began = time.perf_counter()
    made = plan(one.order, _of_interest(network, one), policy, now=one.placed_at, explain=False)
    tally.add(one, made, time.perf_counter() - began)
    return made


def _of_interest(network: Network, one: RealOrder) -> Network:
    """Only the stock of what is ordered, as the service reads it for an order."""
    skus = {line.sku for line in one.order.lines}
    cells = {(place.id, sku) for place in network.locations for sku in skus}
    return replace(network, stock={cell: network.stock[cell] for cell in cells if cell in network.stock})


def _late(deliver_by: datetime | None, promised_by: datetime) -> bool:
    return deliver_by is not None and deliver_by > promised_by


def _table(title: str, tallies: dict[str, Tally]) -> None:
    print(f"\n{title}")
    print(_HEAD)
    for name, tally in tallies.items():
        orders = len(tally.times)
        print(
            f"{name:22} | {float(tally.cost) / orders / 100:10.3f} | {tally.shipments / orders:15.4f} | "
            f"{tally.waiting:13} | {tally.late / max(tally.shipped, 1):6.2%} | {p50(tally.times):6.2f} | "
            f"{p99(tally.times):6.2f} | {tally.unproven}"
        )
    for name in _BASELINES:
        if name in tallies:
            over = float(tallies[name].cost / tallies[_OPTIMUM].cost - 1)
            waits = tallies[name].waiting - tallies[_OPTIMUM].waiting
            print(f"{name} costs {over:+.2%} against the optimum ({waits:+d} units waiting)")


def broken_promises(tallies: dict[str, Tally]) -> list[str]:
    """What every preset promises, on the same questions."""
    cheapest, fewest = tallies[_OPTIMUM], tallies["fewest_shipments"]
    faults = []
    for name, tally in tallies.items():
        if tally.waiting <= cheapest.waiting and tally.cost < cheapest.cost:
            faults.append(f"{name} is cheaper than {_OPTIMUM}")
        if tally.waiting <= fewest.waiting and tally.shipments < fewest.shipments:
            faults.append(f"{name} has fewer shipments than fewest_shipments")
    return faults


if __name__ == "__main__":
    main()
