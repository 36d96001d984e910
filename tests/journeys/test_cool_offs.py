"""A location that failed an order rests: other orders pass it over, or wait for the end of its rest."""

from datetime import datetime, timedelta

from tests.world import World

REST = timedelta(hours=6)


async def test_who_rejects_rests_and_orders_that_only_it_could_serve_wait_for_that(elsewhere: World) -> None:
    place, other = await elsewhere.location(), await elsewhere.location(handling_cost=900)
    sku = await elsewhere.sku(**{place: 2, other: 1})
    first = await elsewhere.place((sku, 1))
    order = await elsewhere.until(first, "in_fulfillment")
    [work] = order["fulfillments"]
    assert work["location_id"] == place

    await elsewhere.step(work["id"], "reject", {"reason": "no staff"})
    order = await elsewhere.until(first, lambda o: o["fulfillments"][-1]["status"] == "open")
    second = await elsewhere.place((sku, 1))
    await elsewhere.until(second, "awaiting_stock")

    assert order["fulfillments"][-1]["location_id"] == other
    decision = (await elsewhere.get("ops", f"/v1/orders/{second}/routing"))["data"][-1]
    verdicts = {one["location_id"]: one for one in decision["record"]["verdicts"]}
    assert verdicts[place]["rule"] == "cool_off"
    [waits] = [one for one in await elsewhere.events(second) if one["type"] == "lines.backordered"]
    retry_at = datetime.fromisoformat(waits["data"]["retry_at"])
    until = datetime.fromisoformat(await _rest_of(elsewhere, place))
    assert retry_at == until
    assert abs(until - datetime.fromisoformat(waits["at"]) - REST) < timedelta(minutes=1)

    third = await elsewhere.place((sku, 1))
    await elsewhere.until(third, "awaiting_stock")

    await elsewhere.reroute(third, pin_location=place, reason="they called: staff is back")
    order = await elsewhere.until(third, "in_fulfillment")
    assert order["fulfillments"][-1]["location_id"] == place
    await elsewhere.skip(second, REST)

    order = await elsewhere.until(second, "in_fulfillment")
    assert order["fulfillments"][-1]["location_id"] == place


async def _rest_of(service: World, place: str) -> str:
    answer = await service.get("ops", "/v1/locations?limit=100")
    [until] = [one["cool_off_until"] for one in answer["data"] if one["id"] == place]
    return str(until)
