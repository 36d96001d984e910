"""Reading the service's tables, all as of one moment."""

import json
from typing import Final

import asyncpg

from cli.audit.evidence import Rows

_QUERIES: Final = {
    "orders": """SELECT id, status, payment_status, customer_name, customer_email, shipping_charged, total,
                        authorized, voided, captured, refunded, next_seq, closed_at, created_at,
                        delivery_method, refund_due, shipping_refunded, store_credit, written_off, superseded,
                        refunds_written_off, refunds_skipped,
                        tax, shipping_tax, taxes,
                        active_holds, open_returns, credit_due, adjusting, attention,
                        (SELECT coalesce(sum(r.written_off), 0) FROM refunds r
                         WHERE r.order_id = orders.id AND r.refund_to = 'original')::bigint
                        AS not_repaid
                 FROM orders ORDER BY created_at, id""",
    "lines": """SELECT order_id, line_id, sku, quantity, tax, amount, pending, backordered, allocated,
                       shipped, delivered, returned, lost, cancelled, refunded_units
                FROM order_lines""",
    "fulfillments": """SELECT f.id, f.order_id, f.location_id, f.status, f.cost, f.shipped_at, f.shipments,
                              f.capacity_day, l.capacity_unit
                       FROM fulfillment_orders f LEFT JOIN locations l ON l.id = f.location_id""",
    "work": """SELECT w.fulfillment_id, w.line_id, w.sku, w.quantity, w.shipped,
                      f.order_id, f.location_id, f.status, o.delivery_method
               FROM fulfillment_lines w JOIN fulfillment_orders f ON f.id = w.fulfillment_id
               LEFT JOIN orders o ON o.id = f.order_id""",
    "packed": """SELECT p.id AS parcel_id, p.fulfillment_id, p.tracking_number, p.created_at, p.fate,
                        f.order_id, f.location_id, c.line_id, c.quantity, l.sku
                 FROM parcels p JOIN parcel_lines c ON c.parcel_id = p.id
                 JOIN fulfillment_orders f ON f.id = p.fulfillment_id
                 LEFT JOIN order_lines l ON l.order_id = f.order_id AND l.line_id = c.line_id""",
    "parcels": "SELECT id, order_id, tracking_number, fate FROM parcels",
    "backorders": "SELECT order_id, line_id, quantity FROM backorders",
    "earmarks": "SELECT order_id, line_id, location_id, sku, quantity FROM earmarks",
    "held": """SELECT u.reservation_id, u.location_id, u.sku, u.quantity, r.status
               FROM reserved_units u LEFT JOIN public.reservations r ON r.id = u.reservation_id""",
    "held_days": """SELECT c.reservation_id, c.location_id, c.day, c.taken, r.status, o.closed_at
                    FROM reserved_capacity c LEFT JOIN public.reservations r ON r.id = c.reservation_id
                    LEFT JOIN public.orders o ON o.id = r.order_id""",
    "stock": "SELECT location_id, sku, on_hand, reserved FROM stock",
    "movements": """SELECT location_id, sku, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved,
                           sum(greatest(on_hand_delta, 0)) AS received
                    FROM stock_movements GROUP BY location_id, sku""",
    "restocked": """SELECT order_id, location_id, sku, sum(on_hand_delta) AS quantity FROM stock_movements
                    WHERE reason = 'return restocked' GROUP BY order_id, location_id, sku""",
    "intents": """SELECT key, order_id, step, amount, status, reference, "authorization", expires_at, final,
                         held, released, code
                  FROM payment_intents""",
    "entries": """SELECT transaction, order_id, fact, account, amount, currency FROM ledger_entries
                  ORDER BY id""",
    "ledger": """SELECT order_id, transaction AS intent_key, fact AS kind, abs(amount) AS amount
                 FROM ledger_entries
                 WHERE (fact, account) IN (('authorize', 'authorized_held'), ('void', 'authorized_held'),
                                           ('capture', 'accounts_receivable'), ('refund', 'refunds_payable'))
                   AND transaction || ':failed' NOT IN (SELECT transaction FROM ledger_entries
                                                        WHERE fact = 'refund_failed')
                 ORDER BY id""",
    "numbers": "SELECT legal_entity, kind, number, label FROM public.invoices WHERE number IS NOT NULL",
    "documents": """SELECT id, kind, order_id, refund_id, items, shipping, adjustment,
                           tax, total, lines, refund_to, shipping_tax, adjustment_tax
                    FROM invoices ORDER BY position""",
    "refunds": """SELECT id, order_id, number, kind, return_id, reason, refund_to, amount, paid, written_off
                  FROM refunds ORDER BY id""",
    "refund_adjustments": """SELECT order_id, return_id, refund_number, kind, amount, reason
                             FROM refund_adjustments ORDER BY id""",
    "claims": "SELECT order_id, parcel_id, answered_at, paid_back FROM claims",
    "store_credits": "SELECT refund_id, order_id, amount FROM store_credits",
    "write_offs": "SELECT order_id, step, amount FROM write_offs",
    "decisions": "SELECT order_id, verdict FROM risk_decisions",
    "holds": "SELECT id, order_id, type, blocks, placed_at, ended_at FROM holds",
    "returns": "SELECT id, order_id, kind, status, refund_to, refund, ended_at FROM returns",
    "return_lines": """SELECT r.order_id, r.kind, l.return_id, l.line_id, l.sku, l.quantity, l.received,
                              l.inspected
                       FROM return_lines l JOIN returns r ON r.id = l.return_id""",
    "receipts": """SELECT r.order_id, c.return_id, c.line_id, c.location_id, c.quantity, c.inspected
                   FROM return_receipts c JOIN returns r ON r.id = c.return_id""",
    "inspections": """SELECT r.order_id, r.kind, i.id, i.return_id, i.line_id, i.location_id, i.quantity,
                             i.disposition, l.sku
                      FROM return_inspections i JOIN returns r ON r.id = i.return_id
                      LEFT JOIN order_lines l ON l.order_id = r.order_id AND l.line_id = i.line_id
                      ORDER BY i.id""",
    "events": "SELECT order_id, seq, type, at, actor, data FROM order_events ORDER BY order_id, seq",
    "outbox": "SELECT id, order_id, kind, attempts, error FROM outbox WHERE done_at IS NULL",
    "capacity": """SELECT u.location_id, u.day, u.used, l.daily_capacity, l.capacity_unit
                   FROM capacity_usage u LEFT JOIN locations l ON l.id = u.location_id""",
}
_JSON: Final = {"events": "data", "documents": "lines", "orders": "taxes"}


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
        tables: dict[str, Rows] = {
            name: [dict(row) for row in await connection.fetch(query)] for name, query in _QUERIES.items()
        }
    return tables | {name: _parsed(tables[name], column) for name, column in _JSON.items()}


def _parsed(rows: Rows, column: str) -> Rows:
    return [{**row, column: json.loads(row[column]) if row[column] else None} for row in rows]
