"""What carriers say of a parcel: data with a rank, not a machine."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class TrackingStatus(StrEnum):
    """Our words for a parcel's way. DELAYED and EXCEPTION are flags, kept apart."""

    UNKNOWN = "unknown"
    PRE_TRANSIT = "pre_transit"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    RETURN_IN_PROGRESS = "return_in_progress"
    DELIVERED = "delivered"
    RETURNED_TO_SENDER = "returned_to_sender"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TrackingFlag(StrEnum):
    """Troubles that the next milestone clears."""

    DELAYED = "delayed"
    EXCEPTION = "exception"


_RANK: Final = {
    TrackingStatus.UNKNOWN: 0,
    TrackingStatus.PRE_TRANSIT: 10,
    TrackingStatus.PICKED_UP: 20,
    TrackingStatus.IN_TRANSIT: 30,
    TrackingStatus.OUT_FOR_DELIVERY: 40,
    TrackingStatus.DELIVERY_ATTEMPTED: 45,
    TrackingStatus.AVAILABLE_FOR_PICKUP: 50,
    TrackingStatus.CANCELLED: 60,
    TrackingStatus.FAILED: 70,
    TrackingStatus.RETURN_IN_PROGRESS: 80,
    TrackingStatus.DELIVERED: 90,
    TrackingStatus.RETURNED_TO_SENDER: 100,
}


@dataclass(frozen=True, slots=True, order=True)
class Scan:
    """One word of a carrier. `occurred_at` is aware."""

    occurred_at: datetime
    status: TrackingStatus | TrackingFlag
    place: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Tracking:
    """Where a parcel stands after all its scans."""

    status: TrackingStatus = TrackingStatus.UNKNOWN
    at: datetime | None = None
    delayed: bool = False
    exception: bool = False


def reduce_scans(scans: list[Scan]) -> Tracking:
    """Fold scans in the order in which they happened, however they arrived; the highest milestone wins.

    A flag is cleared by the next milestone. Source: INTEGRATIONS, Carriers.
    """
    state = Tracking()
    for scan in sorted(scans, key=_story_order):
        if isinstance(scan.status, TrackingFlag):
            delayed = state.delayed or scan.status is TrackingFlag.DELAYED
            exception = state.exception or scan.status is TrackingFlag.EXCEPTION
            state = Tracking(state.status, state.at, delayed, exception)
        elif _RANK[scan.status] > _RANK[state.status]:
            state = Tracking(scan.status, scan.occurred_at)
        elif scan.status is not TrackingStatus.UNKNOWN:
            state = Tracking(state.status, state.at)
    return state


def _story_order(scan: Scan) -> tuple[datetime, int, str, str]:
    rank = -1 if isinstance(scan.status, TrackingFlag) else _RANK[scan.status]
    return scan.occurred_at, rank, scan.status.value, scan.place
