"""Violations of the books: the damage as SQL, and what the auditor says of it."""

from typing import Final

OF_THE_BOOKS: Final = {
    "a transaction that does not balance": (
        "UPDATE ledger_entries SET amount = amount + 1 WHERE transaction = 'inv1' AND account = 'sales'",
        "past: inv1 does not balance: 1 is left over",
    ),
    "a transaction of two orders": (
        "UPDATE ledger_entries SET order_id = 'live' WHERE transaction = 'inv1' AND account = 'sales'",
        "past: inv1 is of several orders or currencies",
    ),
    "held by the ledger, not by the order": (
        "UPDATE orders SET voided = 30 WHERE id = 'past'",
        "past: authorized_held is 0 in the ledger, 3 by the order",
    ),
    "closed with money receivable": (
        (
            "INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at) VALUES "
            "('x', 'past', 'write_off', 'accounts_receivable', 1, 'USD', now()), "
            "('x', 'past', 'write_off', 'write_offs', -1, 'USD', now())"
        ),
        "past: accounts_receivable is 1 in the ledger, 0 by the order",
    ),
    "closed with a refund payable": (
        "DELETE FROM ledger_entries WHERE transaction = 'back:refund:1'",
        "back: refunds_payable is -30 in the ledger, 0 by the order",
    ),
    "store credit without a liability": (
        "DELETE FROM ledger_entries WHERE transaction = 'crn2'",
        "back: store_credit_liability is -5 in the ledger, -52 by the order",
    ),
    "other sums than the provider": (
        "UPDATE ledger_entries SET amount = 84 WHERE account = 'psp_clearing' AND order_id = 'past'",
        "past: the ledger has 86 with the provider, its books 87",
    ),
    "number missing": (
        "UPDATE invoices SET number = 3 WHERE id = 'inv2'",
        "invoice 2 of default is missing",
    ),
    "number twice": (
        "UPDATE invoices SET number = 1 WHERE kind = 'credit_note'",
        "credit_note 1 of default is there 4 times",
    ),
    "one number on two documents": (
        "UPDATE invoices SET label = 'N-000001' WHERE id IN ('inv1', 'crn1')",
        "2 documents have the number N-000001",
    ),
    "parts that are not the total": (
        "UPDATE invoices SET shipping = 19 WHERE id = 'inv1'",
        "past: inv1 is over 87, its parts sum to 86",
    ),
    "lines that are not the total": (
        "UPDATE invoices SET lines = '[]' WHERE id = 'inv1'",
        "past: inv1 has items of 67, its lines sum to 0 without tax",
    ),
    "lines that are not the total of a credit note": (
        "UPDATE invoices SET shipping_tax = 0, adjustment_tax = 0 WHERE id = 'crn1'",
        "back: crn1 has items of 25, its lines sum to 0 without tax",
    ),
    "taxes of parts that are not the tax": (
        "UPDATE invoices SET shipping_tax = 1, adjustment_tax = 1 WHERE id = 'inv1'",
        "past: inv1 has a tax of 0, its parts have 2",
    ),
    "a line that does not add up": (
        "UPDATE invoices SET lines = jsonb_set(lines, '{0,tax}', '1') WHERE id = 'inv1'",
        "past: inv1 line 1 does not add up to 67",
    ),
    "tax on shipping that is not invoiced": (
        "UPDATE orders SET shipping_tax = 2 WHERE id = 'past'",
        "past: 0 of tax is invoiced beside the lines', shipping's is 2",
    ),
    "invoice of which the ledger does not know": (
        "DELETE FROM ledger_entries WHERE transaction = 'inv1'",
        "past: inv1 is over 87, the ledger has 0 for it in accounts_receivable",
    ),
    "shipped without an invoice": (
        "DELETE FROM invoices WHERE id = 'inv1'",
        "past: line 1: 0 units invoiced of 2 that left",
    ),
    "invoiced too little": (
        "UPDATE order_lines SET amount = 103 WHERE order_id = 'past'",
        "past: 87 is invoiced, what left costs 89",
    ),
    "refund without a credit note": (
        "DELETE FROM invoices WHERE id = 'crn1'",
        "back: 25 is owed back to original, and there is no credit note",
    ),
    "credit note over something else": (
        "UPDATE invoices SET total = 26, items = 26 WHERE id = 'crn1'",
        "back: 25 is owed back to original, and there is a credit note over 26",
    ),
    "credit note for no refund": (
        "DELETE FROM refunds WHERE reason = 'silence'",
        "back: crn1 is for no refund",
    ),
    "written off in the ledger only": (
        (
            "INSERT INTO ledger_entries (transaction, order_id, fact, account, amount, currency, at) VALUES "
            "('x', 'past', 'write_off', 'accounts_receivable', 1, 'USD', now()), "
            "('x', 'past', 'write_off', 'write_offs', -1, 'USD', now())"
        ),
        "past: write_offs is -1 in the ledger, 0 by the order",
    ),
    "a refund written off on the order only": (
        "UPDATE orders SET refunds_written_off = 5 WHERE id = 'back'",
        "back: refunds_written_off is 0 in the ledger, -5 by the order",
    ),
    "sales reversed beyond what was booked": (
        "UPDATE ledger_entries SET amount = -70 WHERE transaction = 'inv2' AND account = 'sales'",
        "back: sales is reversed by 5 more than was booked",
    ),
    "more credited than invoiced": (
        "UPDATE invoices SET total = 90, items = 90 WHERE id = 'crn2'",
        "back: 125 of total is credited, 110 was invoiced",
    ),
    "more of the items credited than invoiced": (
        "UPDATE invoices SET items = 80, adjustment = -33 WHERE id = 'crn2'",
        "back: 105 of items is credited, 100 was invoiced",
    ),
    "more tax credited than invoiced": (
        "UPDATE invoices SET tax = 1, items = 24 WHERE id = 'crn1'",
        "back: 1 of tax is credited, 0 was invoiced",
    ),
    "kept more than documents say": (
        "UPDATE orders SET captured = 88 WHERE id = 'past'",
        "past: 88 is kept, documents say 87 − 0, and 0 was forgiven",
    ),
}
