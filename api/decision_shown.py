"""A kept routing decision as it is told over HTTP."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from domain.fulfillment_status import ON_ITS_WAY, OPEN_WORK
from routing.record.snapshot import PARTS

_GOING_ON: Final = OPEN_WORK | ON_ITS_WAY


def decision_shown(row: Row[Any], text: str, works: Sequence[Row[Any]], now: datetime) -> dict[str, Any]:
    """Tell a decision by its record's text and what became of it; how long planning took is in the proof."""
    record = json.loads(text)
    if record["certificate"] is not None:
        record["certificate"]["seconds"] = row.seconds or 0.0
    return {
        "n": row.n,
        "at": row.at,
        "policy": row.policy,
        "record": record,
        "replayable": all(getattr(row, f"{part}_part") is not None for part in PARTS),
        "outcome": [_outcome(work, now) for work in works],
    }


def _outcome(work: Row[Any], now: datetime) -> dict[str, Any]:
    return {
        "fulfillment_id": work.id,
        "location_id": work.location_id,
        "status": work.status,
        "promised": {"ship_by": work.ship_by, "deliver_by": work.promised_at, "cost": round(work.cost)},
        "actual": {"shipped_at": work.shipped_at, "delivered_at": work.delivered_at},
        "shipped_late": _late(work.shipped_at, work.ship_by, work, now),
        "delivered_late": _late(work.delivered_at, work.promised_at, work, now),
    }


def _late(happened: datetime | None, promised: datetime | None, work: Row[Any], now: datetime) -> bool | None:
    """Whether something came later than promised, or is overdue; None while it may still be in time."""
    if promised is None:
        return None
    if happened is not None:
        return happened > promised
    return True if now > promised and work.status in _GOING_ON else None
