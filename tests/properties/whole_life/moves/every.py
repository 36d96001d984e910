"""All moves, by noun. A new one is a function in its noun's file, and an entry in the file's MOVES."""

from typing import Final

from tests.properties.whole_life.moves import (
    allocating,
    cancelling,
    carriers,
    changing,
    customers,
    faults,
    going_on,
    holding,
    locations,
    paying,
    people,
    placing,
    provider,
    races,
    refunding,
    repeats,
    rerouting,
    returning,
    reviewing,
    stock,
    supplying,
    time_passing,
)
from tests.properties.whole_life.moves.move import Move

EVERY: Final[tuple[Move, ...]] = (
    *placing.MOVES,
    *going_on.MOVES,
    *cancelling.MOVES,
    *changing.MOVES,
    *locations.MOVES,
    *carriers.MOVES,
    *stock.MOVES,
    *supplying.MOVES,
    *people.MOVES,
    *paying.MOVES,
    *customers.MOVES,
    *provider.MOVES,
    *holding.MOVES,
    *rerouting.MOVES,
    *allocating.MOVES,
    *returning.MOVES,
    *refunding.MOVES,
    *reviewing.MOVES,
    *repeats.MOVES,
    *races.MOVES,
    *time_passing.MOVES,
    *faults.MOVES,
)
