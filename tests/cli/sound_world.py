"""A small world in which every invariant holds, as SQL; and a way to take the database's own guards off."""

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
   'bob@example.test', '{}', 'ship', 'standard', 120, 0, 0, 0, 0, 120, 120, 0, 0, 'sandbox', 'tok_ok', NULL);
INSERT INTO order_lines (order_id, line_id, position, sku, quantity, unit_price, discount, tax, amount,
  pending, backordered, allocated, delivered, cancelled) VALUES
  ('past', '1', 1, 'mug', 3, 34, 2, 0, 100, 0, 0, 0, 2, 1),
  ('live', '1', 1, 'mug', 3, 40, 0, 0, 120, 1, 1, 1, 0, 0);
INSERT INTO backorders (order_id, line_id, sku, quantity, locations, promised_at, since) VALUES
  ('live', '1', 'mug', 1, '{dc}', now(), now());
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
  ('live:authorize:1', 'live', 'authorize', 1, 120, 'succeeded', now());
INSERT INTO payment_ledger (order_id, intent_key, kind, amount, at) SELECT order_id, key, step, amount, now()
  FROM payment_intents;
INSERT INTO order_events VALUES ('past', 1, 'placed', now(), 'web', '{}'),
  ('past', 2, 'closed', now(), 'worker', '{}'), ('live', 1, 'placed', now(), 'web', '{}');
"""
"""`past` shipped two of three mugs and closed; `live` has one reserved, one set aside, and waits for one."""

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
