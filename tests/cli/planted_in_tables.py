"""Violations of the way from order to parcel: the damage as SQL, and what the auditor says of it."""

from typing import Final

OF_THE_FIRST_SLICE: Final = {
    "closed without an end": (
        "UPDATE orders SET status = 'shipped' WHERE id = 'past'",
        "past: closed, but its status is shipped",
    ),
    "lost order": ("DELETE FROM orders WHERE id = 'live'", "live: accepted, but there is no order row"),
    "closed under a running workflow": (
        "UPDATE orders SET closed_at = now(), status = 'completed' WHERE id = 'live'",
        "live: closed, but its workflow is running",
    ),
    "ended workflow of an open order": (
        "UPDATE orders SET closed_at = NULL WHERE id = 'past'",
        "past: open, but its workflow is completed",
    ),
    "ledger without effect": (
        (
            "INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at) VALUES "
            "('live:capture:1', 'live', 'capture', 'accounts_receivable', -5, 'USD', now())"
        ),
        "live: live:capture:1 is in the ledger, not in the provider's books",
    ),
    "effect without ledger": (
        "DELETE FROM ledger_entries WHERE transaction = 'past:void:1'",
        "past: past:void:1 is in the provider's books, not in the ledger",
    ),
    "amounts differ": (
        "UPDATE ledger_entries SET amount = -86 WHERE transaction = 'past:capture:1' AND amount = -87",
        "past: past:capture:1: ledger ('past', 'capture', 86), provider ('past', 'capture', 87)",
    ),
    "ledger twice": (
        (
            "INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at) "
            "SELECT transaction, order_id, fact, account, amount, currency, at FROM ledger_entries "
            "WHERE fact = 'void'"
        ),
        "past: past:void:1 is 2 times in the ledger",
    ),
    "sums on the order": (
        "UPDATE orders SET captured = 80 WHERE id = 'past'",
        "past: captured is 80 on the order, 87 in the ledger",
    ),
    "captured too little": (
        "UPDATE order_lines SET amount = 103 WHERE order_id = 'past'",
        "past: captured 87, but what left costs 89",
    ),
    "captured of a cancelled order": (
        (
            "UPDATE orders SET status = 'cancelled' WHERE id = 'past';"
            "UPDATE order_lines SET delivered = 0, cancelled = 3 WHERE order_id = 'past'"
        ),
        "past: cancelled, but 87 was captured",
    ),
    "still held": (
        "UPDATE orders SET closed_at = now() WHERE id = 'live'",
        "live: closed, but 120 of its authorizations is still held",
    ),
    "reserved beyond on hand": ("UPDATE stock SET reserved = 9", "mug at dc: 9 reserved of 8 on hand"),
    "movements": ("UPDATE stock SET on_hand = 7", "mug at dc: on_hand is 7, its movements sum to 8"),
    "shipped out of nothing": (
        "UPDATE parcel_lines SET quantity = 11",
        "mug at dc: 11 units shipped of 10 received",
    ),
    "reserved for nobody": ("DELETE FROM earmarks", "mug at dc: 2 reserved, orders and carts ask for 1"),
    "kept by a cart that is over": (
        (
            "INSERT INTO reservations (id, channel, status, cart, promise, created_at, expires_at, ended_at) "
            "VALUES ('rsv_1', 'web', 'released', '{}', '{}', now(), now(), now());"
            "INSERT INTO reserved_units VALUES ('rsv_1', 'mug', 'dc', 1)"
        ),
        "rsv_1 is released, but keeps 1 of mug",
    ),
    "a day kept by a cart that is over": (
        (
            "INSERT INTO reservations (id, channel, status, cart, promise, created_at, expires_at, ended_at) "
            "VALUES ('rsv_1', 'web', 'released', '{}', '{}', now(), now(), now());"
            "INSERT INTO reserved_capacity VALUES ('rsv_1', 'dc', '2026-03-01', 1)"
        ),
        "rsv_1 is over, but keeps 1 of a day",
    ),
    "reserved for a closed order": (
        (
            "UPDATE fulfillment_orders SET status = 'partially_shipped' WHERE id = 'past-1';"
            "UPDATE fulfillment_lines SET quantity = 3 WHERE fulfillment_id = 'past-1'"
        ),
        "past: closed, but past-1 still reserves 1 of mug",
    ),
    "set aside for a closed order": (
        "UPDATE earmarks SET order_id = 'past'",
        "past: closed, but mug is set aside for it",
    ),
    "units do not sum": (
        "UPDATE order_lines SET quantity = 4 WHERE order_id = 'past'",
        "past: line 1: 3 units in the buckets, 4 ordered",
    ),
    "negative bucket": (
        "UPDATE order_lines SET lost = -1, delivered = 3 WHERE order_id = 'past'",
        "past: line 1: a bucket is negative",
    ),
    "allocated to nobody": (
        "UPDATE fulfillment_orders SET status = 'cancelled' WHERE id = 'live-1'",
        "live: line 1: 1 units allocated, locations are asked for 0",
    ),
    "left without a parcel": (
        "DELETE FROM parcel_lines",
        "past: past-1 shipped 2, its parcels hold 0",
    ),
    "left without a location": (
        "UPDATE fulfillment_lines SET shipped = 0",
        "past: line 1: 2 units left, 0 by fulfillments",
    ),
    "not in the queue": (
        "DELETE FROM backorders",
        "live: line 1: 1 units backordered, 0 are in the queue",
    ),
    "set aside for nothing": (
        "UPDATE earmarks SET quantity = 2",
        "live: line 1: 1 units pending, but 2 are set aside for them",
    ),
    "parcel of other content": (
        "UPDATE fulfillment_lines SET shipped = 1 WHERE fulfillment_id = 'past-1'",
        "past: past-1 shipped 1, its parcels hold 2",
    ),
    "waiting in a closed order": (
        "UPDATE order_lines SET pending = 1, cancelled = 0 WHERE order_id = 'past'",
        "past: line 1: 1 units still wait in a closed order",
    ),
    "cancel not kept": (
        "UPDATE order_lines SET delivered = 3, cancelled = 0 WHERE order_id = 'past'",
        "past: line 1: 1 units confirmed as cancelled, 0 are",
    ),
    "cancelled and shipped": (
        "UPDATE parcel_lines SET quantity = 3",
        "past: line 1: 3 shipped though 1 of 3 were cancelled",
    ),
    "shipment not kept": (
        "UPDATE parcels SET tracking_number = 'T2'",
        "past: T1: confirmed with {'1': 2}, parcels hold {}",
    ),
    "gap": (
        "UPDATE order_events SET seq = 3 WHERE order_id = 'past' AND seq = 2",
        "past: its events are numbered [1, 3]",
    ),
    "lost event": (
        "DELETE FROM order_events WHERE seq = 2",
        "past: 1 events, but the next is to be number 3",
    ),
    "time runs back": (
        "UPDATE order_events SET at = at - interval '1 minute' WHERE seq = 2",
        "past: event 2 is older than event 1",
    ),
    "untold": (
        (
            "INSERT INTO outbox (order_id, kind, payload, created_at, next_attempt_at) "
            "VALUES ('live', 'signal', '{}', now(), now())"
        ),
        r"live: outbox \d+ (signal) waits: never tried",
    ),
    "too much in a day": ("UPDATE capacity_usage SET used = 6", "dc on 2026-03-01 was given 6 of 5 orders"),
    "capacity not given back": (
        "UPDATE fulfillment_orders SET status = 'cancelled' WHERE id = 'live-1'",
        "dc on 2026-03-01: 2 orders booked, its work and carts take 1",
    ),
}
