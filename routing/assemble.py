"""From the search's whole numbers back to shipments and backorders in the order's own terms."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from routing.filters import Candidate
from routing.fulfillment import Backorder, PlannedLine, Shipment
from routing.instance import Demand, Option
from routing.order import RoutingLine, RoutingOrder

GRAMS_PER_KG = 1000


class LineLedger:
    """Gives units of a demand to its order lines, first line first, so that the last one waits."""

    def __init__(self, order: RoutingOrder) -> None:
        self._lines = order.lines
        self._left = {line.line_id: line.quantity for line in order.lines}

    def take(self, demand: Demand, units: int) -> list[tuple[RoutingLine, int]]:
        """Use up lines of this demand for so many units."""
        taken = []
        for line in self._lines:
            given = min(units, self._left[line.line_id])
            if given and (line.sku, line.weight_g) == (demand.sku, demand.weight_g):
                taken.append((line, given))
                self._left[line.line_id] -= given
                units -= given
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
    grams = sum(n * line.weight_g for line, n in loaded)
    location, band = candidate.location, dict(candidate.bands)[service]
    return Shipment(
        location_id=location.id,
        service=service,
        lines=tuple(PlannedLine(line.line_id, line.sku, n) for line, n in loaded),
        handling=Fraction(location.handling_cost) + Fraction(location.handling_per_unit) * units,
        shipping=Fraction(band.base) + Fraction(band.per_kg) * grams / GRAMS_PER_KG,
        transit_days=band.transit_days,
        km=candidate.km,
    )
