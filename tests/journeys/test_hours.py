"""Work is due, and the order is promised, when the hours of its location say."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from adapters.db.tables import calendars
from tests.allocating import by_hand, suggestions
from tests.world import World


async def test_work_is_due_and_promised_by_the_hours_of_its_location(service: World) -> None:
    name = f"daily-{service.name}"
    async with service.database() as connection:
        await connection.execute(insert(calendars).values(name=name, open_weekdays=list(range(7))))
    place = await service.location(calendar=name, processing_minutes=3 * 24 * 60)
    sku = await service.sku(**{place: 1})

    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")

    [work] = order["fulfillments"]
    due = datetime.fromisoformat(work["ship_by"])
    planned = datetime.fromisoformat((await service.events(order_id))[-1]["at"])
    assert work["location_id"] == place
    assert abs(due - planned - timedelta(days=3)) < timedelta(minutes=1)
    assert datetime.fromisoformat(order["promise"]["deliver_by"]) > due


async def test_what_a_person_allocates_is_due_by_the_hours_of_its_location_too(service: World) -> None:
    name = f"by-hand-{service.name}"
    async with service.database() as connection:
        await connection.execute(insert(calendars).values(name=name, open_weekdays=list(range(7))))
    place = await service.location(calendar=name, processing_minutes=3 * 24 * 60)
    sku = await service.sku(**{place: 1})
    order_id = await by_hand(service, (sku, 1))

    [offer] = (await suggestions(service, order_id))["suggestions"]
    body = {"allocations": offer["allocations"]}
    order = await service.post("ops", f"/v1/orders/{order_id}/allocate", body)

    [work] = order["fulfillments"]
    due = datetime.fromisoformat(work["ship_by"])
    decided = datetime.fromisoformat((await service.events(order_id))[-1]["at"])
    assert abs(due - decided - timedelta(days=3)) < timedelta(minutes=1)
    assert abs(due - datetime.fromisoformat(offer["ship_by"])) < timedelta(minutes=1)


async def test_a_location_that_is_switched_off_is_passed_over(service: World) -> None:
    shut, far = await service.location(offline=True), await service.location(lat=45.0)
    sku = await service.sku(**{shut: 1, far: 1})

    order_id = await service.place((sku, 1))
    order = await service.until(order_id, "in_fulfillment")

    assert [work["location_id"] for work in order["fulfillments"]] == [far]
