"""What the service counts, for Prometheus; one registry per application."""

import time
from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.db.engine import lost_connection
from api.queries.backlog import Backlog, read_backlog
from domain.order_status import OrderStatus

_FRESH_SECONDS: Final = 10.0
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Requests as they come; orders and outbox as the database has them, at most ten seconds old."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._registry = CollectorRegistry()
        self._asked_at = float("-inf")
        self._requests = Histogram(
            "throughline_http_request_seconds",
            "Requests answered, by route template and status",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._reachable = self._gauge("database_reachable", "1 when the numbers below could be read")
        self._waiting = self._gauge("outbox_waiting", "Outbox rows not done")
        self._oldest = self._gauge("outbox_oldest_seconds", "Age of the oldest outbox row not done")
        self._nobody_sells = self._gauge("seller_unnamed", "1 while invoices bear a placeholder as seller")
        self._orders = Gauge("throughline_orders", "Orders by status", ("status",), registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, str(status)).observe(seconds)

    async def text(self) -> bytes:
        """Return everything in the exposition format."""
        if time.monotonic() - self._asked_at >= _FRESH_SECONDS:
            self._asked_at = time.monotonic()
            await self._read_database()
        return generate_latest(self._registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"throughline_{name}", meaning, registry=self._registry)

    async def _read_database(self) -> None:
        try:
            async with self._engine.connect() as connection:
                self._show(await read_backlog(connection))
        except Exception as error:
            if not lost_connection(error):
                raise
            # The other numbers must still be told, above all now.
            self._reachable.set(0)

    def _show(self, backlog: Backlog) -> None:
        self._reachable.set(1)
        self._waiting.set(backlog.waiting)
        self._oldest.set(backlog.oldest_seconds)
        self._nobody_sells.set(backlog.nobody_sells)
        by_status: Mapping[str, int] = backlog.orders
        for status in OrderStatus:
            self._orders.labels(status.value).set(by_status.get(status.value, 0))
