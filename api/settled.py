"""A settlement as it is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from domain.payment import BookedEffect
from domain.reconciliation import Settlement, is_over


def settlement_shown(day: date, settled: Mapping[str, Settlement], now: datetime) -> dict[str, Any]:
    """What a day came to with each provider, by its name; nothing is settled before the day is over."""
    differences = list(_differences(settled))
    over = is_over(day, now)
    return {
        "date": day,
        "over": over,
        "settled": over and not differences,
        "differences": differences,
        "totals": list(_totals(settled)),
    }


def _differences(settled: Mapping[str, Settlement]) -> Iterator[dict[str, Any]]:
    for provider, settlement in settled.items():
        for one in settlement.differences:
            yield {
                "provider": provider,
                "kind": one.kind,
                "order_id": one.known.order_id,
                "key": one.known.idempotency_key,
                "ours": _effect(one.ours),
                "theirs": _effect(one.theirs),
            }


def _totals(settled: Mapping[str, Settlement]) -> Iterator[dict[str, Any]]:
    for provider, settlement in settled.items():
        for (step, currency), (ours, theirs) in settlement.totals.items():
            yield {
                "provider": provider,
                "step": step,
                "currency": currency,
                "ours": asdict(ours),
                "theirs": asdict(theirs),
            }


def _effect(effect: BookedEffect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    told = asdict(effect)
    del told["idempotency_key"]
    return told
