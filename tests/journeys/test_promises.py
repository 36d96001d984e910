"""What a cart is promised is what its order gets; availability says the same before."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from adapters.db.tables import carrier_services, postal_areas, service_bands
from tests.world import World

SHIP_TO = {"postal_code": "68501", "country": "US", "lat": 39.0, "lng": -100.0}


async def promise(service: World, sku: str, units: int, *, status: int = 200, **more: Any) -> dict[str, Any]:
    body = {"channel": "web", "lines": [{"sku": sku, "quantity": units}], "ship_to": SHIP_TO} | more
    return await service.post("storefront", "/v1/promise", body, status=status)


def by_level(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["service_level"]: one for one in answer["levels"]}


async def test_the_promise_is_the_plan_that_the_order_gets(service: World) -> None:
    sku = await service.sku(north=2, south=2)

    levels = by_level(await promise(service, sku, 3))

    told = levels["standard"]["promise"]
    assert [(one["location_id"], one["lines"][0]["quantity"]) for one in told["shipments"]] == [
        ("north", 2),
        ("south", 1),
    ]
    assert (levels["same_day"]["available"], levels["same_day"]["why_not"]) == (False, "not_served")
    order_id = await service.place((sku, 3))
    await service.until(order_id, "in_fulfillment")
    (decision,) = (await service.get("ops", f"/v1/orders/{order_id}/routing"))["data"]
    assert decision["record"]["objective"] == told["price"]
    promised_at = (await service.order(order_id))["promise"]["deliver_by"]
    apart = datetime.fromisoformat(promised_at) - datetime.fromisoformat(told["deliver_by"])
    assert timedelta(0) <= apart < timedelta(minutes=1)


async def test_what_is_not_there_is_promised_for_when_supply_is_due(service: World) -> None:
    sku = await service.sku(north=1)
    assert by_level(await promise(service, sku, 3))["standard"]["why_not"] == "no_stock"
    due = datetime.now(UTC) + timedelta(days=10)
    supply = {
        "location_id": "south",
        "sku": sku,
        "quantity": 5,
        "expected_at": due.isoformat(),
        "reference": "PO-1",
    }
    await service.post("ops", "/v1/inventory/inbound", supply, status=201)

    told = by_level(await promise(service, sku, 3))["standard"]["promise"]

    (later,) = told["backorders"]
    assert later["quantity"] == 2
    assert datetime.fromisoformat(later["expected_at"]) == due
    in_all = due + service.settings.ship_within + timedelta(days=3)
    assert datetime.fromisoformat(told["deliver_by"]) == in_all


async def test_only_a_full_location_that_has_what_waits_is_called_full(service: World) -> None:
    small = await service.location(daily_capacity=2, capacity_unit="units")
    other, much, all_of_it = (
        await service.sku(north=1),
        await service.sku(**{small: 3}),
        await service.sku(**{small: 2}),
    )
    assert by_level(await promise(service, much, 3))["standard"]["why_not"] == "no_capacity"
    assert by_level(await promise(service, all_of_it, 3))["standard"]["why_not"] == "no_stock"
    await service.until(await service.place((all_of_it, 2)), "in_fulfillment")

    assert by_level(await promise(service, much, 1))["standard"]["why_not"] == "no_capacity"
    assert by_level(await promise(service, other, 2))["standard"]["why_not"] == "no_stock"


async def test_a_promise_may_keep_what_it_promises_and_its_order_gets_it(service: World) -> None:
    sku = await service.sku(north=2)

    answer = await promise(service, sku, 2, hold_seconds=60)

    kept = answer["reservation"]
    assert kept["promise"] == by_level(answer)["standard"]["promise"]
    assert by_level(await promise(service, sku, 1))["standard"]["why_not"] == "no_stock"
    mine = await service.place((sku, 2), reservation=kept["id"])
    await service.until(mine, "in_fulfillment")
    assert await service.level("north", sku) == (2, 2)


async def test_an_order_shows_what_was_promised_and_how_it_turns_out(service: World) -> None:
    sku = await service.sku(north=2, south=2)
    kept = (await promise(service, sku, 2, hold_seconds=60))["reservation"]
    mine = await service.place((sku, 2), reservation=kept["id"])
    order = await service.until(mine, "in_fulfillment")
    promised = order["promise"]["promised"]
    assert (promised["reservation"], promised["price"]) == (kept["id"], kept["promise"]["price"])
    assert promised["extra_cost"] == 0
    assert 0 <= promised["late_seconds"] < 60

    await service.count("north", sku, 1)

    order = await service.until(mine, lambda one: len(one["fulfillments"]) == 2)
    assert order["promise"]["promised"]["extra_cost"] > 0
    order = await service.deliver(mine)
    assert order["promise"]["promised"]["late_seconds"] < 0


async def test_availability_counts_carts_and_says_who_reaches_a_place(service: World) -> None:
    near = await service.location(lat=39.2, handling_cost=1)
    sku = await service.sku(**{near: 5, "east": 3})
    async with service.database() as connection:
        area = {"country": "US", "postal_code": "68777", "lat": 39.0, "lng": -100.0}
        await connection.execute(insert(postal_areas).values(area))
        await connection.execute(
            insert(carrier_services).values(name=f"{service.name}-van", service_level="same_day")
        )
        await connection.execute(
            insert(service_bands).values(
                service=f"{service.name}-van", max_km=30, base=900, per_kg=0, transit_days=0
            )
        )
    await promise(service, sku, 2, hold_seconds=60)

    path = f"/v1/availability?sku={sku}&postal_code=68777&service_level=same_day"
    (found,) = (await service.get("storefront", path))["data"]
    async with service.database() as connection:  # or the next journeys are served by it, too
        van = carrier_services.c.name == f"{service.name}-van"
        await connection.execute(update(carrier_services).where(van).values(active=False))

    assert found["network"] == {"on_hand": 8, "reserved": 2, "held": 2, "safety_stock": 0, "available": 6}
    at = {one["location_id"]: one for one in found["locations"]}
    assert (at[near]["reserved"], at[near]["available"]) == (2, 3)
    assert at[near]["reach"]["service"] == f"{service.name}-van"
    assert at["east"]["reach"] is None


async def test_a_storefront_asks_for_its_own_channels_only(service: World) -> None:
    sku = await service.sku(north=1)
    await promise(service, sku, 1, channel="elsewhere", status=403)
    await service.get("location", f"/v1/availability?sku={sku}", status=403)
    refused = await service.get("storefront", "/v1/availability?sku=of-nobody", status=422)
    assert "of-nobody" in refused["detail"]
