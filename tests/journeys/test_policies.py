"""The policy that an order is routed by: the most specific one that is for it, else the settings'."""

from typing import Any
from uuid import uuid4

from tests.world import World

SINCE = "2020-01-01T00:00:00Z"


async def put(service: World, region: str, without: str, **more: Any) -> str:
    """Put a policy for a region of its own, by which one location is out."""
    name = f"p-{uuid4().hex}"
    document = {
        "scope": {"regions": [f"US-{region}"], **more},
        "valid_from": SINCE,
        "rules": [{"locations": {"exclude": {"ids": [without]}}}],
    }
    await service.put("ops", f"/v1/routing/policies/{name}", document)
    return name


async def routed(service: World, sku: str, region: str) -> tuple[str, dict[str, Any]]:
    """Place an order to the region; return who ships it, and the decision."""
    ship_to = service.body((sku, 1))["ship_to"] | {"region": region}
    order_id = await service.place((sku, 1), ship_to=ship_to)
    order = await service.until(order_id, "in_fulfillment")
    answer = await service.get("ops", f"/v1/orders/{order_id}/routing")
    return order["fulfillments"][0]["location_id"], answer["data"][-1]


async def test_an_order_is_routed_by_the_policy_that_is_for_it(service: World) -> None:
    sku = await service.sku(north=5, south=5)
    region = uuid4().hex[:10]
    usual, decision = await routed(service, sku, region)
    assert decision["policy"] == "lowest_cost"
    other = {"north": "south", "south": "north"}[usual]

    name = await put(service, region, usual)

    place, decision = await routed(service, sku, region)
    assert place == other
    assert decision["policy"] == name
    assert decision["record"]["certificate"]["policy_version"] == 1
    assert (await routed(service, sku, "CO"))[0] == usual


async def test_the_more_specific_policy_goes_first_and_a_new_version_holds_at_once(service: World) -> None:
    sku = await service.sku(north=9, south=9)
    region = uuid4().hex[:10]
    channel = service.body((sku, 1))["channel"]
    await put(service, region, "north")
    name = await put(service, region, "south", channels=[channel])

    assert (await routed(service, sku, region))[0] == "north"

    body = {
        "scope": {"regions": [f"US-{region}"], "channels": [channel]},
        "valid_from": SINCE,
        "rules": [{"locations": {"include": {"ids": ["south"]}}}],
    }
    await service.put("ops", f"/v1/routing/policies/{name}", body)
    place, decision = await routed(service, sku, region)
    assert place == "south"
    assert (decision["policy"], decision["record"]["certificate"]["policy_version"]) == (name, 2)


async def test_a_policy_may_let_a_location_fail_an_order_more_than_once(service: World) -> None:
    sku = await service.sku(north=1)
    region = uuid4().hex[:10]
    document = {
        "scope": {"regions": [f"US-{region}"]},
        "valid_from": SINCE,
        "rules": [{"max_rejects": {"most": 2}}],
    }
    await service.put("ops", f"/v1/routing/policies/p-{uuid4().hex}", document)
    order_id = await service.place((sku, 1), ship_to=service.body((sku, 1))["ship_to"] | {"region": region})

    for _ in range(2):
        order = await service.until(order_id, lambda o: any(f["status"] == "open" for f in o["fulfillments"]))
        (offer,) = [one for one in order["fulfillments"] if one["status"] == "open"]
        assert offer["location_id"] == "north"
        await service.step(offer["id"], "reject", {"reason": "no staff"})

    order = await service.until(order_id, "awaiting_stock")
    assert [one["status"] for one in order["fulfillments"]] == ["rejected", "rejected"]
