"""What a run is told to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

PARTS: Final = ("worker", "api", "temporal", "postgres", "psp")
"""What can be killed, by its name in stack.json."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A run's parameters. `rate` in orders/s, None: as fast as the service keeps up.

    With `orders`, a file of real orders, `lines` (least, most) draws orders of so many lines from its SKUs,
    with stock at `stock_share` of what they ask for. `chaos` names the parts to kill, in this order.
    """

    orders: Path | None = None
    count: int = 60
    rate: float | None = None
    seed: int = 1
    chaos: tuple[str, ...] = ()
    keep_data: Path | None = None
    lines: tuple[int, int] | None = None
    stock_share: float = 0.7
