"""Invariant 3, the levels: reserved within on hand, and a ledger of movements that sums to both."""

from cli.audit.evidence import Evidence, Finding, group, total


def check(evidence: Evidence) -> list[Finding]:
    """Find impossible levels, levels that the movements do not explain, and units shipped out of nothing."""
    levels = {(row["location_id"], row["sku"]): row for row in evidence.tables["stock"]}
    moves = {(row["location_id"], row["sku"]): row for row in evidence.tables["movements"]}
    sent = group(evidence.tables["packed"], "location_id", "sku")
    findings: list[Finding] = []
    for cell in levels.keys() | moves.keys() | sent.keys():
        where = f"{cell[1]} at {cell[0]}"
        level = levels.get(cell, {"on_hand": 0, "reserved": 0})
        moved = moves.get(cell, {"on_hand": 0, "reserved": 0, "received": 0})
        if not 0 <= level["reserved"] <= level["on_hand"]:
            findings.append(
                Finding("", f"{where}: {level['reserved']} reserved of {level['on_hand']} on hand")
            )
        for column in ("on_hand", "reserved"):
            if level[column] != moved[column]:
                sentence = f"{where}: {column} is {level[column]}, its movements sum to {moved[column]}"
                findings.append(Finding("", sentence))
        shipped = total(sent.get(cell, ()), "quantity")
        if shipped > moved["received"]:
            findings.append(Finding("", f"{where}: {shipped} units shipped of {moved['received']} received"))
    return findings
