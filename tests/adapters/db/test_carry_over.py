"""Orders from before a migration: the books begin with what they had come to, and say what they say now."""

import asyncio
from importlib.resources import files
from uuid import uuid4

import asyncpg
from alembic import command
from alembic.config import Config

_BEFORE = """
INSERT INTO orders (id, channel, order_number, content_hash, currency, status, payment_status, placed_at,
  created_at, customer_id, customer_name, customer_email, ship_to, delivery_method, service_level, items,
  shipping, shipping_charged, discount, tax, total, authorized, voided, captured, refund_due, refunded,
  payment_provider, payment_token) VALUES
  ('old', 'web', '1', '', 'USD', 'partially_shipped', 'partially_refunded', now(), now(), 'c', 'A', 'a', '{}',
   'ship', 'standard', 100, 20, 20, 0, 0, 120, 110, 0, 53, 33, 10, 'sandbox', 'tok_ok');
INSERT INTO order_lines (order_id, line_id, position, sku, quantity, unit_price, discount, tax, amount,
  shipped, allocated) VALUES ('old', '1', 1, 'mug', 4, 25, 0, 0, 100, 2, 2);
INSERT INTO payment_intents (key, order_id, step, n, amount, status, created_at) VALUES
  ('old:authorize:1', 'old', 'authorize', 1, 120, 'succeeded', now()),
  ('old:capture:1', 'old', 'capture', 1, 53, 'succeeded', now()),
  ('old:refund:1', 'old', 'refund', 1, 10, 'succeeded', now());
INSERT INTO payment_ledger (order_id, intent_key, kind, amount, at)
  SELECT order_id, key, step, amount, now() FROM payment_intents;
INSERT INTO refunds (order_id, reason, refund_to, amount, paid, actor, at) VALUES
  ('old', 'silence', 'original', 33, 10, 'worker', now());
"""
"""Two of four mugs left with the shipping, 70 in all; 53 was captured of 120, of which 10 has run out."""


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations").joinpath("")))
    config.set_main_option("sqlalchemy.url", url.replace("postgresql://", "postgresql+asyncpg://", 1))
    return config


async def _at(postgres_url: str, revision: str) -> str:
    """A database of its own, as it was after this migration."""
    name = f"before_{uuid4().hex}"
    server = await asyncpg.connect(postgres_url)
    await server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    await server.close()
    url = postgres_url.rsplit("/", 1)[0] + f"/{name}"
    await asyncio.to_thread(command.upgrade, _config(url), revision)
    return url


async def _balances(connection: asyncpg.Connection) -> dict[str, int]:
    rows = await connection.fetch("SELECT account, sum(amount) AS sum FROM ledger_entries GROUP BY account")
    return {row["account"]: int(row["sum"]) for row in rows}


async def test_an_open_order_goes_on_with_what_it_had_come_to(postgres_url: str) -> None:
    url = await _at(postgres_url, "0003")
    connection = await asyncpg.connect(url)
    await connection.execute(_BEFORE)

    await asyncio.to_thread(command.upgrade, _config(url), "0004")

    balances = await _balances(connection)
    unbalanced = await connection.fetch(
        "SELECT transaction FROM ledger_entries GROUP BY transaction HAVING sum(amount) <> 0"
    )
    await asyncio.to_thread(command.downgrade, _config(url), "0003")
    back = await connection.fetch("SELECT kind, amount FROM payment_ledger ORDER BY kind")
    await connection.close()
    assert balances == {
        "authorized_held": 110 - 53,
        "authorized_by_customers": 53 - 110,
        "accounts_receivable": 70 - 53,
        "psp_clearing": 53 - 10,
        "refunds_payable": 10 - 33,
        "opening_balances": 33 - 70,
    }
    assert unbalanced == []
    assert [tuple(row) for row in back] == [("authorize", 120), ("capture", 53), ("refund", 10)]


_SKIPPED = """
INSERT INTO orders (id, channel, order_number, content_hash, currency, status, payment_status, placed_at,
  created_at, customer_id, customer_name, customer_email, ship_to, delivery_method, service_level, items,
  shipping, shipping_charged, discount, tax, total, authorized, captured, payment_provider, payment_token)
  VALUES ('old', 'web', '1', '', 'USD', 'completed', 'captured', now(), now(), 'c', 'A', 'a', '{}', 'ship',
  'standard', 100, 0, 0, 0, 0, 100, 100, 100, 'sandbox', 'tok_ok');
INSERT INTO refunds (order_id, number, kind, reason, refund_to, amount, written_off, actor, at) VALUES
  ('old', 1, 'appeasement', 'dented', 'original', 30, 30, 'ops', now());
INSERT INTO order_events VALUES
  ('old', 1, 'order.step_skipped', now(), 'ops', '{"stopped": "refund_refused", "amount": 30}');
INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at) VALUES
  ('crn', 'old', 'credit_note', 'goodwill', 30, 'USD', now()),
  ('crn', 'old', 'credit_note', 'refunds_payable', -30, 'USD', now()),
  ('old:write_off:9.0', 'old', 'write_off', 'refunds_payable', 30, 'USD', now()),
  ('old:write_off:9.0', 'old', 'write_off', 'write_offs', -30, 'USD', now());
"""


async def test_a_refund_that_was_skipped_stays_given_and_gets_its_account(postgres_url: str) -> None:
    url = await _at(postgres_url, "0009")
    connection = await asyncpg.connect(url)
    await connection.execute(_SKIPPED)

    await asyncio.to_thread(command.upgrade, _config(url), "0010")

    order = await connection.fetchrow("SELECT refunds_written_off, refunds_skipped FROM orders")
    since = await _balances(connection)
    await asyncio.to_thread(command.downgrade, _config(url), "0009")
    before = await _balances(connection)
    await connection.close()
    assert tuple(order) == (30, 30)
    assert since == {"goodwill": 30, "refunds_payable": 0, "write_offs": 0, "refunds_written_off": -30}
    assert before == {"goodwill": 30, "refunds_payable": 0, "write_offs": -30}
