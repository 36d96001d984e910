"""How a location packs its work into parcels."""

import random
from collections.abc import Mapping
from typing import Any

from cli.demo_run.shares import IN_TWO_PARCELS


def pack_parcels(work: Mapping[str, Any], chance: random.Random, *, attempt: int) -> list[dict[str, Any]]:
    """Pack what is left to ship into one parcel, at times into two; each says what it holds."""
    left = _left(work)
    contents = [left]
    if sum(left.values()) > 1 and chance.random() < IN_TWO_PARCELS:
        contents = _halves(left)
    return [
        {
            "carrier": "generic",
            "service": "ground",
            "tracking_number": f"TL-{work['id'].removeprefix('ful_')}-{attempt}-{number}",
            "lines": [{"line_id": line_id, "quantity": units} for line_id, units in content.items()],
        }
        for number, content in enumerate(contents, start=1)
    ]


def _left(work: Mapping[str, Any]) -> dict[str, int]:
    left = {line["line_id"]: line["quantity"] for line in work["lines"]}
    for parcel in work.get("parcels", ()):
        for line in parcel["lines"]:
            left[line["line_id"]] -= line["quantity"]
    return {line_id: units for line_id, units in left.items() if units > 0}


def _halves(left: Mapping[str, int]) -> list[dict[str, int]]:
    units = [line_id for line_id, count in left.items() for _ in range(count)]
    middle = len(units) // 2
    return [{line_id: half.count(line_id) for line_id in half} for half in (units[:middle], units[middle:])]
