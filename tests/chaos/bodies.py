"""What storefronts send in these lives."""

from typing import Any
from uuid import uuid4


def order(sku: str, units: int, token: str) -> dict[str, Any]:
    """An order of one line, under a number of its own."""
    return {
        "channel": "web",
        "order_number": f"C-{uuid4().hex}",
        "currency": "USD",
        "customer": {"id": "c-1", "name": "Ada Field", "email": "ada@example.com"},
        "ship_to": {
            "name": "Ada Field", "line1": "1 Main Street", "city": "Lincoln", "region": "NE",
            "postal_code": "68501", "country": "US", "lat": 40.8, "lng": -96.7,
        },
        "lines": [{"sku": sku, "quantity": units, "unit_price": 1000}],
        "delivery": {"method": "ship", "service_level": "standard"},
        "shipping_price": 500,
        "payment": {"provider": "sandbox", "token": token},
    }  # fmt: skip


def cart(sku: str, units: int) -> dict[str, Any]:
    """A cart to be kept for as long as it may be."""
    return {
        "channel": "web",
        "lines": [{"sku": sku, "quantity": units}],
        "ship_to": {"postal_code": "68501", "country": "US", "lat": 40.8, "lng": -96.7},
        "ttl_seconds": 3600,
    }
