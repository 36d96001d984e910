"""Task queues: routing has its own, so that a burst of planning never delays money or milestones."""

from typing import Final

ORDERS: Final = "orders"
PAYMENTS: Final = "payments"
ROUTING: Final = "routing"
