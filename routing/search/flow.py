"""The transportation problem: which location sends what when demands compete for shared limits.

Successive shortest paths in whole numbers. Each augmentation sends units from a demand to the
limit's end along the cheapest path that is left, so the flow is the cheapest of its size after
every step; it stops when all is placed, backorders being arcs like any other.
"""

from collections import deque
from collections.abc import Sequence

from routing.search.instance import Instance, Option


def cheapest_flow(taken: Sequence[Option], instance: Instance) -> tuple[tuple[int, ...], ...]:
    """Units by option and demand, at the lowest cost with the fewest backorders."""
    demands = len(instance.quantities)
    net = _Net()
    source, sink = net.node(), net.node()
    wants = [net.node() for _ in range(demands)]
    for want, quantity, wait in zip(wants, instance.quantities, instance.waits, strict=True):
        net.arc(source, want, quantity, 0)
        net.arc(want, sink, quantity, wait)
    sends = [_add_option(net, option, instance, wants, sink) for option in taken]
    net.saturate(source, sink)
    return tuple(tuple(net.sent(arc) for arc in arcs) for arcs in sends)


def _add_option(
    net: "_Net", option: Option, instance: Instance, wants: Sequence[int], sink: int
) -> list[int | None]:
    """Draw demand → shared sku → location → sink; give back the arcs that carry the loads."""
    dock = net.node()
    net.arc(dock, sink, sum(option.supply) if option.cap is None else option.cap, 0)
    door = dict.fromkeys(range(len(wants)), dock)
    for group, pool in zip(instance.groups, option.pools, strict=True):
        shelf = net.node()
        net.arc(shelf, dock, pool, 0)
        door.update(dict.fromkeys(group, shelf))
    return [
        net.arc(want, door[demand], option.supply[demand], option.unit_costs[demand])
        if option.supply[demand]
        else None
        for demand, want in enumerate(wants)
    ]


class _Net:
    """A residual network: arc n and its reverse n ^ 1."""

    def __init__(self) -> None:
        self._out: list[list[int]] = []
        self._head: list[int] = []
        self._room: list[int] = []
        self._cost: list[int] = []

    def node(self) -> int:
        self._out.append([])
        return len(self._out) - 1

    def arc(self, tail: int, head: int, room: int, cost: int) -> int:
        for start, end, units, price in ((tail, head, room, cost), (head, tail, 0, -cost)):
            self._out[start].append(len(self._head))
            self._head.append(end)
            self._room.append(units)
            self._cost.append(price)
        return len(self._head) - 2

    def sent(self, arc: int | None) -> int:
        return 0 if arc is None else self._room[arc ^ 1]

    def saturate(self, source: int, sink: int) -> None:
        while (path := self._shortest(source, sink)) is not None:
            units = min(self._room[arc] for arc in path)
            for arc in path:
                self._room[arc] -= units
                self._room[arc ^ 1] += units

    def _shortest(self, source: int, sink: int) -> list[int] | None:
        """Bellman-Ford with a queue: residual arcs may have negative cost, cycles never do."""
        best: list[int | None] = [None] * len(self._out)
        via: list[int] = [-1] * len(self._out)
        best[source] = 0
        queue = deque([source])
        while queue:
            node = queue.popleft()
            here = best[node] or 0
            for arc in self._out[node]:
                reached = best[self._head[arc]]
                if self._room[arc] and (reached is None or here + self._cost[arc] < reached):
                    best[self._head[arc]] = here + self._cost[arc]
                    via[self._head[arc]] = arc
                    queue.append(self._head[arc])
        if best[sink] is None:
            return None
        path = []
        node = sink
        while node != source:
            path.append(via[node])
            node = self._head[via[node] ^ 1]
        return path
