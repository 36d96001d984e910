"""Processes that die before their order's end are begun anew, and go on from the rows."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from activities.processes import Processes
from activities.reconciler import Reconciler
from adapters.db.engine import create_engine
from adapters.db.tables import outbox
from tests.passages import DELIVERED
from tests.returning import ask_back, delivered, process_of, skip_return, until_started
from tests.world import World, at, sent_by


async def reconciled(service: World, *, every: timedelta = timedelta(0)) -> int:
    """Let the reconciler look once, at what was quiet for so long; returns how many processes it started."""
    engine = create_engine(
        service.settings.sqlalchemy_url, pool_size=2, statement_timeout=timedelta(seconds=10)
    )
    processes = Processes(service.env.client, return_window=service.settings.return_window)
    started = await Reconciler(engine, service.env.client, processes, every=every).sweep()
    await engine.dispose()
    return started


async def test_an_order_whose_process_was_terminated_goes_on_where_it_was(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await service.place((sku, 2))
    await service.until(order_id, "in_fulfillment")
    await service.process(order_id).terminate("by mistake")

    assert await reconciled(service) >= 1

    await lives_on(service, order_id, sku)


async def test_an_order_whose_process_was_never_begun_gets_it(service: World) -> None:
    sku = await service.sku(north=2)
    await service.crew.leave()
    order_id = await service.place((sku, 2))
    async with service.database() as connection:
        told = update(outbox).where(outbox.c.order_id == order_id).values(done_at=datetime.now(UTC))
        await connection.execute(told)
    await service.crew.relieve(pause=0)

    assert await reconciled(service) >= 1

    await lives_on(service, order_id, sku)


async def lives_on(service: World, order_id: str, sku: str) -> None:
    """Bring an order to its end as if its process had always been there."""
    order = await service.until(order_id, "in_fulfillment")
    number = await service.ship(at(order, "north")["id"])
    await service.paid(order_id)
    await service.scan(number, "delivered")
    await service.close(order_id)
    assert await service.history(order_id) == [*DELIVERED, "order.closed"]
    assert await service.books(order_id) == [("authorize", 2500, "succeeded"), ("capture", 2500, "succeeded")]
    assert await service.movements(sku) == sent_by("north", 2)
    assert await service.levels(sku) == {"north": (0, 0)}


async def test_news_for_a_dead_process_bring_it_back_at_once(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await service.place((sku, 1))
    await service.until(order_id, "in_fulfillment")
    await service.process(order_id).terminate("by mistake")

    await service.cancel(order_id)

    await service.paid(order_id, "voided")
    await service.until(order_id, lambda o: o["closed_at"] is not None)


async def test_a_living_process_and_a_closed_order_are_left_alone(service: World) -> None:
    sku = await service.sku(north=2)
    living = await service.place((sku, 1))
    await service.until(living, "in_fulfillment")
    ended = await service.place((sku, 1))
    await service.cancel(ended)
    await service.until(ended, lambda o: o["closed_at"] is not None)
    before = [(await service.process(one).describe()).run_id for one in (living, ended)]

    await reconciled(service)

    assert [(await service.process(one).describe()).run_id for one in (living, ended)] == before
    await service.cancel(living)


async def test_a_return_whose_process_was_terminated_expires_all_the_same(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await delivered(service, (sku, 1))
    name = (await ask_back(service, order_id, ("1", 1)))["id"]
    await until_started(process_of(service, name))
    await process_of(service, name).terminate("by mistake")

    assert await reconciled(service) >= 1

    await skip_return(service, name, timedelta(days=31))
    await service.until(order_id, lambda o: bool(o["returns"][0]["status"] == "expired"))
