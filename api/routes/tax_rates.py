"""Tax rates: the table that orders are taxed by."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from adapters.db.tax import list_tax_rates
from api.access import Caller, needs
from api.order_bodies import Country
from api.paging import BadCursor, Listed, Page, page_of
from api.reading import JsonRoute, json_answer
from api.schemas.tax_rate import TaxRate
from api.state import UsesServices

router = APIRouter(tags=["tax"], route_class=JsonRoute)


@router.get("/v1/tax-rates", summary="The tax table", response_model=Listed[TaxRate])
async def list_rates(
    services: UsesServices,
    caller: Annotated[Caller, needs("catalog:read")],  # noqa: ARG001 (the scope is what matters)
    page: Page,
    country: Annotated[Country | None, Query()] = None,
) -> Response:
    """List the rates by country, region, postal prefix, category and time; those of the past too."""
    after = page.after(str, str, str, str, str)
    async with services.engine.connect() as connection:
        try:
            rows = await list_tax_rates(connection, country=country, after=after, limit=page.limit + 1)
        except ValueError as error:
            raise BadCursor("The cursor is none of this list.") from error
    shown, cursor = page_of(
        rows,
        page,
        lambda row: (
            row["country"],
            row["region"],
            row["postal_prefix"],
            row["category"],
            row["valid_from"].isoformat(),
        ),
    )
    return json_answer({"data": shown, "next_cursor": cursor})
