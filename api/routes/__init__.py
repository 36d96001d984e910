"""The routes, one file per noun."""

from typing import Final

from fastapi import APIRouter

from api.routes import (
    allocation,
    attention,
    availability,
    carriers,
    changes,
    fulfillments,
    health,
    holds,
    inbound,
    inventory,
    invoices,
    legal_entities,
    locations,
    order_commands,
    orders,
    payment_notices,
    policies,
    products,
    promises,
    refunds,
    reservations,
    returns,
    reviews,
    routing_outcomes,
    routing_plan,
    settlements,
    tax_rates,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    attention.router,
    availability.router,
    carriers.router,
    fulfillments.router,
    health.router,
    inbound.router,  # before inventory, whose cells would else be named `inbound`
    inventory.router,
    invoices.router,
    legal_entities.router,
    locations.router,
    orders.router,
    order_commands.router,
    allocation.router,
    changes.router,
    holds.router,
    payment_notices.router,
    policies.router,
    products.router,
    promises.router,
    refunds.router,
    reservations.router,
    returns.router,
    reviews.router,
    routing_outcomes.router,
    routing_plan.router,
    settlements.router,
    tax_rates.router,
)
"""Every router of the API; a new noun is a new file and a line here."""
