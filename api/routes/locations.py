"""Locations: the places that ship."""

from datetime import datetime, time
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from adapters.db.catalog import Location, get_location, list_locations
from api.access import Caller, needs
from api.paging import Page, page_of
from api.reading import JsonRoute
from api.state import UsesServices
from routing.model.network import CapacityUnit, LocationKind

router = APIRouter(tags=["locations"], route_class=JsonRoute)


def _as_number(amount: Decimal) -> int | float:
    # The columns hold 14 digits at most, which a double tells exactly.
    return int(amount) if amount == amount.to_integral_value() else float(amount)


Cost = Annotated[Decimal, PlainSerializer(_as_number, return_type=int | float)]


class LocationAnswered(BaseModel):
    """A place that ships. Costs are minor units; no daily capacity = no limit."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "denver-dc",
                "name": "Denver DC",
                "kind": "dc",
                "lat": 39.74,
                "lng": -104.99,
                "time_zone": "America/Denver",
                "handling_cost": 120,
                "handling_per_unit": 12.5,
                "daily_capacity": 800,
                "capacity_unit": "orders",
                "active": True,
                "postal_code": "80216",
                "calendar": "us-weekdays",
                "cutoff": "14:00:00",
                "processing_minutes": 60,
                "groups": ["west"],
                "services": None,
                "methods": ["ship", "pickup"],
                "serves": {"countries": ["US"]},
                "handles": None,
                "offline": False,
                "priority": 1,
                "cool_off_until": None,
            }
        },
    )

    id: str
    name: str
    kind: LocationKind
    lat: float
    lng: float
    time_zone: str
    handling_cost: Cost
    handling_per_unit: Cost
    daily_capacity: int | None
    capacity_unit: CapacityUnit
    active: bool
    postal_code: str | None
    calendar: str | None
    cutoff: time | None
    processing_minutes: int
    groups: tuple[str, ...]
    services: tuple[str, ...] | None
    methods: tuple[str, ...]
    serves: dict[str, list[str]] | None
    handles: tuple[str, ...] | None
    offline: bool
    priority: int | None
    cool_off_until: datetime | None = Field(description="No order is routed there before: it failed one")


class LocationList(BaseModel):
    """A page of locations."""

    data: list[LocationAnswered]
    next_cursor: str | None


@router.get("/v1/locations", summary="Locations, by id")
async def read_locations(
    page: Page, services: UsesServices, caller: Annotated[Caller, needs("locations:read")]
) -> LocationList:
    """List the locations; the key of a location sees its own."""
    after = page.after(str)
    async with services.engine.connect() as connection:
        found: list[Location]
        if caller.location_id is None:
            start = None if after is None else str(after[0])
            found = await list_locations(connection, after=start, limit=page.limit + 1)
        else:
            own = await get_location(connection, caller.location_id)
            found = [own] if own is not None and after is None else []
    shown, cursor = page_of(found, page, lambda location: (location.id,))
    return LocationList(
        data=[LocationAnswered.model_validate(location) for location in shown], next_cursor=cursor
    )
