"""Allocations that a person asks for and does not get, or only with a reason."""

from sqlalchemy import insert, update

from adapters.db.tables import carrier_services, service_bands
from tests.allocating import allocate, by_hand, decisions, suggestions
from tests.world import World, quantities


async def test_a_suggestion_that_costs_something_else_by_now_is_refused(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await by_hand(service, (sku, 1))
    (offer,) = (await suggestions(service, order_id))["suggestions"]
    stale = [part | {"cost": part["cost"] - 1} for part in offer["allocations"]]

    refused = await service.post("ops", f"/v1/orders/{order_id}/allocate", {"allocations": stale}, status=409)

    assert "by now" in refused["detail"]
    assert await service.level("north", sku) == (1, 0)


async def test_an_allocation_is_all_or_nothing_and_says_what_lacks(service: World) -> None:
    sku, other = await service.sku(north=5), await service.sku(north=1, south=1)
    full = await service.location(daily_capacity=1)
    await service.count(full, sku, 5)
    order_id = await by_hand(service, (sku, 2), (other, 2))

    short = await allocate(service, order_id, {"north": [("1", 2), ("2", 2)]}, status=409)
    many = await allocate(service, order_id, {"north": [("1", 3)]}, status=409)
    await allocate(service, order_id, {full: [("1", 1)]})
    busy = await allocate(service, order_id, {full: [("1", 1)]}, status=409)

    assert f"north has 1 of 2 units of {other}" in short["detail"]
    assert "2 are pending" in many["detail"]
    assert "no capacity left" in busy["detail"]
    assert await service.level("north", sku) == (5, 0)
    assert quantities(await service.order(order_id)) == {"pending": 1, "allocated": 1}


async def test_names_that_do_not_exist_are_told_where_they_stand(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await by_hand(service, (sku, 1))
    path = f"/v1/orders/{order_id}/allocate"
    units = [{"line_id": "1", "quantity": 1}]

    line = await allocate(service, order_id, {"north": [("9", 1)]}, status=422)
    place = await allocate(service, order_id, {"atlantis": [("1", 1)]}, status=422)
    by_air = {"allocations": [{"location_id": "north", "service": "air", "lines": units}]}
    service_name = await service.post("ops", path, by_air, status=422)
    twice = {"allocations": [{"location_id": "north", "lines": units}] * 2}
    await service.post("ops", path, twice, status=422)

    assert line["errors"][0]["pointer"] == "/allocations/0/lines/0/line_id"
    assert place["errors"][0]["pointer"] == "/allocations/0/location_id"
    assert service_name["errors"][0]["pointer"] == "/allocations/0/service"


async def test_an_order_that_may_not_be_routed_cannot_be_allocated(service: World) -> None:
    sku = await service.sku(north=4)
    held = await by_hand(service, (sku, 1))
    hold = {"type": "fraud", "reason": "looks odd", "blocks": ["routing"]}
    placed = await service.post("ops", f"/v1/orders/{held}/holds", hold, status=201)
    unpaid = await service.place((sku, 1), routing="manual", token="tok_declined")
    await service.until(unpaid, lambda o: o["payment_status"] == "declined")
    done = await by_hand(service, (sku, 1))
    await service.cancel(done)

    for order_id in (held, unpaid, done):
        await allocate(service, order_id, {"north": [("1", 1)]}, status=409)

    headers = {"Authorization": f"Bearer {service.keys['ops']}"}
    await service.http.delete(f"/v1/orders/{held}/holds/{placed['id']}", headers=headers)
    assert quantities(await allocate(service, held, {"north": [("1", 1)]})) == {"allocated": 1}
    await service.post("storefront", f"/v1/orders/{done}/allocate", {"allocations": []}, status=403)


async def test_out_of_reach_needs_an_override_with_its_reason(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await by_hand(service, (sku, 1), delivery={"method": "ship", "service_level": "same_day"})
    no_service = await allocate(
        service, order_id, {"north": [("1", 1)]}, status=409, override=True, reason="he waits"
    )
    async with service.database() as connection:
        courier = {"name": "courier", "service_level": "same_day"}
        await connection.execute(insert(carrier_services).values(courier))
        near = {"service": "courier", "max_km": 5, "base": 900, "per_kg": 0, "transit_days": 1}
        await connection.execute(insert(service_bands).values(near))

    await allocate(service, order_id, {"north": [("1", 1)]}, status=409)
    await allocate(service, order_id, {"north": [("1", 1)]}, status=422, override=True)
    order = await allocate(service, order_id, {"north": [("1", 1)]}, override=True, reason="he waits")

    assert "no service reaches it" in no_service["detail"]
    assert order["fulfillments"][0]["service"] == "courier"
    (decision,) = await decisions(service, order_id)
    assert decision["record"]["manual"]["overridden"] == ["north"]
    (told,) = [one for one in await service.events(order_id) if one["type"] == "order.allocated"]
    assert told["data"] == {"n": 1, "reason": "he waits", "overridden": ["north"], "rules": []}
    assert told["actor"] == "ops:test-ops"
    async with service.database() as connection:
        await connection.execute(
            update(carrier_services).where(carrier_services.c.name == "courier").values(active=False)
        )


async def test_a_pickup_is_allocated_only_where_the_customer_comes(service: World) -> None:
    sku = await service.sku(north=1, south=1)
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "south"}
    order_id = await by_hand(service, (sku, 1), delivery=delivery)

    await allocate(service, order_id, {"north": [("1", 1)]}, status=409, override=True, reason="closer")
    order = await allocate(service, order_id, {"south": [("1", 1)]})

    assert order["fulfillments"][0]["service"] == "pickup"
