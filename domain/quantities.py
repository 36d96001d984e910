"""Where the units of an order line are: eight exclusive buckets that always sum to what was ordered."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from operator import add
from typing import Final

from domain.errors import IllegalMove


class Bucket(StrEnum):
    """The places a unit of an order line can be in."""

    PENDING = "pending"
    BACKORDERED = "backordered"
    ALLOCATED = "allocated"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


_P, _B, _A, _S = Bucket.PENDING, Bucket.BACKORDERED, Bucket.ALLOCATED, Bucket.SHIPPED

MOVES: Final[dict[Bucket, frozenset[Bucket]]] = {
    _P: frozenset({_A, _B, Bucket.CANCELLED}),
    _B: frozenset({_A, _P, Bucket.CANCELLED}),
    _A: frozenset({_S, _P, Bucket.CANCELLED}),
    _S: frozenset({Bucket.DELIVERED, Bucket.RETURNED, Bucket.LOST}),
    Bucket.DELIVERED: frozenset({Bucket.RETURNED}),
    Bucket.LOST: frozenset({Bucket.DELIVERED, Bucket.RETURNED}),
    Bucket.RETURNED: frozenset(),
    Bucket.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class LineQuantities:
    """The units of one line by bucket; immutable, with `+` and `move`."""

    pending: int = 0
    backordered: int = 0
    allocated: int = 0
    shipped: int = 0
    delivered: int = 0
    returned: int = 0
    lost: int = 0
    cancelled: int = 0

    def __post_init__(self) -> None:
        if min(self._all()) < 0:
            bucket = next(bucket for bucket in Bucket if self[bucket] < 0)
            raise IllegalMove(f"{bucket} would hold {self[bucket]} units")

    def __getitem__(self, bucket: Bucket) -> int:
        return int(getattr(self, bucket.value))

    def __add__(self, other: "LineQuantities") -> "LineQuantities":
        return LineQuantities(*map(add, self._all(), other._all()))

    def _all(self) -> tuple[int, ...]:
        """Plainly written out: every change of an order asks for this many times."""
        return (
            self.pending,
            self.backordered,
            self.allocated,
            self.shipped,
            self.delivered,
            self.returned,
            self.lost,
            self.cancelled,
        )

    @property
    def ordered(self) -> int:
        """What the customer asked for."""
        return sum(self._all())

    @property
    def unshipped(self) -> int:
        """Units that may still be kept from shipping."""
        return self.pending + self.backordered + self.allocated

    @property
    def left(self) -> int:
        """Units that ever left a location."""
        return self.shipped + self.delivered + self.returned + self.lost

    @property
    def live(self) -> int:
        """Units that were not cancelled."""
        return self.ordered - self.cancelled

    def move(self, source: Bucket, target: Bucket, units: int) -> "LineQuantities":
        """Move units from one bucket to another; raises IllegalMove when that cannot be."""
        if target not in MOVES[source]:
            raise IllegalMove(f"units do not go from {source} to {target}")
        if not 0 <= units <= self[source]:
            raise IllegalMove(f"{units} units cannot leave {source}, which holds {self[source]}")
        moved = {source.value: self[source] - units, target.value: self[target] + units}
        return replace(self, **moved)

    def as_dict(self) -> dict[str, int]:
        """Bucket name to units, for answers and rows."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
