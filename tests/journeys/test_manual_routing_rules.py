"""The hard rules of an order's policy hold for a person, too, unless there is a reason to override them."""

from typing import Any
from uuid import uuid4

from sqlalchemy import update

from adapters.db.tables import products
from tests.allocating import allocate, by_hand, decisions, suggestions
from tests.world import World, quantities


async def ruled(service: World, *lines: tuple[str, int], rules: list[Any]) -> str:
    """A policy for a region of its own, and an order to there that a person routes."""
    region = uuid4().hex[:10]
    document = {
        "scope": {"regions": [f"US-{region}"]},
        "valid_from": "2020-01-01T00:00:00Z",
        "rules": rules,
    }
    await service.put("ops", f"/v1/routing/policies/p-{uuid4().hex}", document)
    ship_to = service.body(*lines)["ship_to"] | {"region": region}
    return await by_hand(service, *lines, ship_to=ship_to)


async def test_a_person_breaks_a_rule_only_with_a_reason_which_is_kept(service: World) -> None:
    sku = await service.sku(north=1, south=1)
    rules = [{"max_shipments": {"most": 1}}, {"locations": {"exclude": {"ids": ["south"]}}}]
    order_id = await ruled(service, (sku, 2), rules=rules)
    split: dict[str, list[tuple[str, int]]] = {"north": [("1", 1)], "south": [("1", 1)]}

    refused = await allocate(service, order_id, split, status=409)
    assert "max_shipments: 2 shipments, more than 1" in refused["detail"]
    assert "locations: south ships and is excluded" in refused["detail"]
    assert await service.level("north", sku) == (1, 0)

    order = await allocate(service, order_id, split, override=True, reason="he is leaving tomorrow")

    assert quantities(order) == {"allocated": 2}
    (decision,) = await decisions(service, order_id)
    assert decision["record"]["manual"]["rules"] == ["max_shipments", "locations"]
    (told,) = [one for one in await service.events(order_id) if one["type"] == "order.allocated"]
    assert (told["data"]["reason"], told["data"]["rules"]) == (
        "he is leaving tomorrow",
        ["max_shipments", "locations"],
    )


async def test_what_is_left_behind_counts_as_well(service: World) -> None:
    sku = await service.sku(north=2)
    order_id = await ruled(service, (sku, 2), rules=["ship_complete"])

    refused = await allocate(service, order_id, {"north": [("1", 1)]}, status=409)

    assert "ship_complete: some units ship and some wait" in refused["detail"]
    assert quantities(await allocate(service, order_id, {"north": [("1", 2)]})) == {"allocated": 2}


async def test_what_a_location_may_not_handle_takes_a_reason(service: World) -> None:
    store = await service.location(handles=[])
    sku = await service.sku(**{store: 1})
    async with service.database() as connection:
        await connection.execute(update(products).where(products.c.sku == sku).values(flags=["hazmat"]))
    order_id = await by_hand(service, (sku, 1))

    refused = await allocate(service, order_id, {store: [("1", 1)]}, status=409)

    assert f"{store} may not handle {sku}" in refused["detail"]
    order = await allocate(service, order_id, {store: [("1", 1)]}, override=True, reason="a driver comes")
    assert quantities(order) == {"allocated": 1}


async def test_stock_is_never_overridden(service: World) -> None:
    sku = await service.sku(north=1)
    order_id = await by_hand(service, (sku, 2))

    refused = await allocate(
        service, order_id, {"north": [("1", 2)]}, status=409, override=True, reason="must"
    )

    assert f"north has 1 of 2 units of {sku}" in refused["detail"]


async def test_suggestions_keep_the_policy_that_is_for_the_order(service: World) -> None:
    sku = await service.sku(north=1, south=2)
    rules = [{"max_shipments": {"most": 1}}, {"locations": {"exclude": {"ids": ["north"]}}}]
    order_id = await ruled(service, (sku, 2), rules=rules)

    told = await suggestions(service, order_id)

    assert {part["location_id"] for one in told["suggestions"] for part in one["allocations"]} == {"south"}
    assert {row["location_id"]: row["rule"] for row in told["locations"]}["north"] == "excluded_by_policy"
    assert told["suggestions"][0]["backorders"] == []
