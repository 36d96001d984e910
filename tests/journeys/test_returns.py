"""What comes back: asked for, received anywhere, inspected, and paid back to the minor unit."""

from typing import Any

from sqlalchemy import select

from adapters.db.tables import payment_ledger
from tests.world import World, quantities

REASON = "too small"


async def delivered(service: World, *lines: tuple[str, int], **changes: Any) -> str:
    """An order that has arrived, and is paid for."""
    order_id = await service.place(*lines, **changes)
    await service.until(order_id, "in_fulfillment")
    await service.deliver(order_id)
    await service.paid(order_id)
    return order_id


async def ask_back(
    service: World, order_id: str, *lines: tuple[str, int], status: int = 201, **changes: Any
) -> dict[str, Any]:
    body = {
        "lines": [{"line_id": line, "quantity": units, "reason": REASON} for line, units in lines],
        "refund_to": "original",
    } | changes
    return await service.post("storefront", f"/v1/orders/{order_id}/returns", body, status=status)


async def receive(
    service: World, name: str, place: str, *lines: tuple[str, int], status: int = 200, role: str = "ops"
) -> dict[str, Any]:
    body = {"location_id": place, "lines": [{"line_id": one, "quantity": units} for one, units in lines]}
    return await service.post(role, f"/v1/returns/{name}/receive", body, status=status)


async def inspect(
    service: World, name: str, *lines: tuple[str, int, str], status: int = 200, role: str = "ops"
) -> dict[str, Any]:
    judged = [{"line_id": one, "quantity": units, "disposition": what} for one, units, what in lines]
    return await service.post(role, f"/v1/returns/{name}/inspect", {"lines": judged}, status=status)


async def refunded(service: World, order_id: str, amount: int) -> dict[str, Any]:
    return await service.until(order_id, lambda order: bool(order["totals"]["refunded"] == amount))


async def ledger(service: World, order_id: str) -> list[tuple[str, int]]:
    async with service.database() as connection:
        rows = await connection.execute(
            select(payment_ledger.c.kind, payment_ledger.c.amount)
            .where(payment_ledger.c.order_id == order_id)
            .order_by(payment_ledger.c.id)
        )
        return [(row.kind, row.amount) for row in rows]


async def test_units_come_back_within_the_window_and_are_paid_back(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await delivered(service, (sku, 3))

    asked = await ask_back(service, order_id, ("1", 2))
    name = asked["id"]
    assert (asked["status"], asked["refund"], asked["kind"]) == ("requested", 0, "customer")
    await receive(service, name, "north", ("1", 2))
    await inspect(service, name, ("1", 2, "restock"))
    order = await refunded(service, order_id, 2000)

    (shown,) = order["returns"]
    assert shown["status"] == "completed"
    assert shown == await service.get("storefront", f"/v1/returns/{name}")
    assert quantities(order) == {"delivered": 1, "returned": 2}
    assert order["payment_status"] == "partially_refunded"
    assert (await service.books(order_id))[-1] == ("refund", 2000, "succeeded")
    assert await ledger(service, order_id) == [("authorize", 3500), ("capture", 3500), ("refund", 2000)]
    assert await service.level("north", sku) == (2, 0)
    history = await service.history(order_id)
    assert history[history.index("return.requested") :] == [
        "return.requested",
        "return.received",
        "return.inspected",
        "refund.owed",
        "payment.refunded",
        "return.completed",
    ]
    process = service.env.client.get_workflow_handle(f"return:{name}")
    assert (await process.result())["return_id"] == name
