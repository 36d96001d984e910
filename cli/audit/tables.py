"""Reading the service's tables, all as of one moment."""

from typing import Final

import asyncpg

from cli.audit.evidence import Rows

_QUERIES: Final = {
    "orders": """SELECT id, status, payment_status, customer_name, customer_email, shipping_charged, total,
                        authorized, voided, captured, refunded, next_seq, closed_at, created_at,
                        delivery_method
                 FROM orders ORDER BY created_at, id""",
    "lines": """SELECT order_id, line_id, sku, quantity, amount, pending, backordered, allocated, shipped,
                       delivered, returned, lost, cancelled
                FROM order_lines""",
    "fulfillments": "SELECT id, order_id, location_id, status, cost, shipped_at FROM fulfillment_orders",
    "work": """SELECT w.fulfillment_id, w.line_id, w.sku, w.quantity, w.shipped,
                      f.order_id, f.location_id, f.status, o.delivery_method
               FROM fulfillment_lines w JOIN fulfillment_orders f ON f.id = w.fulfillment_id
               LEFT JOIN orders o ON o.id = f.order_id""",
    "packed": """SELECT p.id AS parcel_id, p.fulfillment_id, p.tracking_number, p.created_at, f.order_id,
                        f.location_id, c.line_id, c.quantity, l.sku
                 FROM parcels p JOIN parcel_lines c ON c.parcel_id = p.id
                 JOIN fulfillment_orders f ON f.id = p.fulfillment_id
                 LEFT JOIN order_lines l ON l.order_id = f.order_id AND l.line_id = c.line_id""",
    "backorders": "SELECT order_id, line_id, quantity FROM backorders",
    "earmarks": "SELECT order_id, line_id, location_id, sku, quantity FROM earmarks",
    "stock": "SELECT location_id, sku, on_hand, reserved FROM stock",
    "movements": """SELECT location_id, sku, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved,
                           sum(greatest(on_hand_delta, 0)) AS received
                    FROM stock_movements GROUP BY location_id, sku""",
    "intents": "SELECT key, order_id, step, amount, status, expires_at FROM payment_intents",
    "ledger": "SELECT order_id, intent_key, kind, amount FROM payment_ledger",
    "events": "SELECT order_id, seq, type, at FROM order_events ORDER BY order_id, seq",
    "outbox": "SELECT id, order_id, kind, attempts, error FROM outbox WHERE done_at IS NULL",
    "capacity": """SELECT u.location_id, u.day, u.used, l.daily_capacity, l.capacity_unit
                   FROM capacity_usage u LEFT JOIN locations l ON l.id = u.location_id""",
}


async def read_tables(database_url: str) -> dict[str, Rows]:
    """Return what the checks look at, by name, in one read-only snapshot."""
    connection = await asyncpg.connect(database_url)
    try:
        return await tables_seen_by(connection)
    finally:
        await connection.close()


async def tables_seen_by(connection: asyncpg.Connection) -> dict[str, Rows]:
    """Return the same over a connection that is open, in a transaction of its own."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return {
            name: [dict(row) for row in await connection.fetch(query)] for name, query in _QUERIES.items()
        }
