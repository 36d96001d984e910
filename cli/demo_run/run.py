"""One run of the demo: the stack, the network, the players, and the audit at the end."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from cli.demo_run.audit_run import close
from cli.demo_run.caller import Caller, GaveUpError
from cli.demo_run.invented import invent_orders, sold_out
from cli.demo_run.network import FilePlay, load, prepare
from cli.demo_run.options import Options
from cli.demo_run.performance import Backstage, perform
from cli.embedded.stack import Stack


async def run_demo(options: Options, console: Console) -> bool:
    """Run the demo; whether every order ended and every invariant holds."""
    with ExitStack() as leaving:
        folder = _folder(leaving)
        play = prepare(options, options.orders, folder) if options.orders else None
        data_dir = (options.keep_data or folder / "oms").absolute()
        stack = Stack(
            data_dir=data_dir,
            port=None,
            seed=play is None,
            env=_environment(data_dir, options.count),
            report=lambda line: console.print(line, highlight=False),
        )
        async with stack:
            console.print(f"ready {stack.api_url}", highlight=False)
            return await _run_on(stack, play, options, console)


async def _run_on(stack: Stack, play: FilePlay | None, options: Options, console: Console) -> bool:
    keys = json.loads((stack.data_dir / "keys.json").read_text())
    async with (
        Caller(stack.api_url, keys["storefront"]) as shop,
        Caller(stack.api_url, keys["ops"]) as desk,
        Caller(stack.api_url, keys["ops"]) as side_door,
    ):
        if play is not None:
            console.print("importing locations, products, rate card and stock", highlight=False)
            await load(play, stack.environment)
            baskets = play.baskets
        else:
            inventory = await desk.pages("/v1/inventory")
            await _sell_out(desk, inventory)
            baskets = invent_orders(options.count, options.seed, inventory)
        secret = keys["carriers"]["generic"]["secret"]
        backstage = Backstage(
            shop=shop, desk=desk, side_door=side_door, carrier_secret=secret, data_dir=stack.data_dir
        )
        done = await perform(baskets, options, console, backstage)
        return await close(stack, done, console, side_door)


async def _sell_out(desk: Caller, inventory: Sequence[Mapping[str, Any]]) -> None:
    """Somebody counts one SKU everywhere and finds none of it."""
    sku = sold_out(inventory)
    for row in inventory:
        if row["sku"] == sku:
            body = {"on_hand": 0, "as_of": datetime.now(UTC).isoformat()}
            reply = await desk.put(f"/v1/inventory/{row['location_id']}/{sku}", body)
            if not reply.ok:
                raise GaveUpError(f"count of {sku}: {reply.status} {reply.detail}")


_SECONDS: Final = {
    "OMS_PAYMENT_GRACE": 12,
    "OMS_ACCEPT_WITHIN": 15,
    "OMS_LOST_AFTER": 12,
    "OMS_RETURN_WINDOW": 8,
    "OMS_RETURN_EXPIRES": 12,
}
"""What takes hours and days in real life, for a small run; players are quicker than that."""

_SMALL, _SLOWEST = 100, 5
"""With more orders than so many everything takes longer, up to so many times."""


def _environment(data_dir: Path, count: int) -> dict[str, str]:
    """How long things take in this run; the carriers' secrets are those of keys.json."""
    slower = min(max(count / _SMALL, 1), _SLOWEST)
    windows = {name: f"PT{round(seconds * slower)}S" for name, seconds in _SECONDS.items()}
    secrets = {"OMS_CARRIER_SECRETS_FILE": str(data_dir / "keys.json")}
    return windows | secrets | {"OMS_SOFT_DECLINE_RETRY": "PT2S"}


def _folder(leaving: ExitStack) -> Path:
    """A folder of the run's own with a short name: PostgreSQL's socket lies in it."""
    folder = tempfile.TemporaryDirectory(prefix="oms-", ignore_cleanup_errors=True)
    return Path(leaving.enter_context(folder))
