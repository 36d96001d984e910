"""The tables, one file per noun, all in one metadata; the constraints are DESIGN §5 in SQL."""

from adapters.db.tables.access import api_keys, idempotency_records
from adapters.db.tables.adjustments import claims, refund_adjustments
from adapters.db.tables.base import SCHEMA, metadata
from adapters.db.tables.books import invoices, ledger_entries, legal_entities
from adapters.db.tables.changes import order_changes
from adapters.db.tables.fulfillments import (
    fulfillment_lines,
    fulfillment_orders,
    parcel_lines,
    parcels,
)
from adapters.db.tables.holds import holds
from adapters.db.tables.journal import order_events, outbox
from adapters.db.tables.network import (
    calendars,
    capacity_usage,
    carrier_services,
    exchange_rates,
    locations,
    postal_areas,
    products,
    service_bands,
    transfer_legs,
)
from adapters.db.tables.orders import backorders, earmarks, order_lines, orders
from adapters.db.tables.payments import (
    payment_intents,
    payment_notices,
    refunds,
    store_credits,
    write_offs,
)
from adapters.db.tables.reservations import (
    reservations,
    reserved_capacity,
    reserved_units,
)
from adapters.db.tables.returns import return_inspections, return_lines, return_receipts, returns
from adapters.db.tables.risk import risk_decisions
from adapters.db.tables.routing import routing_decisions, routing_parts, routing_policies
from adapters.db.tables.stock import inbound_supply, stock, stock_movements
from adapters.db.tables.tax import tax_rates
from adapters.db.tables.tracking import carrier_inbox, tracking_events

__all__ = [
    "SCHEMA",
    "api_keys",
    "backorders",
    "calendars",
    "capacity_usage",
    "carrier_inbox",
    "carrier_services",
    "claims",
    "earmarks",
    "exchange_rates",
    "fulfillment_lines",
    "fulfillment_orders",
    "holds",
    "idempotency_records",
    "inbound_supply",
    "invoices",
    "ledger_entries",
    "legal_entities",
    "locations",
    "metadata",
    "order_changes",
    "order_events",
    "order_lines",
    "orders",
    "outbox",
    "parcel_lines",
    "parcels",
    "payment_intents",
    "payment_notices",
    "postal_areas",
    "products",
    "refund_adjustments",
    "refunds",
    "reservations",
    "reserved_capacity",
    "reserved_units",
    "return_inspections",
    "return_lines",
    "return_receipts",
    "returns",
    "risk_decisions",
    "routing_decisions",
    "routing_parts",
    "routing_policies",
    "service_bands",
    "stock",
    "stock_movements",
    "store_credits",
    "tax_rates",
    "tracking_events",
    "transfer_legs",
    "write_offs",
]
