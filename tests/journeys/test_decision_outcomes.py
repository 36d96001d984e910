"""What a routing decision promised, beside what became of it."""

from adapters.db.decisions import find_decision, read_parts
from routing.record.replay import replayed
from routing.record.snapshot import hashes_of, input_hash, question_of
from tests.allocating import decisions
from tests.world import World


async def test_a_decision_shows_what_was_promised_and_what_happened(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 2))
    order = await service.until(order_id, lambda one: one["fulfillments"] != [])
    (work,) = order["fulfillments"]

    (before,) = await decisions(service, order_id)
    number = await service.ship(work["id"])
    await service.paid(order_id)
    await service.scan(number, "delivered")
    (after,) = await decisions(service, order_id)

    assert before["replayable"]
    (promise,), (kept,) = before["outcome"], after["outcome"]
    assert (promise["fulfillment_id"], promise["location_id"]) == (work["id"], "north")
    assert promise["promised"] == kept["promised"]
    assert promise["promised"]["cost"] == before["record"]["shipments"][0]["cost"]
    assert promise["actual"] == {"shipped_at": None, "delivered_at": None}
    assert (promise["shipped_late"], promise["delivered_late"]) == (None, None)
    assert kept["status"] == "delivered"
    assert None not in kept["actual"].values()
    assert (kept["shipped_late"], kept["delivered_late"]) == (False, False)


async def test_how_decisions_turn_out_is_counted_by_policy(service: World) -> None:
    sku = await service.sku(north=3)
    order_id = await service.place((sku, 1))
    order = await service.until(order_id, lambda one: one["fulfillments"] != [])
    await service.ship(order["fulfillments"][0]["id"])
    (decision,) = await decisions(service, order_id)

    told = await service.get(
        "ops", "/v1/routing/outcomes?since=2000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z"
    )
    nothing = await service.get(
        "ops", "/v1/routing/outcomes?since=2000-01-01T00:00:00Z&until=2000-01-02T00:00:00Z"
    )

    (counted,) = [one for one in told["policies"] if one["policy"] == decision["policy"]]
    assert counted["decisions"] >= 1
    assert counted["asked"] >= counted["shipped"] >= 1
    assert counted["cost"] > 0
    assert nothing["policies"] == []


async def test_the_decision_of_a_live_order_is_made_again_to_the_byte(service: World) -> None:
    near = await service.location(lat=39.0, lng=-100.0, handling_cost=10.25, daily_capacity=1)
    one, two = await service.sku(north=1, **{near: 4}), await service.sku(south=2)
    order_id = await service.place((one, 3), (two, 1))
    await service.until(order_id, lambda order: order["fulfillments"] != [])

    async with service.database() as connection:
        row = await find_decision(connection, order_id, 1)
        assert row is not None
        parts = await read_parts(connection, row)
    assert parts is not None
    (shown,) = await decisions(service, order_id)

    assert replayed(parts) == row.record
    (explained,) = (await service.get("ops", f"/v1/orders/{order_id}/routing?changes=true"))["data"]
    for verdict in explained["record"]["verdicts"]:
        assert (verdict.pop("changes", None) is None) == (verdict["outcome"] == "chosen")
    assert explained["record"]["verdicts"] == shown["record"]["verdicts"]
    assert input_hash(hashes_of(parts)) == shown["record"]["certificate"]["input_hash"]
    assert {line.sku for line in question_of(parts).order.lines} == {one, two}
