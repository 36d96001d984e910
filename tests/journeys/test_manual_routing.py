"""Orders that a person routes: ranked suggestions, and allocations that hold or say what lacks."""

from typing import Any

from sqlalchemy import insert, update

from adapters.db.tables import carrier_services, service_bands
from tests.world import World, at, quantities


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


async def test_a_manual_order_waits_for_a_person_and_lives_on_as_any_other(service: World) -> None:
    sku = await service.sku(north=3, south=3)
    order_id = await by_hand(service, (sku, 2))
    waiting = await service.get("ops", f"/v1/orders?routing=manual&status=routing&sku={sku}")
    assert [one["id"] for one in waiting["data"]] == [order_id]
    assert await decisions(service, order_id) == []

    order = await allocate(service, order_id, {"south": [("1", 2)]}, reason="the newer batch")

    assert quantities(order) == {"allocated": 2}
    assert await service.level("south", sku) == (3, 2)
    (decision,) = await decisions(service, order_id)
    assert (decision["n"], decision["policy"]) == (1, "manual")
    record = decision["record"]
    assert record["manual"] == {"by": "ops:test-ops", "reason": "the newer batch", "overridden": []}
    assert record["shipments"][0]["cost"] == 100 + 500 + 100 == record["objective"]
    await service.deliver(order_id)
    order = await service.close(order_id)
    assert quantities(order) == {"delivered": 2}
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert await service.level("south", sku) == (1, 0)
    history = await service.history(order_id)
    assert history.index("fulfillment.created") < history.index("order.allocated")
    assert (await service.get("ops", f"/v1/orders?routing=manual&status=routing&sku={sku}"))["data"] == []


async def test_suggestions_are_ranked_and_can_be_posted_as_they_are(service: World) -> None:
    near = await service.location(lat=39.0, lng=-100.0, handling_cost=10)
    one, two = await service.sku(north=5, south=5), await service.sku(south=5, **{near: 5})
    order_id = await by_hand(service, (one, 1), (two, 1))

    offered = await suggestions(service, order_id)

    ranked = offered["suggestions"]
    assert [one["rank"] for one in ranked] == list(range(1, len(ranked) + 1))
    assert [one["total_cost"] for one in ranked] == sorted(one["total_cost"] for one in ranked)
    assert [part["location_id"] for part in ranked[0]["allocations"]] == ["south"]
    assert len({str(one["allocations"]) for one in ranked}) == len(ranked)
    standing = {one["location_id"]: one for one in offered["locations"]}
    assert standing["south"]["lacks"] == []
    assert standing[near]["lacks"] == [{"sku": one, "quantity": 1}]
    assert standing["east"]["rule"] == "no_stock"
    order = await service.post(
        "ops", f"/v1/orders/{order_id}/allocate", {"allocations": ranked[0]["allocations"]}
    )
    assert quantities(order) == quantities(order, 1) == {"allocated": 1}
    assert (await suggestions(service, order_id))["suggestions"] == []


async def test_a_suggestion_that_costs_something_else_by_now_is_refused(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await by_hand(service, (sku, 1))
    (offer,) = (await suggestions(service, order_id))["suggestions"]
    stale = [part | {"cost": part["cost"] - 1} for part in offer["allocations"]]

    refused = await service.post("ops", f"/v1/orders/{order_id}/allocate", {"allocations": stale}, status=409)

    assert "by now" in refused["detail"]
    assert await service.level("north", sku) == (1, 0)


async def test_what_is_not_allocated_stays_pending_until_it_is(service: World) -> None:
    sku = await service.sku(north=2, south=2)
    order_id = await by_hand(service, (sku, 3))

    order = await allocate(service, order_id, {"north": [("1", 2)]})

    assert quantities(order) == {"pending": 1, "allocated": 2}
    assert (await service.until(order_id, "routing"))["id"] == order_id
    order = await allocate(service, order_id, {"south": [("1", 1)]})
    assert quantities(order) == {"allocated": 3}
    assert [one["n"] for one in await decisions(service, order_id)] == [1, 2]
    await service.cancel(order_id)
    assert await service.level("north", sku) == await service.level("south", sku) == (2, 0)
    await service.paid(order_id, "voided")


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
    assert told["data"] == {"n": 1, "reason": "he waits", "overridden": ["north"]}
    assert told["actor"] == "ops:test-ops"
    async with service.database() as connection:
        await connection.execute(
            update(carrier_services).where(carrier_services.c.name == "courier").values(active=False)
        )


async def test_a_repeat_under_the_same_key_allocates_once(service: World) -> None:
    sku = await service.sku(north=5)
    order_id = await by_hand(service, (sku, 2))
    body = {"allocations": [{"location_id": "north", "lines": [{"line_id": "1", "quantity": 1}]}]}
    path = f"/v1/orders/{order_id}/allocate"

    first = await service.post("ops", path, body, key=f"once-{order_id}")
    again = await service.post("ops", path, body, key=f"once-{order_id}")

    assert first == again
    assert await service.level("north", sku) == (5, 1)


async def test_what_a_location_gives_back_waits_for_the_person_again(service: World) -> None:
    sku = await service.sku(north=3, south=3)
    order_id = await by_hand(service, (sku, 3))
    order = await allocate(service, order_id, {"north": [("1", 3)]})
    work = at(order, "north")["id"]

    await service.step(work, "pick", {"lines": [{"line_id": "1", "quantity": 2}]})
    order = await service.order(order_id)
    assert quantities(order) == {"pending": 1, "allocated": 2}
    await service.step(work, "reject", {"reason": "roof leaks"})

    order = await service.order(order_id)
    assert (order["status"], quantities(order)) == ("routing", {"pending": 3})
    offered = await suggestions(service, order_id)
    assert [one["allocations"][0]["location_id"] for one in offered["suggestions"]] == ["south"]
    assert len(await decisions(service, order_id)) == 1
    order = await allocate(service, order_id, {"south": [("1", 3)]})
    assert quantities(order) == {"allocated": 3}
    assert await service.level("north", sku) == (2, 0)


async def test_an_order_that_no_location_is_left_for_is_answered_by_an_allocation(service: World) -> None:
    sku = await service.sku(north=2)
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "north"}
    order_id = await service.place((sku, 1), delivery=delivery)
    order = await service.until(order_id, "in_fulfillment")
    await service.step(at(order, "north")["id"], "reject", {"reason": "no"})
    order = await service.until(order_id, lambda o: "attention" in o)
    assert order["attention"]["reason"] == "no_location_left"

    order = await allocate(service, order_id, {"north": [("1", 1)]}, reason="they will do it now")

    assert "attention" not in order
    assert order["status"] == "in_fulfillment"
    work = at(order, "north")["id"]
    await service.step(work, "ready")
    await service.step(work, "collect")
    await service.close(order_id)
    assert await service.level("north", sku) == (1, 0)


async def test_units_that_wait_for_stock_can_be_allocated_where_nobody_looked(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 3))
    await service.until(order_id, lambda o: quantities(o) == {"allocated": 1, "backordered": 2})
    opened_since = await service.location()
    await service.count(opened_since, sku, 5)
    assert quantities(await service.order(order_id))["backordered"] == 2

    order = await allocate(service, order_id, {opened_since: [("1", 1)]})

    assert quantities(order) == {"allocated": 2, "backordered": 1}
    await service.receive("east", sku, 1)
    order = await service.until(order_id, lambda o: quantities(o) == {"allocated": 3})
    assert await service.level(opened_since, sku) == (5, 1)
    assert at(order, "east")["lines"][0]["quantity"] == 1


async def test_cancelling_a_pending_unit_lets_go_of_no_other_lines_stock(service: World) -> None:
    one, two = await service.sku(), await service.sku()
    order_id = await service.place((one, 1), (two, 2))
    await service.until(order_id, "awaiting_stock")
    hold = {"type": "fraud", "reason": "looks odd", "blocks": ["routing"]}
    placed = await service.post("ops", f"/v1/orders/{order_id}/holds", hold, status=201)
    await service.receive("north", one, 1)
    await service.receive("south", two, 2)

    await service.cancel(order_id, ("2", 1))

    assert await service.level("north", one) == (1, 1)
    assert await service.level("south", two) == (2, 1)
    headers = {"Authorization": f"Bearer {service.keys['ops']}"}
    await service.http.delete(f"/v1/orders/{order_id}/holds/{placed['id']}", headers=headers)
    order = await service.until(order_id, "in_fulfillment")
    assert (quantities(order), quantities(order, 1)) == ({"allocated": 1}, {"allocated": 1, "cancelled": 1})
    assert await service.level("south", two) == (2, 1)


async def test_a_pickup_is_allocated_only_where_the_customer_comes(service: World) -> None:
    sku = await service.sku(north=1, south=1)
    delivery = {"method": "pickup", "service_level": "standard", "pickup_location": "south"}
    order_id = await by_hand(service, (sku, 1), delivery=delivery)

    await allocate(service, order_id, {"north": [("1", 1)]}, status=409, override=True, reason="closer")
    order = await allocate(service, order_id, {"south": [("1", 1)]})

    assert order["fulfillments"][0]["service"] == "pickup"
