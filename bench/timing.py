"""Percentiles of measured times."""

import statistics
from collections.abc import Sequence


def p50(times: Sequence[float]) -> float:
    """The median."""
    return statistics.median(times)


def p99(times: Sequence[float]) -> float:
    """The time that one of a hundred exceeds."""
    return sorted(times)[int(0.99 * (len(times) - 1) + 0.5)]
