"""When backordered units come: by what is due at locations that may serve the order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from routing.model.case import Case
from routing.model.fulfillment import NEVER_SERVES, Backorder, Verdict
from routing.model.network import InboundSupply
from routing.pricing.filters import within_reach


def dated(backorders: Sequence[Backorder], case: Case, verdicts: Iterable[Verdict]) -> tuple[Backorder, ...]:
    """Give each backorder the day on which the last of its units is covered; None where some never is.

    What comes first goes first, and to the order's lines in their sequence.
    """
    waiting = {line.sku for line in backorders}
    due = [lot for lot in case.network.inbound if lot.sku in waiting]
    if not due:
        return tuple(backorders)
    usable = _usable({lot.location_id for lot in due}, case, verdicts)
    lots = sorted(
        (lot for lot in due if lot.location_id in usable), key=lambda lot: (lot.expected_at, lot.location_id)
    )
    left = {at: lot.quantity for at, lot in enumerate(lots)}
    return tuple(replace(line, expected_at=_covered(line, lots, left)) for line in backorders)


def _usable(location_ids: set[str], case: Case, verdicts: Iterable[Verdict]) -> frozenset[str]:
    places = tuple(place for place in case.network.locations if place.id in location_ids)
    barred = {verdict.location_id for verdict in verdicts if verdict.rule in NEVER_SERVES}
    return within_reach(case.order, replace(case.network, locations=places), case.now) - barred


def _covered(line: Backorder, lots: Sequence[InboundSupply], left: dict[int, int]) -> datetime | None:
    wanted = line.quantity
    for at, lot in enumerate(lots):
        if lot.sku == line.sku and left[at]:
            given = min(wanted, left[at])
            left[at] -= given
            wanted -= given
            if not wanted:
                return lot.expected_at
    return None
