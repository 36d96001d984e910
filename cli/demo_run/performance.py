"""The play itself: everybody on stage until every order has ended, or nothing moves any more."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from cli.demo_run.attendant import attend
from cli.demo_run.caller import Caller
from cli.demo_run.closing import show_stuck
from cli.demo_run.customer import (
    asked_for_another,
    asked_to_confirm,
    confirm_at_the_bank,
    hear_of_decline,
)
from cli.demo_run.diary import Diary
from cli.demo_run.dispatcher import dispatch
from cli.demo_run.fraud_desk import in_review, review
from cli.demo_run.location import staff
from cli.demo_run.options import Options
from cli.demo_run.plot import Basket
from cli.demo_run.saboteur import sabotage
from cli.demo_run.screen import show
from cli.demo_run.stage import Stage
from cli.demo_run.stocktaker import count_short
from cli.demo_run.storefront import place_all
from cli.demo_run.supplier import Supplier
from cli.demo_run.watch import Watch

_PATIENCE: Final = 120.0
"""Seconds without any change in any order after which the rest counts as stuck."""

_LIKELIEST: Final = {"dc": 0, "3pl": 1, "supplier": 2, "store": 3}


@dataclass(frozen=True, slots=True)
class Performance:
    """How a play went: the diary, how long it took, and whether every order ended."""

    diary: Diary
    seconds: float
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstage:
    """What the players work with: callers with the storefront's and ops' keys, and the stack's folder."""

    shop: Caller
    desk: Caller
    side_door: Caller
    carrier_secret: str
    data_dir: Path


async def perform(
    baskets: Sequence[Basket], options: Options, console: Console, backstage: Backstage
) -> Performance:
    """Play until the end."""
    locations = await backstage.desk.pages("/v1/locations")
    diary = Diary({basket.number: basket for basket in baskets})
    async with asyncio.TaskGroup() as tasks:
        stage = Stage(
            seed=options.seed,
            shop=backstage.shop,
            desk=backstage.desk,
            side_door=backstage.side_door,
            carrier_secret=backstage.carrier_secret,
            locations=[location["id"] for location in locations],
            diary=diary,
            tasks=tasks,
        )
        watch = Watch(stage)
        for location_id in stage.locations:
            stage.play(staff(stage, location_id))
        takers = sorted(locations, key=lambda one: (_LIKELIEST[one["kind"]], one["id"]))
        dcs = [one["id"] for one in takers if one["kind"] == takers[0]["kind"]]
        stage.play(attend(stage, watch))
        stage.play(watch.visit(asked_for_another, hear_of_decline))
        stage.play(watch.visit(asked_to_confirm, confirm_at_the_bank))
        stage.play(watch.visit(in_review, review))
        stage.play(dispatch(stage, watch))
        stage.play(count_short(stage, watch))
        stage.play(Supplier(stage, watch, dcs).supply())
        stage.play(place_all(stage, list(baskets), rate=options.rate, untouched=watch.untouched))
        stage.play(sabotage(options.chaos, backstage.data_dir / "stack.json", diary, watch))
        stage.play(show(console, diary, watch))
        diary.started = time.monotonic()
        ended = await watch.keep_looking(patience=_PATIENCE)
        seconds = diary.seconds
        stage.clear()
    while diary.news:
        console.print(diary.news.popleft(), highlight=False)
    if not ended:
        await show_stuck(console, backstage.desk, watch.open())
    for caller in (backstage.shop, backstage.desk, backstage.side_door):
        diary.repeats.update(caller.troubles)
    return Performance(diary, seconds, ended)
