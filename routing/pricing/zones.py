"""Which zone a destination is in, seen from each origin."""

from routing.model.order import Destination
from routing.model.rates import ZoneMap


class ZoneFinder:
    """The zones of one destination, by the origin's postal code."""

    def __init__(self, zones: ZoneMap, to: Destination) -> None:
        best: dict[str, tuple[tuple[int, bool], str]] = {}
        code = _bare(to.postal_code)
        for row in zones.rows:
            prefix = _bare(row.destination)
            if row.country not in (None, to.country) or not code.startswith(prefix):
                continue
            rank = (len(prefix), row.country is not None)
            origin = _bare(row.origin)
            if origin not in best or rank > best[origin][0]:
                best[origin] = (rank, row.zone)
        self._by_origin = {origin: zone for origin, (_, zone) in best.items()}
        self._lengths = sorted({len(origin) for origin in self._by_origin}, reverse=True)
        self._known: dict[str | None, str | None] = {}

    def zone(self, postal_code: str | None) -> str | None:
        """The zone seen from a postal code, or None where the map has none."""
        if postal_code not in self._known:
            code = _bare(postal_code)
            matches = (self._by_origin.get(code[:n]) for n in self._lengths if n <= len(code))
            self._known[postal_code] = next((zone for zone in matches if zone is not None), None)
        return self._known[postal_code]


def _bare(postal_code: str | None) -> str:
    """Postal codes compare without blanks and in capitals, as people write them either way."""
    return (postal_code or "").replace(" ", "").upper()
