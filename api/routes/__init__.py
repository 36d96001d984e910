"""The routes, one file per noun."""

from typing import Final

from fastapi import APIRouter

from api.routes import health, locations, products, routing_plan

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router,
    locations.router,
    products.router,
    routing_plan.router,
)
"""Every router of the API; a new noun is a new file and a line here."""
