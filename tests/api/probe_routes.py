"""Routes with every kind of value, and with every kind of end."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.catalog import Product, put_product
from api.access import Caller, needs, needs_keyed
from api.bodies import Body, Exact, FreeText, Identifier, Latitude, Moment, Money, PersonalText, Quantity
from api.idempotency import Answer, once
from api.reading import JsonRoute
from api.state import UsesServices
from domain.errors import FulfillmentChanged, InvalidContent, NotFound, StateConflict, ThroughlineError

router = APIRouter(route_class=JsonRoute)


class ProbeLine(Body):
    sku: Identifier
    quantity: Quantity


class Probe(Body):
    lines: list[ProbeLine] = Field(default_factory=list, max_length=3)
    price: Money = 0
    at: Moment | None = None
    lat: Latitude | None = None
    cost: Exact | None = None
    name: PersonalText | None = None
    note: FreeText | None = None


@router.post("/probe")
async def probe(body: Probe, _caller: Annotated[Caller, needs("orders:write")]) -> dict[str, Any]:
    return body.model_dump()


class Effect(Body):
    sku: Identifier
    ends: str = "well"


REFUSALS: dict[str, ThroughlineError] = {
    "changed": FulfillmentChanged("What is asked of the location changed."),
    "absent": NotFound("There is no such order."),
    "invalid": InvalidContent("That cannot be.", "/lines/0/sku"),
    "conflict": StateConflict("Not now."),
}


@router.post("/effects")
async def effects(
    body: Effect,
    request: Request,
    services: UsesServices,
    caller: Annotated[Caller, needs_keyed("orders:write")],
) -> Response:
    async def work(connection: AsyncConnection) -> Answer:
        await put_product(connection, Product(body.sku, caller.actor, 1))
        if body.ends in REFUSALS:
            raise REFUSALS[body.ends]
        if body.ends == "lost":
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        await connection.execute(text("SELECT pg_sleep(0.02)"))
        return Answer(201, {"sku": body.sku, "z": 1, "a": [1.0, 1e30, None], "name": "Ünïcode"})

    return await once(services, caller, request, work)


@router.post("/steps")
async def steps(
    request: Request, services: UsesServices, caller: Annotated[Caller, needs_keyed("orders:write")]
) -> Response:
    async def work(_connection: AsyncConnection) -> Answer:
        return Answer(200, {"done": True})

    return await once(services, caller, request, work)


@router.get("/broken")
async def broken(customer: str) -> None:
    raise RuntimeError(customer)
