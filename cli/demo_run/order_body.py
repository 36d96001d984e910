"""The body of a POST /v1/orders."""

from collections.abc import Mapping, Sequence
from typing import Any


def order_body(  # noqa: PLR0913 (an order has these parts)
    *,
    number: str,
    currency: str,
    customer: Mapping[str, Any],
    ship_to: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    shipping_price: int,
    token: str,
    by_hand: bool = False,
) -> dict[str, Any]:
    """Put an order together, to be routed by a person if that is wanted; amounts in minor units."""
    items = sum(line["quantity"] * line["unit_price"] for line in lines)
    return {
        "channel": "web",
        "order_number": number,
        "currency": currency,
        "customer": dict(customer),
        "ship_to": dict(ship_to),
        "lines": [dict(line) for line in lines],
        "delivery": {"method": "ship", "service_level": "standard"},
        "shipping_price": shipping_price,
        "total": items + shipping_price,
        "payment": {"provider": "sandbox", "token": token},
        "routing": "manual" if by_hand else "auto",
    }
