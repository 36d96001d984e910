"""What customers and locations do with a return, over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from adapters.db.tables import ledger_entries
from domain.accounts import EFFECTS
from tests.world import World

REASON = "too small"
_PATIENCE = 60.0


async def delivered(service: World, *lines: tuple[str, int], **changes: Any) -> str:
    """An order that has arrived, and is paid for."""
    order_id = await service.place(*lines, **changes)
    order = await service.until(order_id, "in_fulfillment")
    numbers = [await service.ship(work["id"]) for work in order["fulfillments"]]
    await service.paid(order_id)
    for number in numbers:
        await service.scan(number, "delivered")
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


def process_of(service: World, name: str) -> WorkflowHandle[Any, Any]:
    """The return's workflow."""
    return service.env.client.get_workflow_handle(f"return:{name}")


async def ended(service: World, name: str) -> None:
    """Wait for the return's process to end, which the relay may not have begun."""
    await until_started(process_of(service, name))
    async with asyncio.timeout(_PATIENCE):
        await process_of(service, name).result()


async def skip_return(service: World, name: str, duration: timedelta) -> None:
    """Let time pass for one return."""
    await until_started(process_of(service, name))
    await service.env.fast_forward(process_of(service, name), duration)


async def until_started(process: WorkflowHandle[Any, Any]) -> None:
    """The relay starts a process a moment after its rows."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                await process.describe()
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                await asyncio.sleep(0.1)
            else:
                return


async def refunded(service: World, order_id: str, amount: int) -> dict[str, Any]:
    return await service.until(order_id, lambda order: bool(order["totals"]["refunded"] == amount))


async def ledger(service: World, order_id: str) -> list[tuple[str, int]]:
    """The effects on money that the ledger knows, oldest first: (kind, amount)."""
    entry = ledger_entries.c
    async with service.database() as connection:
        rows = await connection.execute(
            select(entry.fact, func.max(func.abs(entry.amount)).label("amount"))
            .where(entry.order_id == order_id, entry.fact.in_(EFFECTS))
            .group_by(entry.transaction, entry.fact)
            .order_by(func.min(entry.id))
        )
        return [(row.fact, row.amount) for row in rows]
