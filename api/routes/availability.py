"""Availability: what of some products may be promised, where, and by when it could be at a place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.carts import Cart, CartLine, CartRequest, read_cart
from adapters.db.catalog import known_skus
from adapters.db.queries.availability import availability
from api.access import Caller, needs
from api.cart_bodies import ServiceLevel
from api.reading import JsonRoute, json_answer
from api.schemas.availability import Availability
from api.state import UsesServices
from domain.errors import InvalidContent
from routing.pricing.facts import unfit
from routing.pricing.market import Market

router = APIRouter(tags=["promises"], route_class=JsonRoute)

_MOST: Final = 100
_COUNTS: Final = ("on_hand", "reserved", "held", "safety_stock", "available")


@dataclass(frozen=True, slots=True)
class AvailabilityAsked:
    """Which products, and where they would go."""

    sku: Annotated[list[str], Query(min_length=1, max_length=_MOST)]
    postal_code: Annotated[str | None, Query(min_length=1, max_length=20)] = None
    country: Annotated[str, Query(pattern="^[A-Z]{2}$", description="Of the postal code")] = "US"
    service_level: ServiceLevel = "standard"


@router.get("/v1/availability", summary="What may be promised", response_model=Availability)
async def read_availability(
    asked: Annotated[AvailabilityAsked, Depends()],
    services: UsesServices,
    _caller: Annotated[Caller, needs("availability:read")],
) -> Response:
    """Show the units of products by open location and in all; with a postal code also who can send there.

    `available` is on hand less what is reserved and safety stock; holds whose time is over do not count.
    """
    now = services.now()
    skus = list(dict.fromkeys(asked.sku))
    async with services.engine.connect() as connection:
        known = await known_skus(connection, skus)
        if unknown := [sku for sku in skus if sku not in known]:
            raise InvalidContent(f"there is no product {unknown[0]}", "/sku")
        cells = await availability(connection, skus, now)
        if asked.postal_code is not None:
            reach = await _reach(connection, asked, skus, now, services.settings.ship_within)
            for cell in (cell for found in cells.values() for cell in found):
                cell["reach"] = reach.get(cell["location_id"])
    data = [
        {
            "sku": sku,
            "network": {name: sum(cell[name] for cell in found) for name in _COUNTS},
            "locations": found,
        }
        for sku, found in cells.items()
    ]
    return json_answer({"as_of": now, "data": data})


async def _reach(
    connection: AsyncConnection,
    asked: AvailabilityAsked,
    skus: list[str],
    now: datetime,
    ship_within: timedelta,
) -> dict[str, dict[str, Any]]:
    """How each location reaches the postal code fastest; those that do not are missing."""
    cart = Cart(
        channel="",
        lines=tuple(CartLine(sku, 1) for sku in skus),
        ship_to={"postal_code": asked.postal_code, "country": asked.country},
        method="ship",
        service_level=asked.service_level,
        pickup_location=None,
    )
    return _fastest(await read_cart(connection, cart, now), now, ship_within)


def _fastest(request: CartRequest, now: datetime, ship_within: timedelta) -> dict[str, dict[str, Any]]:
    market = Market(request.order, request.network, now)
    one_each = {line.sku: 1 for line in request.order.lines}
    reached = {}
    for place in request.network.locations:
        offers, _ = market.offers(place, one_each)
        if offers and unfit(place, request.order, now) is None:
            first = min(offers, key=lambda offer: (offer.transit_days, offer.service))
            days = timedelta(days=float(first.transit_days))
            reached[place.id] = {
                "km": round(first.km, 1),
                "service": first.service,
                "earliest": first.deliver_by if place.keeps_hours else now + ship_within + days,
            }
    return reached
