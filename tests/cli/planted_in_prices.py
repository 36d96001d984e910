"""Violations of what is decided about payments and of taxes: the damage as SQL, and what the auditor says."""

from typing import Final

_DECIDED: Final = (
    "INSERT INTO risk_decisions (intent_key, order_id, verdict, facts, at) "
    "VALUES ('back:authorize:2', 'back', '{verdict}', '{{}}', now());"
)
_TOLD: Final = "UPDATE order_events SET type = 'risk.declined' WHERE order_id = 'back' AND seq = 4;"

OF_PRICES: Final = {
    "a tax that its rate does not give": (
        """UPDATE orders SET taxes = '[{"line_id": "1", "base": 100, "tax": 9, "included": false,
           "rate": {"percent": "8.5"}}, {"line_id": null, "base": 20, "tax": 1, "included": false,
           "rate": {"percent": "8.5"}}]' WHERE id = 'past'""",
        "past: a tax of 1 on 20 of shipping, 2 by its rate",
    ),
    "an included tax that its rate does not give": (
        """UPDATE orders SET taxes = '[{"line_id": "1", "base": 119, "tax": 23, "included": true,
           "rate": {"percent": "19"}}]' WHERE id = 'past'""",
        "past: a tax of 23 on 119 of line 1, 19 by its rate",
    ),
    "a line of another tax": (
        "UPDATE orders SET taxes = '[]' WHERE id = 'past'; UPDATE order_lines SET tax = 5",
        "past: line 1 is taxed 5, 0 was worked out",
    ),
    "an order of another tax": (
        "UPDATE orders SET taxes = '[]', tax = 3 WHERE id = 'past'",
        "past: the order is taxed 3, its parts sum to 0",
    ),
    "shipping of another tax": (
        "UPDATE orders SET taxes = '[]', tax = 3, shipping_tax = 3 WHERE id = 'past'",
        "past: shipping is taxed 3, 0 was worked out",
    ),
    "judged without a word": (
        _DECIDED.format(verdict="review"),
        "back: judged review 1 times, its history tells never",
    ),
    "told, and not judged": (
        _TOLD,
        "back: judged never, its history tells declined 1 times",
    ),
    "declined, and asked for": (
        _TOLD + _DECIDED.format(verdict="declined"),
        "back: event 6, fulfillment.created, though its payment was declined",
    ),
}
