"""The state machine's own check of money can fail: each thing that must not be, planted in sound books."""

from copy import deepcopy
from typing import Any

import pytest

from tests.one_story import Look
from tests.properties.whole_life.money import money_wrongs

Rows = list[dict[str, Any]]


def effect(kind: str, amount: int, status: str = "succeeded", n: int = 1) -> dict[str, Any]:
    return {
        "idempotency_key": f"o:{kind}:{n}", "order_id": "o", "kind": kind, "amount": amount,
        "status": status, "authorized_as": "auth_1",
    }  # fmt: skip


def intended(kind: str, amount: int, status: str = "succeeded") -> dict[str, Any]:
    row = {"key": f"o:{kind}:1", "order_id": "o", "step": kind, "amount": amount}
    return row | {"status": status, "released": 0}


BOOKS: Rows = [effect("authorize", 100), effect("capture", 80), effect("void", 20), effect("refund", 30)]
INTENTS: Rows = [
    intended("authorize", 100, "spent"), intended("capture", 80), intended("void", 20), intended("refund", 30)
]  # fmt: skip
ORDER: dict[str, Any] = {
    "id": "o", "captured": 80, "refunded": 30, "voided": 20, "closed_at": "then", "refund_due": 30,
    "not_repaid": 0, "written_off": 0,
}  # fmt: skip
DOCUMENTS: Rows = [
    {"order_id": "o", "kind": "invoice", "total": 80, "refund_to": None},
    {"order_id": "o", "kind": "credit_note", "total": 30, "refund_to": "original"},
]


def look(books: Rows = BOOKS, intents: Rows = INTENTS, documents: Rows = DOCUMENTS, **order: Any) -> Look:
    tables = {"orders": [ORDER | order], "intents": intents, "documents": documents}
    return Look(deepcopy(books), deepcopy(tables), deepcopy(books))


def changed(rows: Rows, number: int, **columns: Any) -> Rows:
    return [row | columns if index == number else row for index, row in enumerate(rows)]


def test_sound_books_are_found_sound() -> None:
    assert money_wrongs(look()) == []


@pytest.mark.parametrize(
    "open_refund",
    [[], [effect("refund", 30, "pending")], BOOKS[3:]],
    ids=["not yet asked for", "to be decided", "done, and its answer lost"],
)
def test_an_effect_under_way_is_in_the_books_or_not(open_refund: Rows) -> None:
    under_way = look(BOOKS[:3] + open_refund, changed(INTENTS, 3, status="open"), refunded=0)

    assert money_wrongs(under_way) == []


def test_a_refund_that_came_back_is_kept_once_that_is_told() -> None:
    books = [*BOOKS[:3], effect("refund", 30, "failed")]
    untold = look(books)
    told = look(books, changed(INTENTS, 3, status="failed"), refunded=0)
    forgotten = look(books, changed(INTENTS, 3, status="failed"))

    assert money_wrongs(untold) == money_wrongs(told) == []
    assert money_wrongs(forgotten)[0].startswith("o: refunded 30, but 0 in the books")


@pytest.mark.parametrize(
    ("planted", "sentence"),
    [
        (look(changed(BOOKS, 1, amount=90)), "auth_1: {'authorize': 100, 'capture': 90, 'void': 20"),
        (look(changed(BOOKS, 1, amount=90)), "o:capture:1 is ('o', 'capture', 90) in the books, and was not"),
        (look([*BOOKS, effect("refund", 60, "pending", 2)]), "auth_1: 90 refunded of the 80 captured"),
        (look([*BOOKS, effect("refund", 1, n=2)]), "o:refund:2 is ('o', 'refund', 1) in the books, and was"),
        (look([*BOOKS, BOOKS[1]]), "o:capture:1 is 2 times in the books"),
        (look(refunded=29), "o: refunded 29, but 30 in the books, then 30, 0 of it under way"),
        (look(BOOKS[:3]), "o: refunded 30, but 0 in the books, then 0, 0 of it under way"),
        (look(captured=20), "o: refunded 30 of 20"),
        (look(documents=DOCUMENTS[:1]), "o: 50 is kept, documents say 80, and 0 has still to go back"),
        (look(refund_due=31, documents=changed(DOCUMENTS, 1, total=32)), "o: 50 is kept, documents say 48"),
        (
            look(intents=[row | {"status": "open"} for row in INTENTS[1:3]] + [INTENTS[0], INTENTS[3]]),
            "o: 2 effects are under way",
        ),
    ],
)
def test_what_must_not_be_is_found(planted: Look, sentence: str) -> None:
    assert any(wrong.startswith(sentence) for wrong in money_wrongs(planted)), money_wrongs(planted)
