"""Allocation by hand: a person says which location ships what, and it is reserved as any decision is.

The person overrules the DOM's choice and the locations that it would leave out, but not what is so: stock,
capacity, and an open location. Hard rules of the policy that is for the order, and what a location may
handle, hold for the person too; they may be overridden with a reason, as may that no service reaches the
address: the farthest-reaching service is then taken at the price and the days of its last band.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Final

from adapters.db.attention import ADDRESS_UNPLACEABLE, NO_LOCATION_LEFT, TOO_MANY_FAILURES, clear
from adapters.db.cancellation import LineUnits
from adapters.db.catalog import known_locations
from adapters.db.decisions import Account
from adapters.db.locked_order import LockedOrder
from adapters.db.order_progress import unpaid
from adapters.db.quoting import Part, Quoting, stretched, summed
from adapters.db.reservation import Decision, PlannedWork, reserve
from adapters.db.routing_request import read_request
from adapters.db.stock import Miss
from adapters.db.supply import leave_queue
from domain.errors import InvalidContent, StateConflict
from domain.holds import HeldStep
from domain.quantities import Bucket
from routing import LOWEST_COST, Policy, Shipment, round_half_up
from routing.record.codec import canonical
from routing.record.written import shipment_of

POLICY: Final = "manual"
"""The name under which a person's decision stands among those of policies."""

_ANSWERED: Final = {NO_LOCATION_LEFT, TOO_MANY_FAILURES, ADDRESS_UNPLACEABLE}
"""Questions to a person that an allocation of everything answers."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """A person's decision; `override` lets it break rules, and go to where no service reaches."""

    parts: tuple[Part, ...]
    reason: str | None = None
    override: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a location is given: time to ship, and time to accept (None: as long as it likes).

    `policy` holds for orders that no stored policy is for.
    """

    ship_within: timedelta
    accept_within: timedelta | None = None
    policy: Policy = LOWEST_COST


@dataclass(frozen=True, slots=True)
class Overridden:
    """What a person did not keep to: locations that no service reaches from, and rules by name."""

    locations: tuple[str, ...]
    rules: tuple[str, ...]


async def allocate(order: LockedOrder, wanted: Allocation, terms: Terms) -> None:
    """Reserve what a person decided, all or nothing; does not save the order.

    Pending units and those in the queue for stock may be named; what is not named goes on as it was. Raises
    InvalidContent for names that do not exist, StateConflict saying what lacks.
    """
    _check_state(order)
    units = _units(order, wanted)
    request = await read_request(order.connection, order.id, order.now, waiting=True)
    quoting = Quoting(order, request)
    shipments, unreached = await _shipments(quoting, wanted)
    overridden = Overridden(tuple(unreached), _rules_overridden(quoting, shipments, wanted, terms.policy))
    await _leave_queue(order, units)
    earlier = max((work.number for work in order.works.values()), default=0)
    account = _account(order, shipments, wanted.reason, overridden)
    decision = _decision(order, [quoting.work(one) for one in shipments], terms, account)
    if not wanted.override:
        decision = replace(decision, kept_back=quoting.kept_back(shipments, terms.policy))
    try:
        await reserve(order, decision)
    except Miss as miss:
        raise StateConflict(f"the allocation cannot be made: {miss}") from None
    if order.values["attention"] in _ANSWERED and not order.units.pending:
        clear(order)
        order.set(forgiven=earlier)
    order.record("order.allocated", n=decision.n, reason=wanted.reason, **_told(overridden))


def _check_state(order: LockedOrder) -> None:
    if order.closed or not order.units.pending + order.units.backordered:
        raise StateConflict("no unit of the order waits for a location")
    if order.held(HeldStep.ROUTING):
        raise StateConflict("the order is held: it may not be routed until the hold is lifted")
    if unpaid(order):
        raise StateConflict(f"the order is not paid for: its payment is {order.payment_status}")


def _units(order: LockedOrder, wanted: Allocation) -> dict[str, int]:
    """The units that are named, by line; no more than wait."""
    named: list[LineUnits] = []
    for at, part in enumerate(wanted.parts):
        for index, one in enumerate(part.lines):
            if one.line_id not in order.lines:
                pointer = f"/allocations/{at}/lines/{index}/line_id"
                raise InvalidContent("the order has no such line", pointer)
            named.append(one)
    units = summed(named)
    for line_id, quantity in units.items():
        held = order.lines[line_id].quantities
        if quantity > held.pending + held.backordered:
            waiting = f"{held.pending} are pending and {held.backordered} backordered"
            raise StateConflict(f"{quantity} units of line {line_id} cannot be allocated: {waiting}")
    return units


async def _shipments(quoting: Quoting, wanted: Allocation) -> tuple[list[Shipment], list[str]]:
    """What each location sends, priced as the planner prices, and where the reach was overridden."""
    there = await known_locations(quoting.order.connection, [part.location_id for part in wanted.parts])
    shipments, overridden = [], []
    for at, part in enumerate(wanted.parts):
        if part.location_id not in there:
            raise InvalidContent("there is no such location", f"/allocations/{at}/location_id")
        services = quoting.services(part, f"/allocations/{at}/service")
        shipment = quoting.quote(part, services)
        if shipment is None and wanted.override:
            overridden.append(part.location_id)
            shipment = quoting.quote(part, stretched(services))
        if shipment is None:
            raise StateConflict(f"{part.location_id} does not serve the address: no service reaches it")
        cost = round_half_up(shipment.total)
        if part.cost is not None and part.cost != cost:
            raise StateConflict(f"{part.location_id} ships this for {cost} by now, not for {part.cost}")
        shipments.append(shipment)
    return shipments, overridden


def _rules_overridden(
    quoting: Quoting, shipments: Sequence[Shipment], wanted: Allocation, fallback: Policy
) -> tuple[str, ...]:
    """The rules that the decision breaks; raises StateConflict where it may break none."""
    broken = quoting.broken_rules(shipments, fallback)
    if broken and not wanted.override:
        told = "; ".join(f"{name}: {how}" for name, how in broken.items())
        raise StateConflict(f"the allocation breaks rules, which takes an override with a reason: {told}")
    return tuple(broken)


def _told(overridden: Overridden) -> dict[str, list[str]]:
    return {"overridden": list(overridden.locations), "rules": list(overridden.rules)}


async def _leave_queue(order: LockedOrder, units: dict[str, int]) -> None:
    """Of each line pending units are taken first, then those that wait for stock."""
    for line_id, quantity in units.items():
        waiting = quantity - order.lines[line_id].quantities.pending
        if waiting > 0:
            await leave_queue(order, line_id, waiting)
            order.move(line_id, Bucket.BACKORDERED, Bucket.PENDING, waiting)
    await order.reload_retry()


def _decision(order: LockedOrder, works: Sequence[PlannedWork], terms: Terms, account: Account) -> Decision:
    return Decision(
        n=order.values["decisions"] + 1,
        now=order.now,
        account=account,
        works=tuple(works),
        backorders=(),
        seen={},
        servers=(),
        retry_at=None,
        ship_within=terms.ship_within,
        accept_within=terms.accept_within,
        by_hand=True,
    )


def _account(
    order: LockedOrder, shipments: Sequence[Shipment], reason: str | None, overridden: Overridden
) -> Account:
    """What is kept of a decision that nobody proves: what it costs, whom it chose, and who says so."""
    cost = sum((shipment.total for shipment in shipments), Fraction(0))
    record = {
        "planned_at": order.now.isoformat(),
        "shipments": [shipment_of(shipment) for shipment in shipments],
        "backorders": [],
        "objective": round_half_up(cost),
        "objective_exact": str(cost),
        "unsplit_cost": None,
        "certificate": None,
        "verdicts": [{"location_id": one.location_id, "outcome": "chosen"} for one in shipments],
        "manual": {"by": order.actor, "reason": reason, **_told(overridden)},
    }
    return Account(POLICY, canonical(record).decode("ascii"))
