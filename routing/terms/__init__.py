"""The terms of a policy's objective, one a file."""

from collections.abc import Mapping
from types import MappingProxyType

from routing.terms.base import Term
from routing.terms.distance import Distance
from routing.terms.handling import Handling
from routing.terms.lateness import Lateness
from routing.terms.preference import Preference
from routing.terms.priority import Priority
from routing.terms.shipping import Shipping
from routing.terms.speed import Speed
from routing.terms.split_penalty import SplitPenalty
from routing.terms.stock_balance import StockBalance

_ALL: tuple[type[Term], ...] = (
    Distance,
    Handling,
    Lateness,
    Preference,
    Priority,
    Shipping,
    Speed,
    SplitPenalty,
    StockBalance,
)
TERMS: Mapping[str, type[Term]] = MappingProxyType({term.name: term for term in _ALL})

__all__ = [
    "TERMS",
    "Distance",
    "Handling",
    "Lateness",
    "Preference",
    "Priority",
    "Shipping",
    "Speed",
    "SplitPenalty",
    "StockBalance",
    "Term",
]
