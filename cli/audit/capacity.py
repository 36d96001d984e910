"""Capacity: no location is asked for more on a day than it said it can do."""

from cli.audit.evidence import Evidence, Finding


def check(evidence: Evidence) -> list[Finding]:
    """Find days on which a location was given too much."""
    return [
        Finding("", f"{row['location_id']} was given {row['used']} of {row['daily_capacity']} "
                    f"{row['capacity_unit']} on {row['day']}")
        for row in evidence.tables["capacity"]
        if row["daily_capacity"] is not None and row["used"] > row["daily_capacity"]
    ]  # fmt: skip
