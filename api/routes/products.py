"""Products: what is sold, by SKU."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.catalog import Product, get_product, put_product
from adapters.db.engine import in_transaction
from api.access import Caller, needs
from api.bodies import Body, Count, Identifier, Text, Word
from api.reading import JsonRoute
from api.state import UsesServices
from domain.errors import InvalidContent, NotFound
from domain.tax import STANDARD

router = APIRouter(tags=["products"], route_class=JsonRoute)

_EXAMPLE: Final[JsonDict] = {
    "example": {
        "sku": "MUG-BLUE",
        "name": "Mug, blue",
        "weight_g": 350,
        "tax_category": "standard",
        "dims_mm": [120, 120, 100],
        "flags": ["fragile"],
        "category": "kitchen",
    }
}

Dims = Annotated[list[Count], Field(min_length=3, max_length=3)]
Sku = Annotated[Identifier, Path(examples=["MUG-BLUE"])]


class ProductPut(Body):
    """A product as it shall be; the weight is grams per unit."""

    model_config = ConfigDict(json_schema_extra=_EXAMPLE)

    sku: Identifier | None = None
    name: Text
    weight_g: Count
    tax_category: Annotated[Word, Field(description="As in the tax table; else taxed like most")] = STANDARD
    dims_mm: Annotated[Dims | None, Field(description="Length, width and height of a unit")] = None
    flags: Annotated[tuple[Word, ...], Field(description="As hazmat or oversize")] = ()
    category: Annotated[Text | None, Field(description="What routing rules call it")] = None

    def product(self, sku: str) -> Product:
        """The product that the body speaks of."""
        length, width, height = self.dims_mm or (None, None, None)
        return Product(
            sku=sku,
            name=self.name,
            weight_g=self.weight_g,
            tax_category=self.tax_category,
            length_mm=length,
            width_mm=width,
            height_mm=height,
            flags=self.flags,
            category=self.category,
        )


class ProductAnswered(BaseModel):
    """A product; the weight is grams per unit."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra=_EXAMPLE)

    sku: str
    name: str
    weight_g: int
    tax_category: str
    dims_mm: Dims | None
    flags: tuple[str, ...]
    category: str | None


@router.get("/v1/products/{sku:path}", summary="One product")
async def read_product(
    sku: Sku, services: UsesServices, _caller: Annotated[Caller, needs("catalog:read")]
) -> ProductAnswered:
    """Return the product of that SKU."""
    async with services.engine.connect() as connection:
        product = await get_product(connection, sku)
    if product is None:
        raise NotFound("There is no such product.")
    return ProductAnswered.model_validate(product)


@router.put(
    "/v1/products/{sku:path}",
    summary="Create or replace a product",
    responses={201: {"model": ProductAnswered, "description": "Created"}},
)
async def replace_product(
    sku: Sku,
    body: ProductPut,
    services: UsesServices,
    response: Response,
    _caller: Annotated[Caller, needs("catalog:write")],
) -> ProductAnswered:
    """Make the product what the body says: 201 when it is new, else 200; a repeat changes nothing."""
    if body.sku not in {None, sku}:
        raise InvalidContent("The body names another SKU than the path.", "/sku")
    product = body.product(sku)

    async def put(connection: AsyncConnection) -> bool:
        known = await get_product(connection, sku) is not None
        await put_product(connection, product)
        return known

    known = await in_transaction(services.engine, put)
    response.status_code = 200 if known else 201
    return ProductAnswered.model_validate(product)
