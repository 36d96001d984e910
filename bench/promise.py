"""How long a promise takes, and what may be promised: `oms bench promise`.

Over HTTP on the demo network, beside a yardstick of the same run: reading one product, which is a key, a row
and an answer. The four are asked in turn, so that whatever else the machine does meets all of them alike.
"""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final

import click
import httpx

from bench.service import SKUS, Service, at_once, machine, run, running
from bench.timing import p50, p99
from cli.demo_run.people import us_address

_WARM_UP: Final = 10
_LINES: Final = 3

Ask = Callable[[Service, Random], Awaitable[httpx.Response]]


@click.command()
@click.option("--count", type=click.IntRange(min=1), default=300, show_default=True, help="Of each question.")
@click.option("--at-once", "crowd", type=click.IntRange(1, 100), default=1, show_default=True)
@click.option("--seed", type=int, default=2028, show_default=True)
def main(count: int, crowd: int, seed: int) -> None:
    """Measure POST /v1/promise and GET /v1/availability.

    Prints p50 and p99 in milliseconds, and the same of reading one product.
    """
    run(lambda: _bench(count, crowd, seed))


async def _bench(count: int, crowd: int, seed: int) -> None:
    async with running() as service:
        chance = Random(seed)
        await _asked(service, chance, _WARM_UP, 1)
        print(f"\n{count} of each, {crowd} at once, carts of {_LINES} lines; {machine()}")
        took = await _asked(service, chance, count, crowd)
        yardstick = p50(took["yardstick: one product"])
        for name, figures in took.items():
            beside = p50(figures) / yardstick
            print(f"{name:30} p50 {p50(figures):7.1f} ms   p99 {p99(figures):7.1f} ms   {beside:5.1f} ×")


async def _asked(service: Service, chance: Random, count: int, crowd: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = defaultdict(list)

    async def one(name: str) -> None:
        began = time.perf_counter()
        (await _QUESTIONS[name](service, chance)).raise_for_status()
        took[name].append(1000 * (time.perf_counter() - began))

    await at_once(crowd, [name for _ in range(count) for name in _QUESTIONS], one)
    return took


def _key(service: Service) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.keys['storefront']}"}


def _cart(chance: Random) -> dict[str, Any]:
    address = us_address(chance, "Ada Field")
    ship_to = {name: address[name] for name in ("postal_code", "country")}
    lines = [{"sku": sku, "quantity": chance.randint(1, 3)} for sku in chance.sample(SKUS, _LINES)]
    return {"channel": "web", "lines": lines, "ship_to": ship_to}


async def _product(service: Service, chance: Random) -> httpx.Response:
    return await service.http.get(f"/v1/products/{chance.choice(SKUS)}", headers=_key(service))


async def _levels(service: Service, chance: Random) -> httpx.Response:
    return await service.http.post("/v1/promise", json=_cart(chance), headers=_key(service))


async def _one_level(service: Service, chance: Random) -> httpx.Response:
    cart = _cart(chance) | {"service_levels": ["standard"]}
    return await service.http.post("/v1/promise", json=cart, headers=_key(service))


async def _availability(service: Service, chance: Random) -> httpx.Response:
    cart = _cart(chance)
    asked = {
        "sku": [line["sku"] for line in cart["lines"]],
        "postal_code": cart["ship_to"]["postal_code"],
        "country": cart["ship_to"]["country"],
    }
    return await service.http.get("/v1/availability", params=asked, headers=_key(service))


_QUESTIONS: Final[dict[str, Ask]] = {
    "yardstick: one product": _product,
    "promise, three service levels": _levels,
    "promise, one service level": _one_level,
    "availability of three products": _availability,
}
