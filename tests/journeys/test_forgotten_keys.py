"""An effect whose outcome stayed unknown for longer than its provider keeps keys is looked up first."""

from datetime import UTC, datetime, timedelta

from adapters.db.locked_order import lock_order
from adapters.db.payment_intents import Asked, open_intent
from adapters.db.payment_policy import payment_policy
from domain.payment import Capabilities
from tests.journeys.test_several_authorizations import at_a_location, reprice
from tests.world import World

KEPT = timedelta(hours=24)


async def asked(service: World, order_id: str, at: datetime) -> Asked:
    """What the provider is asked at a moment."""
    async with service.database() as connection:
        order = await lock_order(connection, order_id, actor="test", now=at)
        found = await open_intent(order, payment_policy(service.settings), Capabilities(keeps_keys=KEPT))
        assert found is not None
        await order.save(tell_process=False)
    return found


async def test_it_is_repeated_under_its_key_as_long_as_that_is_kept_and_then_looked_up(
    service: World,
) -> None:
    order_id = await at_a_location(service)
    await service.crew.leave()
    await reprice(service, order_id, 2000)
    now = datetime.now(UTC)

    first = await asked(service, order_id, now)
    soon = await asked(service, order_id, now + KEPT / 2)
    late = await asked(service, order_id, now + KEPT + timedelta(minutes=1))
    service.crew.come_back()

    assert (first.look_up, soon.look_up, late.look_up) == (False, False, True)
    assert first.request == soon.request == late.request
    await service.until(order_id, lambda o: o["totals"]["authorized"] == 2500)
    assert await service.books(order_id) == [
        ("authorize", 1500, "succeeded"),
        ("authorize", 1000, "succeeded"),
    ]
