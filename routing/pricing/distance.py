"""Great-circle distance, and the band that covers it."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal

from routing.model.rates import Band

EARTH_RADIUS_KM = 6371.0


def haversine_km(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Kilometres between two points in degrees, on a sphere of R = 6371 km."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_phi = math.sin((phi2 - phi1) / 2)
    half_lambda = math.sin(math.radians(lng2 - lng1) / 2)
    chord = half_phi * half_phi + math.cos(phi1) * math.cos(phi2) * half_lambda * half_lambda
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


@dataclass(frozen=True, slots=True)
class BandTable:
    """Bands of a service in order of reach, ready for many look-ups."""

    service: str
    bands: tuple[Band, ...]
    reaches: tuple[float, ...]

    @classmethod
    def of(cls, service: str, among: tuple[Band, ...]) -> "BandTable":
        """Sort the bands by reach; of equal reaches a zone's own comes first, then the one named first."""
        bands = tuple(sorted(among, key=lambda band: (band.max_km, band.zone is None)))
        return cls(service, bands, tuple(largest_within(band.max_km) for band in bands))

    def at(self, km: float) -> Band | None:
        """The first band with km ≤ max_km, or None where the service does not go."""
        index = bisect_left(self.reaches, km)
        return self.bands[index] if index < len(self.bands) else None


def largest_within(limit: Decimal | float) -> float:
    """The farthest in floating km that keeps a limit: the float nearest to it may lie beyond it."""
    reach = float(limit)
    return math.nextafter(reach, -math.inf) if reach > limit else reach
