"""Passages that many histories share: what happened, in order, and who did it."""

from typing import Final

PLACED_BY: Final = [("order.placed", "storefront:test-storefront")]
AUTHORIZED_BY: Final = [("payment.authorized", "process"), ("risk.accepted", "process")]
PAID_BY: Final = [*PLACED_BY, *AUTHORIZED_BY]
"""Placed, and the money set aside."""
SENT_BY: Final = [("fulfillment.shipped", "ops:test-ops"), ("payment.captured", "process")]
"""Shipped, and paid for."""
ARRIVED_BY: Final = [
    ("parcel.tracked", "carrier:generic"),
    ("parcel.delivered", "carrier:generic"),
    ("fulfillment.delivered", "carrier:generic"),
    ("order.delivered", "carrier:generic"),
]
"""The last parcel of an order, delivered."""


def _types(passage: list[tuple[str, str]]) -> list[str]:
    return [event for event, _ in passage]


AUTHORIZED: Final = _types(AUTHORIZED_BY)
PAID: Final = _types(PAID_BY)
SENT: Final = _types(SENT_BY)
ARRIVED: Final = _types(ARRIVED_BY)
SHIPPED: Final = [*PAID, "fulfillment.created", *SENT]
DELIVERED: Final = [*SHIPPED, *ARRIVED]
