"""What locations should hold: safety stock is kept, bounds are told, and too much can be sold first."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from adapters.db.tables import stock_movements
from tests.world import World, quantities


async def targets(service: World, location: str, sku: str, **bounds: int) -> dict[str, Any]:
    return await service.put("ops", f"/v1/inventory/targets/{location}/{sku}", bounds)


async def sold(service: World, location: str, sku: str, units: int) -> None:
    """So many units came to the location and left it a week ago."""
    cell = {"location_id": location, "sku": sku, "actor": "test", "at": datetime.now(UTC) - timedelta(days=7)}
    moved = [("receipt", units), ("shipped", -units)]
    async with service.database() as connection:
        rows = [cell | {"on_hand_delta": delta, "reason": reason} for reason, delta in moved]
        await connection.execute(insert(stock_movements), rows)


async def test_safety_stock_is_kept_and_what_is_not_kept_any_more_goes_to_who_waits(service: World) -> None:
    sku = await service.sku(north=3)
    shown = await targets(service, "north", sku, safety_stock=2, maximum=9, least_cover_days=7)
    assert (shown["safety_stock"], shown["available"], shown["maximum"]) == (2, 1, 9)
    waiting = await service.place((sku, 3))
    await service.until(waiting, lambda order: quantities(order) == {"allocated": 1, "backordered": 2})

    shown = await targets(service, "north", sku, safety_stock=1)

    assert (shown["safety_stock"], shown["maximum"], shown["least_cover_days"]) == (1, None, None)
    await service.until(waiting, lambda order: quantities(order) == {"allocated": 2, "backordered": 1})
    assert await service.level("north", sku) == (3, 2)


async def test_alerts_tell_too_little_and_too_much_by_units_and_by_sales(service: World) -> None:
    place = await service.location()
    sku = {name: await service.sku(**{place: 10}) for name in ("few", "slow", "full", "fast", "fine")}
    await targets(service, place, sku["few"], safety_stock=11)
    await targets(service, place, sku["full"], maximum=9)
    await targets(service, place, sku["slow"], most_cover_days=30)
    await targets(service, place, sku["fast"], least_cover_days=3)
    bounds = {"safety_stock": 1, "maximum": 50, "least_cover_days": 3, "most_cover_days": 99}
    await targets(service, place, sku["fine"], **bounds)
    await sold(service, place, sku["slow"], 7)
    await sold(service, place, sku["fast"], 140)
    await sold(service, place, sku["fine"], 14)

    page = f"/v1/inventory/alerts?location_id={place}"
    told = {row["sku"]: row for row in (await service.get("ops", page))["data"]}

    assert {name: told[one]["reasons"] for name, one in sku.items() if one in told} == {
        "few": ["below_safety_stock"],
        "full": ["above_maximum"],
        "slow": ["above_most_cover"],
        "fast": ["below_least_cover"],
    }
    assert (told[sku["slow"]]["daily_sales"], told[sku["slow"]]["cover_days"]) == (0.25, 40.0)
    assert told[sku["few"]]["cover_days"] is None
    few = (await service.get("ops", f"{page}&alert=stock_out_risk&limit=1"))["data"]
    assert [row["alerts"] for row in few] == [["stock_out_risk"]]
    over = await service.get("ops", f"{page}&alert=overstock")
    assert {row["sku"] for row in over["data"]} == {sku["full"], sku["slow"]}


async def test_bounds_that_leave_no_room_are_refused(service: World) -> None:
    sku = await service.sku(north=1)
    path = f"/v1/inventory/targets/north/{sku}"
    headers = {"Authorization": f"Bearer {service.keys['ops']}"}

    for bounds in ({"safety_stock": 5, "maximum": 4}, {"least_cover_days": 9, "most_cover_days": 8}):
        assert (await service.http.put(path, json=bounds, headers=headers)).status_code == 422
    unknown = await service.http.put("/v1/inventory/targets/north/nothing", json={}, headers=headers)
    assert unknown.status_code == 404


async def test_a_policy_sells_first_where_there_is_too_much(service: World) -> None:
    near = await service.location(lat=39.0, lng=-100.0, handling_cost=10)
    far = await service.location(lat=39.0, lng=-101.0, handling_cost=60)
    sku, region = await service.sku(**{near: 5, far: 50}), uuid4().hex[:10]
    await targets(service, far, sku, maximum=20)
    ship_to = service.body((sku, 1))["ship_to"] | {"region": region}
    plain = await service.until(await service.place((sku, 1), ship_to=ship_to), "in_fulfillment")
    document = {
        "scope": {"regions": [f"US-{region}"]},
        "valid_from": "2020-01-01T00:00:00Z",
        "terms": ["shipping", "handling", {"stock_balance": {"bonus": 5000}}],
    }
    await service.put("ops", f"/v1/routing/policies/p-{uuid4().hex}", document)

    balanced = await service.until(await service.place((sku, 1), ship_to=ship_to), "in_fulfillment")

    assert [order["fulfillments"][0]["location_id"] for order in (plain, balanced)] == [near, far]
