"""A cell of stock that a caller names: its location and product must be there, and the location theirs."""

from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.catalog import known_locations, known_skus
from api.access import Caller
from domain.errors import InvalidContent, NotFound


async def check_cell(
    connection: AsyncConnection, location_id: str, sku: str, caller: Caller, *, in_body: bool = False
) -> None:
    """Raise NotFound for a location or product that is not there; InvalidContent when a body named it."""
    place = caller.works_at(location_id) and await known_locations(connection, [location_id])
    if not place:
        _refuse("location", "/location_id", in_body=in_body)
    if not await known_skus(connection, [sku]):
        _refuse("product", "/sku", in_body=in_body)


def _refuse(noun: str, pointer: str, *, in_body: bool) -> NoReturn:
    if in_body:
        raise InvalidContent(f"there is no such {noun}", pointer)
    raise NotFound(f"There is no such {noun}.")
