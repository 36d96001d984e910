"""Where US ZIP codes lie, from the data that the `zipcodes` package ships."""

from collections import defaultdict
from collections.abc import Iterable
from math import atan2, cos, degrees, hypot, radians, sin

import zipcodes

from adapters.db.postal import PostalArea

_PREFIX = 3


def us_postal_areas() -> list[PostalArea]:
    """Every ZIP code that has a place, and the centre of each three-digit prefix: about 43,000 areas.

    Prefixes alone would load in 0.7 s instead of 1.0 s (half a second is reading the data), but the bands of
    same-day services are shorter than many a prefix is wide. Military codes are left out: their mail goes
    abroad.
    """
    areas = []
    by_prefix: dict[str, list[PostalArea]] = defaultdict(list)
    for entry in zipcodes.list_all():  # type: ignore[no-untyped-call]
        lat, lng = float(entry["lat"] or 0), float(entry["long"] or 0)
        if entry["zip_code_type"] == "MILITARY" or not (lat and lng):
            continue
        area = PostalArea("US", entry["zip_code"], lat, lng)
        areas.append(area)
        by_prefix[area.postal_code[:_PREFIX]].append(area)
    return areas + [_centre(prefix, inside) for prefix, inside in by_prefix.items()]


def _centre(prefix: str, areas: Iterable[PostalArea]) -> PostalArea:
    # Summed as arrows from the middle of the earth: the Aleutians lie on both sides of the date line.
    x = y = z = 0.0
    for area in areas:
        lat, lng = radians(area.lat), radians(area.lng)
        x, y, z = x + cos(lat) * cos(lng), y + cos(lat) * sin(lng), z + sin(lat)
    return PostalArea("US", prefix, degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x)))
