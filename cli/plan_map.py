"""A map in letters: the destination and the locations around it, those that ship by their number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 72
HEIGHT: Final = 20
HERE: Final = "◎"
DEARER: Final = "+"
EXCLUDED: Final = "·"
_DIGITS: Final = "123456789abcdefghijklmnopqrstuvwxyz"
_CELL: Final = 2.0
"""A cell of a terminal is about twice as high as it is wide."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees, and the sign that stands for it."""

    lat: float
    lng: float
    sign: str


def sign_of(number: int) -> str:
    """The sign of the n-th shipment, counted from 0."""
    return _DIGITS[number] if number < len(_DIGITS) else "#"


def drawn(places: Sequence[Place], here: tuple[float, float]) -> list[str]:
    """Rows of a map that holds all places, north up, as large as the frame allows.

    Where two fall on one cell, a shipment hides a dearer location, and that one an excluded one.
    """
    points = [(_east(place.lng, here), place.lat - here[0], place.sign) for place in places]
    points.append((0.0, 0.0, HERE))
    left, right = min(x for x, _, _ in points), max(x for x, _, _ in points)
    south, north = min(y for _, y, _ in points), max(y for _, y, _ in points)
    scale = max((right - left) / (WIDTH - 1), (north - south) * _CELL / (HEIGHT * _CELL - 1), 1e-9)
    width = round((right - left) / scale) + 1
    height = round((north - south) / scale / _CELL) + 1
    cells = [[" "] * width for _ in range(height)]
    for x, y, sign in sorted(points, key=lambda point: (_rank(point[2]), point)):
        row, column = round((north - y) / scale / _CELL), round((x - left) / scale)
        cells[row][column] = sign
    return ["".join(row).rstrip() for row in cells]


def _east(lng: float, here: tuple[float, float]) -> float:
    """Degrees to the east, the shorter way round, as wide as a degree of latitude is high there."""
    around = (lng - here[1] + 540) % 360 - 180
    return around * math.cos(math.radians(here[0]))


def _rank(sign: str) -> int:
    """What is drawn later hides what was there."""
    return {EXCLUDED: 0, DEARER: 1, HERE: 2}.get(sign, 3)
