"""Every invariant is seen to fail: a sound world passes, and each planted violation is found."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import pytest

from cli.audit import INVARIANTS, Answer, Evidence, WorkflowSeen, gather, judge

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)

SOUND = """
INSERT INTO products (sku, name) VALUES ('mug', 'Mug');
INSERT INTO locations (id, name, kind, lat, lng, daily_capacity) VALUES ('dc', 'DC', 'dc', 0, 0, 5);
INSERT INTO capacity_usage VALUES ('dc', '2026-03-01', 2);
INSERT INTO stock (location_id, sku, on_hand, reserved, as_of) VALUES ('dc', 'mug', 8, 2, now());
INSERT INTO stock_movements (location_id, sku, on_hand_delta, reserved_delta, reason, actor, at) VALUES
  ('dc', 'mug', 10, 0, 'received', 'ops', now()), ('dc', 'mug', 0, 5, 'reserved', 'worker', now()),
  ('dc', 'mug', 0, -1, 'released', 'ops', now()), ('dc', 'mug', -2, -2, 'shipped', 'ops', now());

INSERT INTO orders (id, channel, order_number, content_hash, currency, status, payment_status, next_seq,
  placed_at, created_at, customer_id, customer_name, customer_email, ship_to, delivery_method, service_level,
  items, shipping, shipping_charged, discount, tax, total, authorized, voided, captured, payment_provider,
  payment_token, closed_at) VALUES
  ('past', 'web', '1', '', 'USD', 'completed', 'captured', 3, now(), now(), 'c1', 'Ada Example',
   'ada@example.test', '{}', 'ship', 'standard', 100, 20, 20, 0, 0, 120, 120, 33, 87, 'sandbox', 'tok_ok',
   now()),
  ('live', 'web', '2', '', 'USD', 'in_fulfillment', 'authorized', 2, now(), now(), 'c2', 'Bob Example',
   'bob@example.test', '{}', 'ship', 'standard', 80, 0, 0, 0, 0, 80, 80, 0, 0, 'sandbox', 'tok_ok', NULL);
INSERT INTO order_lines (order_id, line_id, position, sku, quantity, unit_price, discount, tax, amount,
  backordered, allocated, delivered, cancelled) VALUES
  ('past', '1', 1, 'mug', 3, 34, 2, 0, 100, 0, 0, 2, 1),
  ('live', '1', 1, 'mug', 2, 40, 0, 0, 80, 1, 1, 0, 0);
INSERT INTO earmarks VALUES ('live', '1', 'dc', 'mug', 1);
INSERT INTO fulfillment_orders (id, order_id, number, decision, location_id, service, status, cost,
  created_at, ship_by) VALUES ('past-1', 'past', 1, 1, 'dc', 'ground', 'delivered', 500, now(), now()),
  ('live-1', 'live', 1, 1, 'dc', 'ground', 'open', 500, now(), now());
INSERT INTO fulfillment_lines (fulfillment_id, line_id, sku, quantity, shipped) VALUES
  ('past-1', '1', 'mug', 2, 2), ('live-1', '1', 'mug', 1, 0);
INSERT INTO parcels (id, fulfillment_id, order_id, number, carrier, tracking_number, tracking_status,
  created_at) VALUES ('p1', 'past-1', 'past', 1, 'generic', 'T1', 'delivered', '2026-03-01 12:00Z');
INSERT INTO parcel_lines VALUES ('p1', '1', 2);
INSERT INTO payment_intents (key, order_id, step, n, amount, status, created_at) VALUES
  ('past:authorize:1', 'past', 'authorize', 1, 120, 'spent', now()),
  ('past:capture:1', 'past', 'capture', 1, 87, 'succeeded', now()),
  ('past:void:1', 'past', 'void', 1, 33, 'succeeded', now()),
  ('live:authorize:1', 'live', 'authorize', 1, 80, 'succeeded', now());
INSERT INTO payment_ledger (order_id, intent_key, kind, amount, at) SELECT order_id, key, step, amount, now()
  FROM payment_intents;
INSERT INTO order_events VALUES ('past', 1, 'placed', now(), 'web', '{}'),
  ('past', 2, 'closed', now(), 'worker', '{}'), ('live', 1, 'placed', now(), 'web', '{}');
"""
"""`past` shipped two of three mugs and closed; `live` has one mug reserved and one set aside for it."""

FREE_OF_GUARDS = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
           WHERE contype IN ('c', 'f', 'u') AND connamespace = 'public'::regnamespace
           ORDER BY contype = 'u'
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP;
  FOR c IN SELECT DISTINCT event_object_table AS t FROM information_schema.triggers
           WHERE trigger_schema = 'public'
  LOOP EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', c.t); END LOOP;
END $$
"""


def effect(key: str, amount: int, status: str = "succeeded") -> dict[str, Any]:
    order_id, kind, _ = key.split(":")
    return {
        "order_id": order_id, "kind": kind, "amount": amount, "status": status, "idempotency_key": key,
    }  # fmt: skip


BOOKS = (
    effect("past:authorize:1", 120),
    effect("past:capture:1", 87),
    effect("past:void:1", 33),
    effect("live:authorize:1", 80),
    effect("live:capture:9", 80, status="failed"),
)
WORKFLOWS = {"past": WorkflowSeen("past", "completed"), "live": WorkflowSeen("live", "running")}
ANSWERS = (
    Answer("cancel", "past", LATER, units={"1": 1}, told={"1": 1}),
    Answer("ship", "past", LATER, units={"1": 2}, tracking_number="T1"),
)


async def evidence(database_url: str, damage: str = "") -> Evidence:
    """Gather a sound world, with the damage done to its tables."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(FREE_OF_GUARDS)
    await connection.execute(SOUND)
    await connection.execute(damage or "SELECT 1")
    await connection.close()
    told = await gather(database_url, driver=(("past", "live"), ANSWERS))
    return replace(told, operations=BOOKS, workflows=WORKFLOWS)


def sentences(seen: Evidence) -> list[str]:
    return [str(finding) for verdict in judge(seen) for finding in verdict.findings or ()]


async def test_a_sound_world_passes_every_check(database_url: str) -> None:
    verdicts = judge(await evidence(database_url))

    assert [verdict for verdict in verdicts if not verdict.holds] == []
    assert len(verdicts) == len(INVARIANTS)


IN_THE_TABLES = {
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
            "INSERT INTO payment_ledger (order_id, intent_key, kind, amount, at) "
            "VALUES ('live', 'live:capture:1', 'capture', 5, now())"
        ),
        "live: live:capture:1 is in the ledger, not in the provider's books",
    ),
    "effect without ledger": (
        "DELETE FROM payment_ledger WHERE intent_key = 'past:void:1'",
        "past: past:void:1 is in the provider's books, not in the ledger",
    ),
    "amounts differ": (
        "UPDATE payment_ledger SET amount = 86 WHERE intent_key = 'past:capture:1'",
        "past: past:capture:1: ledger ('past', 'capture', 86), provider ('past', 'capture', 87)",
    ),
    "ledger twice": (
        (
            "INSERT INTO payment_ledger (order_id, intent_key, kind, amount, at) "
            "SELECT order_id, intent_key, kind, amount, at FROM payment_ledger WHERE kind = 'void'"
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
        "live: closed, but 80 of its authorization is still held",
    ),
    "reserved beyond on hand": ("UPDATE stock SET reserved = 9", "mug at dc: 9 reserved of 8 on hand"),
    "movements": ("UPDATE stock SET on_hand = 7", "mug at dc: on_hand is 7, its movements sum to 8"),
    "shipped out of nothing": (
        "UPDATE parcel_lines SET quantity = 11",
        "mug at dc: 11 units shipped of 10 received",
    ),
    "reserved for nobody": ("DELETE FROM earmarks", "mug at dc: 2 reserved, orders ask for 1"),
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
        "past: line 1: 2 units left, 2 by fulfillments, 0 by parcels",
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
    "gap": ("UPDATE order_events SET seq = 3 WHERE seq = 2", "past: its events are numbered [1, 3]"),
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
    "too much in a day": ("UPDATE capacity_usage SET used = 6", "dc was given 6 of 5 orders on 2026-03-01"),
}


@pytest.mark.parametrize("violation", IN_THE_TABLES)
async def test_a_violation_in_the_tables_is_found(database_url: str, violation: str) -> None:
    damage, sentence = IN_THE_TABLES[violation]

    found = sentences(await evidence(database_url, damage))

    pattern = re.escape(sentence).replace(r"\\d\+", r"\d+")
    assert [one for one in found if re.fullmatch(pattern, one)]


OUTSIDE: Mapping[str, tuple[dict[str, Any], str]] = {
    "order nobody was told of": ({"accepted": ["past"]}, "live: an order that nobody was told of"),
    "accepted as new twice": ({"accepted": ["past", "live", "live"]}, "live: accepted as new 2 times"),
    "no workflow": ({"workflows": {}}, "past: an order without a workflow"),
    "no order": (
        {"workflows": WORKFLOWS | {"gone": WorkflowSeen("gone", "running")}},
        "gone: a workflow without an order",
    ),
    "failed": ({"workflows": {"live": WorkflowSeen("live", "failed")}}, "live: its workflow is failed"),
    "started twice": (
        {"workflows": {"live": WorkflowSeen("live", "running", starts=2)}},
        "live: its workflow was started 2 times",
    ),
    "broken task": (
        {"workflows": {"live": WorkflowSeen("live", "running", broken_tasks=("boom",))}},
        "live: task broke: boom",
    ),
    "unanswered update": (
        {"workflows": {"past": WorkflowSeen("past", "completed", unanswered=1)}},
        "past: 1 updates without an answer",
    ),
    "personal data": (
        {"workflows": {"past": WorkflowSeen("past", "completed", told="to ada@example.test")}},
        "past: customer_email is in the workflow's history",
    ),
    "effect twice": (
        {"operations": (*BOOKS, BOOKS[0])},
        "past: past:authorize:1 is 2 times in the provider's books",
    ),
    "captured beyond authorized": (
        {"operations": (*BOOKS, effect("live:capture:1", 81))},
        "live: captured 81 and voided 0 of 80 authorized",
    ),
    "refunded beyond captured": (
        {"operations": (*BOOKS, effect("live:refund:1", 1))},
        "live: refunded 1 of 0 captured",
    ),
    "shipped after a whole cancel": (
        {"answers": [Answer("cancel", "past", NOW - timedelta(seconds=1))]},
        "past: T1 shipped after everything unshipped was confirmed as cancelled",
    ),
}


@pytest.mark.parametrize("violation", OUTSIDE)
async def test_a_violation_outside_the_tables_is_found(database_url: str, violation: str) -> None:
    other, sentence = OUTSIDE[violation]

    found = sentences(replace(await evidence(database_url), **other))

    assert sentence in found
