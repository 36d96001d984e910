"""The routes, one file per noun."""

from typing import Final

from fastapi import APIRouter

from api.routes import health

ROUTERS: Final[tuple[APIRouter, ...]] = (health.router,)
"""Every router of the API; a new noun is a new file and a line here."""
