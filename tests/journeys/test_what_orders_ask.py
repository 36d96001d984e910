"""What an order asks for is what the DOM is asked: by when, for whom, and to what kind of house."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.world import World

SINCE = "2020-01-01T00:00:00Z"


async def put(service: World, scope: dict[str, Any], rules: list[dict[str, Any]]) -> str:
    name = f"p-{uuid4().hex}"
    await service.put(
        "ops", f"/v1/routing/policies/{name}", {"scope": scope, "valid_from": SINCE, "rules": rules}
    )
    return name


async def test_an_order_is_shipped_from_where_it_comes_in_time(service: World) -> None:
    region = uuid4().hex[:10]
    slow = await service.location(processing_minutes=9 * 24 * 60)
    quick = await service.location(lat=45.0)
    sku = await service.sku(**{slow: 1, quick: 1})
    await put(service, {"regions": [f"US-{region}"]}, [{"deliver_by": {}}])
    by = (datetime.now(UTC) + timedelta(days=8)).isoformat()

    ship_to = service.body((sku, 1))["ship_to"] | {"region": region}
    order_id = await service.place((sku, 1), ship_to=ship_to, deliver_by=by)
    order = await service.until(order_id, "in_fulfillment")

    assert [work["location_id"] for work in order["fulfillments"]] == [quick]
    decision = (await service.get("ops", f"/v1/orders/{order_id}/routing"))["data"][-1]
    verdicts = {one["location_id"]: one.get("rule") for one in decision["record"]["verdicts"]}
    assert order["promise"]["arrives_by"] <= order["promise"]["deliver_by"]
    assert verdicts[slow] == "deliver_by"


async def test_a_policy_may_be_for_a_tier_of_customers_in_orders_and_in_carts(service: World) -> None:
    tier = uuid4().hex[:10]
    near, far = await service.location(), await service.location(lat=45.0)
    sku = await service.sku(**{near: 1, far: 1})
    await put(service, {"customer_tiers": [tier]}, [{"locations": {"exclude": {"ids": [near]}}}])
    body = service.body((sku, 1))

    cart = {
        "channel": body["channel"],
        "lines": [{"sku": sku, "quantity": 1}],
        "ship_to": {"postal_code": "68501", "country": "US", "lat": 40.0, "lng": -100.0},
        "customer_tier": tier,
        "service_levels": ["standard"],
    }
    [level] = (await service.post("storefront", "/v1/promise", cart))["levels"]
    order_id = await service.place((sku, 1), customer=body["customer"] | {"tier": tier})
    order = await service.until(order_id, "in_fulfillment")

    assert [one["location_id"] for one in level["promise"]["shipments"]] == [far]
    assert [work["location_id"] for work in order["fulfillments"]] == [far]
    assert order["customer"]["tier"] == tier


async def test_a_cart_is_planned_by_its_region_its_value_and_its_kind_of_house(service: World) -> None:
    region = uuid4().hex[:10]
    one, two = await service.sku(north=1), await service.sku(south=1)
    await put(service, {"regions": [f"US-{region}"]}, [{"no_split_below": {"order_value": 1000}}])
    cart = {
        "channel": "web",
        "ship_to": {"postal_code": "68501", "country": "US", "lat": 38.0, "lng": -100.0},
        "service_levels": ["standard"],
    }

    async def shipments(price: int, **address: object) -> int:
        lines = [{"sku": sku, "quantity": 1, "unit_price": price} for sku in (one, two)]
        body = cart | {"lines": lines, "ship_to": cart["ship_to"] | address}  # type: ignore[operator]
        [level] = (await service.post("storefront", "/v1/promise", body))["levels"]
        return len(level["promise"]["shipments"]) if level["available"] else 0

    assert await shipments(499, region="elsewhere", residential=True) == 2
    assert await shipments(499, region=region, residential=True) == 0
    assert await shipments(500, region=region) == 2


async def test_what_comes_after_the_moment_asked_for_is_not_promised(service: World) -> None:
    sku = await service.sku(north=1)
    body = service.body((sku, 1))
    cart = {
        "channel": body["channel"],
        "lines": [{"sku": sku, "quantity": 1}],
        "ship_to": {"postal_code": "68501", "country": "US", "lat": 40.0, "lng": -100.0},
        "deliver_by": datetime.now(UTC).isoformat(),
        "service_levels": ["standard"],
    }

    [level] = (await service.post("storefront", "/v1/promise", cart))["levels"]

    assert (level["available"], level["why_not"]) == (False, "too_late")
