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
  created_at, ship_by, capacity_day) VALUES
  ('past-1', 'past', 1, 1, 'dc', 'ground', 'delivered', 500, now(), now(), '2026-03-01'),
  ('live-1', 'live', 1, 1, 'dc', 'ground', 'open', 500, now(), now(), '2026-03-01');
INSERT INTO fulfillment_lines (fulfillment_id, line_id, sku, quantity, shipped) VALUES
  ('past-1', '1', 'mug', 2, 2), ('live-1', '1', 'mug', 1, 0);
INSERT INTO parcels (id, fulfillment_id, order_id, number, carrier, tracking_number, tracking_status,
  created_at, fate) VALUES
  ('p1', 'past-1', 'past', 1, 'generic', 'T1', 'delivered', '2026-03-01 12:00Z', 'delivered');
INSERT INTO parcel_lines VALUES ('p1', '1', 2);
INSERT INTO payment_intents (key, order_id, step, n, amount, status, created_at, reference, "authorization")
  VALUES ('past:authorize:1', 'past', 'authorize', 1, 120, 'spent', now(), 'A1', NULL),
  ('past:capture:1', 'past', 'capture', 1, 87, 'succeeded', now(), 'C1', 'A1'),
  ('past:void:1', 'past', 'void', 1, 33, 'succeeded', now(), 'V1', 'A1'),
  ('live:authorize:1', 'live', 'authorize', 1, 120, 'succeeded', now(), 'A2', NULL);
UPDATE payment_intents SET held = amount WHERE status = 'succeeded' AND step = 'authorize';
INSERT INTO invoices (id, kind, order_id, fulfillment_id, legal_entity, number, currency, items, shipping,
  adjustment, tax, total, lines, at)
  VALUES ('inv1', 'invoice', 'past', 'past-1', 'default', 1, 'USD', 67, 20, 0, 0, 87,
  '[{"line_id": "1", "units": 2, "unit_price": 34, "discount": 1, "tax": 0, "amount": 67}]', now());
INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at)
  SELECT t, split_part(t, ':', 1), fact, account, amount, 'USD', now() FROM (VALUES
  ('past:authorize:1', 'authorize', 'authorized_held', 120),
  ('past:authorize:1', 'authorize', 'authorized_by_customers', -120),
  ('past:capture:1', 'capture', 'psp_clearing', 85), ('past:capture:1', 'capture', 'psp_fees', 2),
  ('past:capture:1', 'capture', 'accounts_receivable', -87),
  ('past:capture:1', 'capture', 'authorized_held', -87),
  ('past:capture:1', 'capture', 'authorized_by_customers', 87),
  ('past:void:1', 'void', 'authorized_held', -33), ('past:void:1', 'void', 'authorized_by_customers', 33),
  ('live:authorize:1', 'authorize', 'authorized_held', 120),
  ('live:authorize:1', 'authorize', 'authorized_by_customers', -120)) AS e (t, fact, account, amount);
INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at) VALUES
  ('inv1', 'past', 'invoice', 'accounts_receivable', 87, 'USD', now()),
  ('inv1', 'past', 'invoice', 'sales', -67, 'USD', now()),
  ('inv1', 'past', 'invoice', 'shipping_income', -20, 'USD', now());
INSERT INTO order_events VALUES ('past', 1, 'placed', now(), 'web', '{}'),
  ('past', 2, 'closed', now(), 'worker', '{}'), ('live', 1, 'placed', now(), 'web', '{}');
"""
"""`past` shipped two of three mugs and closed; `live` has one reserved, one set aside, and waits for one."""

AND_BACK = """
INSERT INTO products (sku, name) VALUES ('cup', 'Cup');
INSERT INTO locations (id, name, kind, lat, lng) VALUES ('shop', 'Shop', 'store', 1, 1);
INSERT INTO stock (location_id, sku, on_hand, reserved, as_of) VALUES ('dc', 'cup', 0, 0, now()),
  ('shop', 'cup', 1, 0, now());
INSERT INTO stock_movements (location_id, sku, on_hand_delta, reserved_delta, reason, order_id, actor, at)
  VALUES ('dc', 'cup', 4, 0, 'received', NULL, 'ops', now()),
  ('dc', 'cup', 0, 4, 'reserved', 'back', 'worker', now()),
  ('dc', 'cup', -4, -4, 'shipped', 'back', 'ops', now()),
  ('shop', 'cup', 1, 0, 'return restocked', 'back', 'ops', now());
INSERT INTO orders (id, channel, order_number, content_hash, currency, status, payment_status, next_seq,
  placed_at, created_at, customer_id, customer_name, customer_email, ship_to, delivery_method, service_level,
  items, shipping, shipping_charged, discount, tax, total, authorized, captured, refund_due, refunded,
  credit_due, store_credit, payment_provider, payment_token, delivered_at, closed_at) VALUES
  ('back', 'web', '3', '', 'USD', 'completed', 'partially_refunded', 16, now(), now(), 'c3', 'Cy Example',
   'cy@example.test', '{}', 'ship', 'standard', 100, 10, 10, 0, 0, 110, 110, 110, 30, 30, 52, 52, 'sandbox',
   'tok_ok', now(), now());
INSERT INTO order_lines (order_id, line_id, position, sku, quantity, unit_price, discount, tax, amount,
  delivered, returned, lost, refunded_units) VALUES ('back', '1', 1, 'cup', 4, 25, 0, 0, 100, 1, 2, 1, 3);
INSERT INTO fulfillment_orders (id, order_id, number, decision, location_id, service, status, cost,
  created_at, ship_by) VALUES ('back-1', 'back', 1, 1, 'dc', 'ground', 'delivered', 500, now(), now());
INSERT INTO fulfillment_lines (fulfillment_id, line_id, sku, quantity, shipped) VALUES
  ('back-1', '1', 'cup', 4, 4);
INSERT INTO parcels (id, fulfillment_id, order_id, number, carrier, tracking_number, tracking_status,
  created_at, fate) VALUES
  ('p2', 'back-1', 'back', 1, 'generic', 'T2', 'delivered', '2026-03-01 12:00Z', 'delivered'),
  ('p3', 'back-1', 'back', 2, 'generic', 'T3', 'in_transit', '2026-03-01 12:00Z', 'lost');
INSERT INTO parcel_lines VALUES ('p2', '1', 3), ('p3', '1', 1);
INSERT INTO payment_intents (key, order_id, step, n, amount, status, created_at, reference, "authorization")
  VALUES ('back:authorize:1', 'back', 'authorize', 1, 110, 'declined', now(), NULL, NULL),
  ('back:authorize:2', 'back', 'authorize', 2, 110, 'spent', now(), 'A3', NULL),
  ('back:capture:1', 'back', 'capture', 1, 110, 'succeeded', now(), 'C3', 'A3'),
  ('back:refund:1', 'back', 'refund', 1, 30, 'succeeded', now(), 'R3', 'A3');
INSERT INTO holds (id, order_id, number, type, reason, blocks, placed_at, placed_by, ended_at, ended_by)
  VALUES ('h1', 'back', 1, 'fraud', '', '{release}', now(), 'ops', now(), 'ops');
INSERT INTO returns (id, order_id, number, kind, status, refund_to, requested_at, expires_at, refund,
  ended_at) VALUES ('ret1', 'back', 1, 'customer', 'completed', 'store_credit', now(), now(), 47, now());
INSERT INTO return_lines VALUES ('ret1', '1', 'cup', 2, 'too small', 2, 2);
INSERT INTO return_receipts (return_id, line_id, location_id, quantity, inspected, at, actor) VALUES
  ('ret1', '1', 'shop', 2, 2, now(), 'ops');
INSERT INTO return_inspections (return_id, line_id, location_id, quantity, disposition, at, actor) VALUES
  ('ret1', '1', 'shop', 1, 'restock', now(), 'ops'), ('ret1', '1', 'shop', 1, 'scrap', now(), 'ops');
INSERT INTO refunds (order_id, number, kind, return_id, reason, refund_to, amount, paid, actor, at) VALUES
  ('back', 1, 'undelivered', NULL, 'silence', 'original', 25, 25, 'worker', now()),
  ('back', 2, 'return', 'ret1', 'returned', 'store_credit', 47, 47, 'ops', now()),
  ('back', 3, 'appeasement', NULL, 'dented', 'original', 5, 5, 'ops', now()),
  ('back', 3, 'appeasement', NULL, 'dented', 'store_credit', 5, 5, 'ops', now());
INSERT INTO refund_adjustments (order_id, return_id, refund_number, kind, amount, reason, actor, at) VALUES
  ('back', 'ret1', 2, 'restocking_fee', -3, 'too small', 'ops', now());
INSERT INTO invoices (id, kind, order_id, fulfillment_id, refund_id, legal_entity, number, currency, items,
  shipping, adjustment, tax, total, lines, refund_to, at) VALUES
  ('inv2', 'invoice', 'back', 'back-1', NULL, 'default', 2, 'USD', 100, 10, 0, 0, 110,
   '[{"line_id": "1", "units": 4, "unit_price": 25, "discount": 0, "tax": 0, "amount": 100}]', NULL, now()),
  ('crn1', 'credit_note', 'back', NULL, (SELECT id FROM refunds WHERE reason = 'silence'), 'default', 1,
   'USD', 25, 0, 0, 0, 25, '[]', 'original', now()),
  ('crn2', 'credit_note', 'back', NULL, (SELECT id FROM refunds WHERE reason = 'returned'), 'default', 2,
   'USD', 50, 0, -3, 0, 47, '[]', 'store_credit', now()),
  ('crn3', 'credit_note', 'back', NULL, (SELECT id FROM refunds WHERE reason = 'dented'
   AND refund_to = 'original'), 'default', 3, 'USD', 0, 0, 5, 0, 5, '[]', 'original', now()),
  ('crn4', 'credit_note', 'back', NULL, (SELECT id FROM refunds WHERE reason = 'dented'
   AND refund_to = 'store_credit'), 'default', 4, 'USD', 0, 0, 5, 0, 5, '[]', 'store_credit', now());
INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at)
  SELECT t, 'back', fact, account, amount, 'USD', now() FROM (VALUES
  ('back:authorize:2', 'authorize', 'authorized_held', 110),
  ('back:authorize:2', 'authorize', 'authorized_by_customers', -110),
  ('inv2', 'invoice', 'accounts_receivable', 110), ('inv2', 'invoice', 'sales', -100),
  ('inv2', 'invoice', 'shipping_income', -10),
  ('back:capture:1', 'capture', 'psp_clearing', 110),
  ('back:capture:1', 'capture', 'accounts_receivable', -110),
  ('back:capture:1', 'capture', 'authorized_held', -110),
  ('back:capture:1', 'capture', 'authorized_by_customers', 110),
  ('crn1', 'credit_note', 'sales', 25), ('crn1', 'credit_note', 'refunds_payable', -25),
  ('crn2', 'credit_note', 'sales', 50), ('crn2', 'credit_note', 'retained', -3),
  ('crn2', 'credit_note', 'store_credit_liability', -47),
  ('crn3', 'credit_note', 'goodwill', 5), ('crn3', 'credit_note', 'refunds_payable', -5),
  ('crn4', 'credit_note', 'goodwill', 5), ('crn4', 'credit_note', 'store_credit_liability', -5),
  ('back:refund:1', 'refund', 'refunds_payable', 30), ('back:refund:1', 'refund', 'psp_clearing', -30)
  ) AS e (t, fact, account, amount);
INSERT INTO store_credits SELECT id, order_id, 'c3', amount, 'USD', now() FROM refunds
  WHERE refund_to = 'store_credit';
INSERT INTO order_events VALUES
  ('back', 1, 'order.placed', now(), 'web', '{}'),
  ('back', 2, 'payment.another_needed', now(), 'worker', '{"due_by": "2026-03-03T12:00:00+00:00"}'),
  ('back', 3, 'payment.brought', now(), 'web', '{}'),
  ('back', 4, 'payment.authorized', now(), 'worker', '{}'),
  ('back', 5, 'hold.placed', now(), 'ops', '{"hold_id": "h1", "blocks": ["release"]}'),
  ('back', 6, 'fulfillment.created', now(), 'worker', '{}'),
  ('back', 7, 'hold.lifted', now(), 'ops', '{"hold_id": "h1"}'),
  ('back', 8, 'fulfillment.shipped', now(), 'ops',
   '{"parcels": [{"lines": [{"line_id": "1", "quantity": 4}]}]}'),
  ('back', 9, 'parcel.delivered', now(), 'carrier', '{}'),
  ('back', 10, 'parcel.lost', now(), 'worker',
   '{"parcel_id": "p3", "lines": [{"line_id": "1", "quantity": 1}]}'),
  ('back', 11, 'return.requested', now(), 'web', '{}'), ('back', 12, 'return.received', now(), 'ops', '{}'),
  ('back', 13, 'return.inspected', now(), 'ops', '{"return_id": "ret1", "lines": [
   {"line_id": "1", "quantity": 1, "disposition": "restock"},
   {"line_id": "1", "quantity": 1, "disposition": "scrap"}]}'),
  ('back', 14, 'return.completed', now(), 'ops', '{}'), ('back', 15, 'order.closed', now(), 'worker', '{}');
"""
"""`back` was paid after a decline and a hold; of four cups one was lost, one is kept, and two came back, for
a fee; something was given for a dent."""

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
