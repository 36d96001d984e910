"""Capacity: no location is asked for more on a day than it said it can do, and what is called off is free."""

from collections import Counter
from typing import Final

from cli.audit.evidence import Evidence, Finding, group, total

_TAKES_NOTHING: Final = {"rejected", "expired", "cancelled"}
_KEEPS_A_PLACE: Final = {"held", "used"}


def check(evidence: Evidence) -> list[Finding]:
    """Find days on which a location was given too much, or is booked for more or less than its work is."""
    findings = []
    work = _work(evidence)
    for row in evidence.tables["capacity"]:
        where = f"{row['location_id']} on {row['day']}"
        unit = row["capacity_unit"]
        if row["daily_capacity"] is not None and row["used"] > row["daily_capacity"]:
            findings.append(Finding("", f"{where} was given {row['used']} of {row['daily_capacity']} {unit}"))
        asked = work[row["location_id"], row["day"]]
        if row["used"] != asked:
            sentence = f"{where}: {row['used']} {unit} booked, its work and carts take {asked}"
            findings.append(Finding("", sentence))
    findings += [
        Finding("", f"{row['reservation_id']} is over, but keeps {row['taken']} of a day")
        for row in evidence.tables["held_days"]
        if row["status"] not in _KEEPS_A_PLACE or row["closed_at"] is not None
    ]
    return findings


def _work(evidence: Evidence) -> Counter[tuple[object, object]]:
    """What work and carts take of each location's days: units, or themselves as one order."""
    lines = group(evidence.tables["work"], "fulfillment_id")
    taken: Counter[tuple[object, object]] = Counter()
    for row in evidence.tables["fulfillments"]:
        if row["capacity_day"] is None or row["status"] in _TAKES_NOTHING:
            continue
        by_units = row["capacity_unit"] == "units"
        taken[row["location_id"], row["capacity_day"]] += (
            total(lines.get(row["id"], ()), "quantity") if by_units else 1
        )
    for row in evidence.tables["held_days"]:
        taken[row["location_id"], row["day"]] += row["taken"]
    return taken
