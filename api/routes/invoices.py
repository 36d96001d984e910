"""Invoices and credit notes, as JSON and as PDF; and the payments that they rest on."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.queries.invoices import documents_of, show_document
from adapters.db.queries.ledger import show_payments
from api.accepting import asks_for
from api.access import Caller, needs
from api.commanded import visible
from api.paging import Listed
from api.reading import JsonRoute, json_answer
from api.schemas.invoice import Invoice
from api.schemas.payments import Payments
from api.state import UsesServices
from domain.errors import NotFound, StateConflict

router = APIRouter(tags=["finance"], route_class=JsonRoute)

Reader = Annotated[Caller, needs("orders:read")]

_PDF: Final = "application/pdf"
_FORMS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The document; as PDF for `Accept: application/pdf`",
        "content": {_PDF: {"schema": {"type": "string", "format": "binary"}}},
    },
    409: {"description": "As PDF: it is not issued yet, try again in a moment"},
}


@router.get("/v1/orders/{order_id}/payments", summary="An order's money", response_model=Payments)
async def read_payments(order_id: str, services: UsesServices, caller: Reader) -> Response:
    """Show what was asked of the provider, what the ledger has of it, and what that comes to."""
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        return json_answer(await show_payments(connection, order_id))


@router.get(
    "/v1/orders/{order_id}/invoices",
    summary="An order's invoices and credit notes",
    response_model=Listed[Invoice],
)
async def read_invoices(order_id: str, services: UsesServices, caller: Reader) -> Response:
    """List an invoice for each shipment and a credit note for each refund, oldest first, all of them."""
    async with services.engine.connect() as connection:
        await visible(connection, order_id, caller)
        shown = await documents_of(connection, order_id)
    return json_answer({"data": shown, "next_cursor": None})


@router.get(
    "/v1/invoices/{invoice_id}",
    summary="One invoice or credit note",
    response_model=Invoice,
    responses=_FORMS,
)
async def read_invoice(invoice_id: str, request: Request, services: UsesServices, caller: Reader) -> Response:
    """Show a document: as JSON, or as PDF once it is issued."""
    async with services.engine.connect() as connection:
        document = await _document(connection, invoice_id, caller)
    varies = {"Vary": "Accept"}
    if not asks_for(request.headers.get("Accept", ""), _PDF, instead_of="application/json"):
        shown = json_answer(document)
        shown.headers.update(varies)
        return shown
    if document["number"] is None:
        raise StateConflict("it is not issued yet, and gets its number in a moment")
    drawn = await asyncio.to_thread(_drawn, document, services.settings.invoice_font)
    name = f'inline; filename="{document["number"].replace("/", "-")}.pdf"'
    return Response(drawn, media_type=_PDF, headers=varies | {"Content-Disposition": name})


def _drawn(document: dict[str, Any], font: Path | None) -> bytes:
    from adapters.invoice_pdf import render  # noqa: PLC0415  # a long import that few processes need

    return render(document, font)


async def _document(connection: AsyncConnection, invoice_id: str, caller: Caller) -> dict[str, Any]:
    document = await show_document(connection, invoice_id)
    try:
        await visible(connection, document["order_id"], caller)
    except NotFound as error:
        raise NotFound("There is no such invoice or credit note.") from error
    return document
