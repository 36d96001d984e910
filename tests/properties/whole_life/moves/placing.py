"""Storefronts place orders."""

from typing import Any, Final
from uuid import uuid4

from domain.ids import order_id
from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.moves.provider import OF_NEWS, misbehave
from tests.properties.whole_life.story import DONE, Story
from tests.world import PLACES

MOST_ORDERS: Final = 3
_PROVIDERS: Final = ("sandbox",) * 7 + ("sandbox_single",)
_MOST_LINES: Final = 4
TOKENS: Final = (
    "tok_ok", "tok_ok", "tok_ok", "tok_ok", "tok_ok_once", "tok_ok_once", "tok_valid_7_days",
    "tok_valid_7_days", "tok_expires_soon", "tok_single_capture", "tok_single_capture",
    "tok_3ds", "tok_3ds", "tok_3ds", "tok_3ds",
    "tok_declined", "tok_never_again", "tok_try_later", "tok_insufficient_then_ok",
    "tok_review", "tok_review", "tok_highest_risk", "tok_timeout_once", "tok_down_3",
    "tok_capture_fails", "tok_capture_pending", "tok_capture_pending", "tok_capture_fails_later",
    "tok_refund_fails", "tok_refund_fails", "tok_refund_pending", "tok_refund_pending",
    "tok_refund_fails_later", "tok_refund_fails_later", "tok_refund_comes_back", "tok_refund_comes_back",
    "tok_refund_comes_back", "tok_refund_comes_back",
)  # fmt: skip
"""Of all that money meets at a provider, the usual thing more often."""
_TOLD_LATER: Final = {
    "tok_3ds", "tok_capture_pending", "tok_capture_fails_later",
    "tok_refund_pending", "tok_refund_fails_later",
}  # fmt: skip


async def open_shop(story: Story, luck: Luck) -> None:
    """Products with stock here and there, less than might be asked for."""
    for number in range(luck.pick((1, 1, 2))):
        sku = f"{story.name}-{number}"
        await story.put(f"/v1/products/{sku}", {"name": "Thing", "weight_g": luck.number(1, 3000)})
        story.skus.append(sku)
        for place in PLACES:
            if luck.smiles(0.6):
                body = {"location_id": place, "sku": sku, "delta": luck.number(2, 8), "reason": "opening"}
                await story.ask("ops", "/v1/inventory/adjustments", body, expect=DONE)


async def place_order(story: Story, luck: Luck) -> None:
    """Place an order, once, however often it is said."""
    if len(story.orders) >= MOST_ORDERS:
        return
    body = _order(story, luck)
    await _forebode(story, luck, body)
    answer = await story.ask("storefront", "/v1/orders", body, expect=DONE, hasty=luck.smiles(0.1))
    story.orders.append(answer.json()["id"])


async def _forebode(story: Story, luck: Luck, body: dict[str, Any]) -> None:
    """The provider has its troubles before it is asked for anything; news it has only where it waits."""
    name = order_id(body["channel"], body["order_number"])
    if body["payment"]["token"] in _TOLD_LATER and luck.smiles(0.6):
        await misbehave(story, name, luck, OF_NEWS)
    elif luck.smiles(0.2):
        await misbehave(story, name, luck)


def _order(story: Story, luck: Luck) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [
        {"sku": luck.pick(story.skus), "quantity": luck.number(1, 4), "unit_price": _price(luck)}
        for _ in range(luck.pick((1, 1, 2, 3, _MOST_LINES)))
    ]
    gross = sum(line["quantity"] * line["unit_price"] for line in lines)
    shipping = luck.pick((0, 1, 500))
    who = {"id": story.name, "name": "Ada Field", "email": "ada@example.com"}
    return story.world.body(
        order_number=f"{story.name}-{uuid4().hex[:8]}",
        customer=who,
        lines=lines,
        shipping_price=shipping,
        discount=luck.pick((0, 0, 0, gross // 7, gross // 3, gross, gross + shipping)),
        tax=luck.pick((0, 0, gross // 13, 7)),
        delivery=_delivery(luck),
        routing="manual" if luck.smiles(0.15) else "auto",
        payment={"provider": luck.pick(_PROVIDERS), "token": luck.pick(TOKENS)},
    )


def _price(luck: Luck) -> int:
    return luck.pick((0, luck.number(1, 99), luck.number(100, 9999), luck.number(100, 9999)))


def _delivery(luck: Luck) -> dict[str, Any]:
    if luck.smiles(0.2):
        return {"method": "pickup", "pickup_location": luck.pick(tuple(PLACES))}
    return {"method": "ship", "service_level": "standard"}


MOVES: Final = (Move(place_order),)
