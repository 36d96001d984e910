"""From the search's whole numbers back to shipments and backorders in the order's own terms."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from routing.model.fulfillment import Backorder, PlannedLine, Shipment
from routing.model.order import RoutingLine, RoutingOrder
from routing.pricing.filters import Candidate
from routing.search.demands import Demand
from routing.search.instance import Option


class LineLedger:
    """Gives units of a demand to its order lines, first line first, so that the last one waits."""

    def __init__(self, order: RoutingOrder) -> None:
        self._lines = order.lines
        self._left = {line.line_id: line.quantity for line in order.lines}

    @property
    def line_ids(self) -> tuple[str, ...]:
        """The order's lines, in its own sequence."""
        return tuple(line.line_id for line in self._lines)

    def take(self, demand: Demand, pieces: int) -> list[tuple[RoutingLine, int]]:
        """Use up lines of this demand for so many pieces."""
        taken = []
        for line in (self._lines[place] for place in demand.lines):
            given = self._left[line.line_id] if demand.whole else min(pieces, self._left[line.line_id])
            if given:
                taken.append((line, given))
                self._left[line.line_id] -= given
                pieces -= given
        return taken

    def backorders(self) -> tuple[Backorder, ...]:
        """What is left of the lines, in the order's own sequence."""
        return tuple(
            Backorder(line.line_id, line.sku, left)
            for line in self._lines
            if (left := self._left[line.line_id])
        )


def shipments(
    taken: Iterable[tuple[Option, Sequence[int]]],
    candidates: Sequence[Candidate],
    demands: Sequence[Demand],
    ledger: LineLedger,
) -> tuple[Shipment, ...]:
    """Write out each option with its load, by location id."""
    by_location = sorted(taken, key=lambda pair: pair[0].location)
    return tuple(
        _shipment(option.service, load, candidates[option.location], demands, ledger)
        for option, load in by_location
        if any(load)
    )


def _shipment(
    service: str,
    load: Sequence[int],
    candidate: Candidate,
    demands: Sequence[Demand],
    ledger: LineLedger,
) -> Shipment:
    loaded = [
        pair
        for demand, units in zip(demands, load, strict=True)
        if units
        for pair in ledger.take(demand, units)
    ]
    units = sum(n for _, n in loaded)
    by_line = {line.line_id: n for line, n in loaded}
    location, offer = candidate.location, candidate.offer(service)
    shipping = offer.freight.of(tuple(by_line.get(line_id, 0) for line_id in ledger.line_ids))
    return Shipment(
        location_id=location.id,
        service=service,
        lines=tuple(PlannedLine(line.line_id, line.sku, n) for line, n in loaded),
        handling=Fraction(location.handling_cost) + Fraction(location.handling_per_unit) * units,
        shipping=shipping,
        transit_days=offer.transit_days,
        km=candidate.km,
        ship_by=offer.ship_by,
        deliver_by=offer.deliver_by,
    )
