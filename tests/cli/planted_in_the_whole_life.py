"""Violations of what else happens to orders: the damage as SQL, and what the auditor says of it."""

from typing import Final

OF_THE_WHOLE_LIFE: Final = {
    "nobody did it": (
        "UPDATE order_events SET actor = '' WHERE order_id = 'back' AND seq = 3",
        "back: nobody did event 3, payment.brought",
    ),
    "shipped in spite of a hold": (
        "UPDATE order_events SET type = 'noted' WHERE order_id = 'back' AND seq = 7",
        "back: event 8, fulfillment.shipped, in spite of a hold",
    ),
    "routed in spite of a hold": (
        """UPDATE order_events SET data = '{"hold_id": "h1", "blocks": ["routing"]}'
           WHERE order_id = 'back' AND seq = 5""",
        "back: event 6, fulfillment.created, in spite of a hold",
    ),
    "hold not counted": (
        "UPDATE orders SET active_holds = 1 WHERE id = 'live'",
        "live: 1 active holds on the order, 0 rows",
    ),
    "hold of a closed order": (
        "UPDATE holds SET ended_at = NULL",
        "back: closed, but 1 holds are active",
    ),
    "cancelled within the grace": (
        """UPDATE order_events SET at = '2026-03-02 12:00Z', type = 'order.cancelled',
           data = '{"reason": "payment_declined"}' WHERE order_id = 'back' AND seq = 3""",
        (
            "back: cancelled unpaid at 2026-03-02 12:00:00+00:00, though there was time until "
            "2026-03-03 12:00:00+00:00"
        ),
    ),
    "left unpaid": (
        "UPDATE order_events SET type = 'noted' WHERE order_id = 'back' AND seq = 4",
        "back: event 8: units left before anybody paid",
    ),
    "lost in the wrong bucket": (
        "UPDATE order_lines SET lost = 0, delivered = 2 WHERE order_id = 'back'",
        "back: line 1: 0 lost, 1 by parcels",
    ),
    "delivered without a parcel": (
        "UPDATE parcels SET fate = NULL WHERE id = 'p2'",
        "back: line 1: 0 shipped, 3 by parcels",
    ),
    "returned out of nothing": (
        "UPDATE return_receipts SET quantity = 1",
        "back: line 1: 2 returned, 1 by parcels",
    ),
    "received more than asked": (
        "UPDATE return_lines SET quantity = 1",
        "back: ret1 line 1: 2 inspected of 2 received of 1 asked",
    ),
    "received without a receipt": (
        "UPDATE return_receipts SET quantity = 1",
        "back: ret1 line 1: 2 received, 1 by receipts",
    ),
    "inspected without an inspection": (
        "UPDATE return_inspections SET quantity = 2 WHERE disposition = 'scrap'",
        "back: ret1 line 1: 2 inspected, 3 by inspections, 2 of the receipts",
    ),
    "completed without inspection": (
        "UPDATE return_lines SET inspected = 1",
        "back: ret1 is completed, but not all of it was inspected",
    ),
    "ended without an end": (
        "UPDATE returns SET ended_at = NULL",
        "back: ret1 is completed, its end is None",
    ),
    "open returns not counted": (
        "UPDATE orders SET open_returns = 1 WHERE id = 'live'",
        "live: 1 open returns on the order, 0 rows",
    ),
    "return of a closed order": (
        "UPDATE returns SET ended_at = NULL, status = 'received'",
        "back: closed, but ret1 is received",
    ),
    "restocked twice": (
        (
            "INSERT INTO stock_movements (location_id, sku, on_hand_delta, reason, order_id, actor, at) "
            "VALUES ('shop', 'cup', 1, 'return restocked', 'back', 'ops', now())"
        ),
        "back: 2 units of cup are stock again at shop, 1 should be",
    ),
    "scrap is no stock": (
        "UPDATE return_inspections SET disposition = 'scrap'",
        "back: 1 units of cup are stock again at shop, 0 should be",
    ),
    "paid back twice": (
        "UPDATE order_lines SET refunded_units = 4 WHERE order_id = 'back'",
        "back: line 1: 4 units paid back, 3 by its history",
    ),
    "paid back what never left": (
        "UPDATE order_lines SET refunded_units = 9 WHERE order_id = 'back'",
        "back: line 1: 9 units paid back of 4 that left",
    ),
    "lost and found is paid back once": (
        """UPDATE order_events SET data = jsonb_set(data, '{lines,0,quantity}', '9')
           WHERE order_id = 'back' AND seq = 10""",
        "back: line 1: 3 units paid back, 4 by its history",
    ),
    "paid back twice, lost and returned": (
        """UPDATE order_events SET data = jsonb_set(data, '{parcel_id}', '"p2"')
           WHERE order_id = 'back' AND seq = 10;
           UPDATE order_events SET type = 'parcel.returned', data = '{"parcel_id": "p2", "lines": [
           {"line_id": "1", "quantity": 1}]}' WHERE order_id = 'back' AND seq = 11;
           UPDATE order_lines SET refunded_units = 4 WHERE order_id = 'back'""",
        "back: line 1: 4 units paid back, 3 by its history",
    ),
    "trouble not paid back": (
        "DELETE FROM refunds WHERE kind = 'undelivered'",
        "back: 0 is owed for parcels in trouble, they are worth 25",
    ),
    "return worth less": (
        "UPDATE returns SET refund = 46",
        "back: ret1 refunds 46, its inspected units are worth 47",
    ),
    "return owed less": (
        "UPDATE refunds SET amount = 40, paid = 40 WHERE return_id = 'ret1'",
        "back: ret1 refunds 47, but 40 is owed for it",
    ),
    "fee above the price": (
        "UPDATE refund_adjustments SET amount = -51",
        "back: ret1: a fee of 51 for units that cost 50",
    ),
    "bonus for a return": (
        "UPDATE refund_adjustments SET amount = 3",
        "back: ret1: a fee of -3 for units that cost 50",
    ),
    "kept for nothing given": (
        (
            "UPDATE refund_adjustments SET kind = 'given_before';"
            "UPDATE refunds SET kind = 'return' WHERE kind = 'appeasement'"
        ),
        "back: less is paid back for what was given before, but nothing was",
    ),
    "kept for nothing unpaid": (
        "UPDATE refund_adjustments SET kind = 'not_paid'",
        "back: 3 less is paid back for what was not paid, 0 was written off",
    ),
    "shipping for no trouble": (
        "UPDATE orders SET shipping_refunded = 20 WHERE id = 'past'",
        "past: 20 shipping is paid back on the order, 0 with its refunds",
    ),
    "shipping twice": (
        "UPDATE orders SET shipping_refunded = 20 WHERE id = 'back'",
        "back: 20 of 10 shipping is paid back",
    ),
    "shipping of what arrived": (
        (
            "INSERT INTO refund_adjustments (order_id, kind, amount, reason, actor, at) "
            "VALUES ('back', 'shipping', 10, 'nothing arrived', 'worker', now())"
        ),
        "back: its shipping is paid back, though something had arrived",
    ),
    "shipping of what is kept": (
        "UPDATE refund_adjustments SET kind = 'shipping', amount = 10",
        "back: its shipping is paid back with a return, though the customer keeps something",
    ),
    "shipping of nothing that arrived": (
        (
            "UPDATE order_events SET type = 'noted' WHERE order_id = 'back' AND seq = 9;"
            "UPDATE order_lines SET delivered = 0, lost = 2 WHERE order_id = 'back'"
        ),
        "back: nothing of it arrived, but its shipping is not paid back",
    ),
    "refunds on the order": (
        "UPDATE orders SET refund_due = 31 WHERE id = 'back'",
        "back: refund_due is 31 on the order, 30 by its refunds",
    ),
    "credit without a row": (
        "DELETE FROM store_credits",
        "back: store_credit is 52 on the order, 0 by its credit",
    ),
    "credit not issued": (
        "UPDATE orders SET store_credit = 0 WHERE id = 'back'",
        "back: 52 of its refunds is credit, 0 was issued",
    ),
    "written off by nobody": (
        "UPDATE orders SET written_off = 5 WHERE id = 'back'",
        "back: written_off is 5 on the order, 0 by its write-offs",
    ),
    "refund written off by nobody": (
        "UPDATE refunds SET written_off = 5 WHERE kind = 'undelivered'",
        "back: 5 of its refunds is written off, 0 by its write-offs",
    ),
    "refunds written off on the order only": (
        "UPDATE orders SET refunds_written_off = 5 WHERE id = 'back'",
        "back: refunds_written_off is 5 on the order, 0 by its refunds",
    ),
    "skipped by nobody": (
        "UPDATE orders SET refunds_skipped = 5 WHERE id = 'back'",
        "back: refunds_skipped is 5 on the order, 0 by its history",
    ),
    "closed with a refund due": (
        "UPDATE orders SET refunded = 20 WHERE id = 'back'",
        "back: closed, but 30 is to go back and 20 has",
    ),
    "given back more than taken": (
        "UPDATE orders SET captured = 60 WHERE id = 'back'",
        "back: 82 was given back of 60 captured",
    ),
    "paid for more than is kept": (
        "UPDATE orders SET store_credit = 40 WHERE id = 'back'",
        "back: 40 was paid in the end, but what the customer keeps costs 28",
    ),
    "due after the close, and nobody settles it": (
        "UPDATE orders SET adjusting = true WHERE id = 'back'",
        "back: money is due after the close, its workflow is completed",
    ),
    "credit owed after the close": (
        "UPDATE orders SET credit_due = 60 WHERE id = 'back'",
        "back: closed, but 60 is to be credit and 52 is",
    ),
    "let go of by a capture that was not final": (
        "UPDATE payment_intents SET released = 5 WHERE key = 'past:capture:1'",
        "past: past:capture:1 let go of 5 by the order, of 0 by the books",
    ),
    "let go of, and not on the order": (
        "UPDATE payment_intents SET released = 5 WHERE key = 'past:capture:1'",
        "past: voided is 33 on the order, 38 in the ledger",
    ),
    "holds more than the books leave": (
        "UPDATE payment_intents SET held = 119 WHERE key = 'live:authorize:1'",
        "live: live:authorize:1 holds 119 by the order, 120 by the books",
    ),
    "cancelled while the customer could confirm": (
        """UPDATE order_events SET type = 'payment.action_required' WHERE type = 'payment.another_needed';
           UPDATE order_events SET at = '2026-03-02 12:00Z', type = 'order.cancelled',
           data = '{"reason": "payment_not_confirmed"}' WHERE order_id = 'back' AND seq = 3""",
        (
            "back: cancelled unpaid at 2026-03-02 12:00:00+00:00, though there was time until "
            "2026-03-03 12:00:00+00:00"
        ),
    ),
    "drawn beyond its authorization": (
        """UPDATE payment_intents SET "authorization" = 'A2' WHERE key = 'past:capture:1';
           UPDATE payment_intents SET amount = 20, held = 20 WHERE key = 'live:authorize:1'""",
        "past: 87 more than A2 allowed was captured or voided",
    ),
}
