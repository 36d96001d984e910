"""Two people, or a person and time, at the same return: one is first, and the other is told the truth."""

import asyncio
from collections import Counter
from datetime import timedelta

from activities.processes import Processes
from tests.returning import ask_back, delivered, ended, process_of, refunded, skip_return
from tests.world import World, quantities

AT_ONCE = 6


def units(quantity: int, **more: str) -> list[dict[str, object]]:
    return [{"line_id": "1", "quantity": quantity, **more}]


async def asked(service: World, *, of: int = 1) -> tuple[str, str, str]:
    """An order of which everything is asked back: its SKU, its id, the return's id."""
    sku = await service.sku(north=of)
    order_id = await delivered(service, (sku, of))
    return sku, order_id, (await ask_back(service, order_id, ("1", of)))["id"]


async def all_at_once(service: World, path: str, body: object, times: int = AT_ONCE) -> Counter[str]:
    """The same under as many keys; how many were done, and how many refused with a 409."""
    posts = (service.post("ops", path, body, status=None, key=f"{path}-{n}") for n in range(times))
    answers = await asyncio.gather(*posts, return_exceptions=True)
    return Counter("done" if isinstance(answer, dict) else refusal(answer) for answer in answers)


def refusal(error: BaseException) -> str:
    assert ": 409 " in str(error), error
    return "refused"


async def test_of_many_who_ask_the_same_unit_back_one_is_heard(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    body = {"lines": units(1, reason="too small"), "refund_to": "original"}

    answers = await all_at_once(service, f"/v1/orders/{order_id}/returns", body)

    assert answers == {"done": 1, "refused": AT_ONCE - 1}
    assert len((await service.order(order_id))["returns"]) == 1


async def test_what_many_receive_at_once_has_come_in_once(service: World) -> None:
    _, order_id, name = await asked(service, of=2)

    answers = await all_at_once(
        service, f"/v1/returns/{name}/receive", {"location_id": "north", "lines": units(1)}
    )

    assert answers == {"done": 2, "refused": AT_ONCE - 2}
    assert quantities(await service.order(order_id)) == {"returned": 2}


async def test_what_many_inspect_at_once_is_stock_once_and_paid_back_once(service: World) -> None:
    sku, order_id, name = await asked(service)
    await service.post("ops", f"/v1/returns/{name}/receive", {"location_id": "north", "lines": units(1)})

    answers = await all_at_once(
        service, f"/v1/returns/{name}/inspect", {"lines": units(1, disposition="restock")}
    )

    assert answers == {"done": 1, "refused": AT_ONCE - 1}
    assert await service.level("north", sku) == (1, 0)
    await refunded(service, order_id, 1000)
    await ended(service, name)
    assert [kind for kind, _, _ in await service.books(order_id)].count("refund") == 1


async def test_a_return_that_is_received_while_it_is_called_off_is_one_of_both(service: World) -> None:
    _, order_id, name = await asked(service)
    path = f"/v1/returns/{name}"

    received, cancelled = await asyncio.gather(
        all_at_once(service, f"{path}/receive", {"location_id": "north", "lines": units(1)}, 1),
        all_at_once(service, f"{path}/cancel", {}, 1),
    )

    assert received + cancelled == {"done": 1, "refused": 1}
    order = await service.order(order_id)
    came = received["done"] == 1
    assert order["returns"][0]["status"] == ("received" if came else "cancelled")
    assert quantities(order) == ({"returned": 1} if came else {"delivered": 1})


async def test_a_return_that_is_received_as_it_expires_is_one_of_both(service: World) -> None:
    _, order_id, name = await asked(service)
    path = f"/v1/returns/{name}/receive"

    received, _ = await asyncio.gather(
        all_at_once(service, path, {"location_id": "north", "lines": units(1)}, 1),
        skip_return(service, name, timedelta(days=31)),
    )

    came = received["done"] == 1
    status = "received" if came else "expired"
    order = await service.until(order_id, lambda one: bool(one["returns"][0]["status"] == status))
    assert quantities(order) == ({"returned": 1} if came else {"delivered": 1})


async def test_a_process_that_is_begun_anew_without_news_goes_on_from_the_rows(service: World) -> None:
    _, order_id, name = await asked(service)
    await service.told(order_id, "return.requested")
    await skip_return(service, name, timedelta(days=1))
    await process_of(service, name).terminate("by mistake")

    processes = Processes(service.env.client, return_window=service.settings.return_window)
    await processes.sent_back(order_id, name)
    await skip_return(service, name, timedelta(days=31))

    order = await service.until(order_id, lambda one: bool(one["returns"][0]["status"] == "expired"))
    assert (await service.history(order["id"])).count("return.expired") == 1
    await ended(service, name)
