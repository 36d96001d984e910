"""What the routes work with, made once per application and handed to them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.payment_policy import PaymentPolicy
from adapters.payments.providers import PaymentProviders
from api.keyring import KeyRing
from api.metrics import Metrics
from api.readiness import Probes
from api.temporal import Temporal
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """Clients, clock and settings; `planning` is the turn of those who ask the DOM, a few at a time."""

    settings: Settings
    engine: AsyncEngine
    now: Callable[[], datetime]
    keys: KeyRing
    temporal: Temporal
    probes: Probes
    metrics: Metrics
    planning: asyncio.Semaphore
    payments: PaymentProviders
    payment_policy: PaymentPolicy


def services_of(request: Request) -> Services:
    """Return the application's services."""
    services = request.app.state.services
    if not isinstance(services, Services):
        raise TypeError("the application was started without its lifespan")
    return services


UsesServices = Annotated[Services, Depends(services_of)]
"""For a route: `services: UsesServices`."""
