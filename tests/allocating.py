"""What a person does who routes an order, over HTTP."""

from typing import Any

from tests.world import World


async def by_hand(service: World, *lines: tuple[str, int], **changes: Any) -> str:
    """An order that waits for a person, paid for."""
    order_id = await service.place(*lines, routing="manual", **changes)
    order = await service.until(order_id, lambda o: o["payment_status"] == "authorized")
    assert (order["status"], order["routing"]) == ("routing", "manual")
    return order_id


async def allocate(
    service: World, order_id: str, parts: dict[str, list[tuple[str, int]]], *, status: int = 200, **more: Any
) -> dict[str, Any]:
    allocations = [
        {"location_id": name, "lines": [{"line_id": line, "quantity": n} for line, n in lines]}
        for name, lines in parts.items()
    ]
    body = {"allocations": allocations} | more
    return await service.post("ops", f"/v1/orders/{order_id}/allocate", body, status=status)


async def suggestions(service: World, order_id: str) -> dict[str, Any]:
    return await service.get("ops", f"/v1/orders/{order_id}/suggestions")


async def decisions(service: World, order_id: str) -> list[dict[str, Any]]:
    return list((await service.get("ops", f"/v1/orders/{order_id}/routing"))["data"])
