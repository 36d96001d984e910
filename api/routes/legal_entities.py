"""Legal entities: who sells on which channels, and how their documents are numbered."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.engine import in_transaction
from adapters.db.legal_entities import LegalEntity, get_legal_entity, list_legal_entities, put_legal_entity
from api.access import Caller, needs
from api.bodies import Body, Identifier, PersonalText
from api.paging import Listed, Page, page_of
from api.reading import JsonRoute
from api.state import UsesServices

router = APIRouter(tags=["finance"], route_class=JsonRoute)

_EXAMPLE: Final[dict[str, Any]] = {
    "name": "Mugs Ltd",
    "address": "9 Kiln Lane\nDenver CO 80202\nUS",
    "tax_id": "84-1234567",
    "invoice_prefix": "INV-",
    "credit_note_prefix": "CN-",
    "channels": ["web", "app"],
}

Prefix = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9/._-]{1,20}$")]
EntityId = Annotated[Identifier, Path(examples=["default"])]


class LegalEntityPut(Body):
    """Who sells, as they shall be; `default` sells on every channel that no other names."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: PersonalText
    address: PersonalText
    tax_id: Identifier | None = None
    invoice_prefix: Prefix
    credit_note_prefix: Prefix
    channels: Annotated[tuple[Identifier, ...], Field(max_length=200)] = ()


class LegalEntityShown(BaseModel):
    """Who sells; a prefix stands before the numbers of documents that are issued from now on."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": {"id": "mugs"} | _EXAMPLE})

    id: str
    name: str
    address: str
    tax_id: str | None
    invoice_prefix: str
    credit_note_prefix: str
    channels: list[str]


@router.get("/v1/legal-entities", summary="All who sell, by id")
async def read_legal_entities(
    page: Page, services: UsesServices, _caller: Annotated[Caller, needs("finance:read")]
) -> Listed[LegalEntityShown]:
    """List the legal entities."""
    after = page.after(str)
    start = None if after is None else str(after[0])
    async with services.engine.connect() as connection:
        found = await list_legal_entities(connection, after=start, limit=page.limit + 1)
    shown, cursor = page_of(found, page, lambda entity: (entity.id,))
    return Listed(data=[LegalEntityShown.model_validate(one) for one in shown], next_cursor=cursor)


@router.get("/v1/legal-entities/{entity_id}", summary="Who sells")
async def read_legal_entity(
    entity_id: EntityId, services: UsesServices, _caller: Annotated[Caller, needs("finance:read")]
) -> LegalEntityShown:
    """Show a legal entity; `default` is always there."""
    async with services.engine.connect() as connection:
        return LegalEntityShown.model_validate(await get_legal_entity(connection, entity_id))


@router.put(
    "/v1/legal-entities/{entity_id}",
    summary="Say who sells",
    responses={201: {"model": LegalEntityShown, "description": "Created"}},
)
async def replace_legal_entity(
    entity_id: EntityId,
    body: LegalEntityPut,
    services: UsesServices,
    response: Response,
    _caller: Annotated[Caller, needs("finance:write")],
) -> LegalEntityShown:
    """Make a legal entity what the body says: 201 when it is new. What is issued stays as it is.

    No two documents have one number: prefixes that differ in nothing, or in digits at the end, are 422.
    """
    wanted = LegalEntity(id=entity_id, **body.model_dump())

    async def put(connection: AsyncConnection) -> bool:
        return await put_legal_entity(connection, wanted)

    response.status_code = 201 if await in_transaction(services.engine, put) else 200
    return LegalEntityShown.model_validate(wanted)
