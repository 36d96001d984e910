"""How much one load of an option can gain at most, where its rows limit it: a bound, never too low."""

from collections.abc import Sequence

from routing.search.instance import Row

Offer = tuple[int, int, int]  # demand, unit cost, units


def most_gained(
    rows: Sequence[Row], load: Sequence[Offer], prices: Sequence[int]
) -> tuple[int, Sequence[Offer]]:
    """The gain of a load of which every unit gains, cut to the row that costs it most.

    A price for the room in a row, whatever it is, proves a bound; it is taken from the unit at
    which the row is full. The load that comes back fits that row and tells where units are missed.
    """
    gain = sum([units * (prices[demand] - cost) for demand, cost, units in load])
    fitted = load
    for row in rows:
        if sum([row.uses[demand] * units for demand, _, units in load]) > row.limit:
            bound, fits = _within(row, load, prices)
            if bound < gain:
                gain, fitted = bound, fits
    return gain, fitted


def _within(row: Row, load: Sequence[Offer], prices: Sequence[int]) -> tuple[int, Sequence[Offer]]:
    room, uses = row.limit, row.uses
    by_use = []
    for demand, cost, units in load:
        use, gain = uses[demand], prices[demand] - cost
        by_use.append((-gain / use if use else float("-inf"), use, gain, demand, cost, units))
    by_use.sort()
    fitted: list[Offer] = []
    room_price = 0
    for _, use, gain, demand, cost, units in by_use:
        sent = min(units, room // use) if use else units
        room -= sent * use
        if sent:
            fitted.append((demand, cost, sent))
        if sent < units:
            room_price = gain // use
            break
    bound = row.limit * room_price
    for _, use, gain, _, _, units in by_use:
        if (over := gain - use * room_price) > 0:
            bound += units * over
    return bound, fitted
