"""What looks like a card number is refused, and little else is."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.card_numbers import has_card_number

VISA = "4111111111111111"
SEPARATORS = st.sampled_from(["", " ", "-", "  ", "\u00a0", "\u2011", " - "])


def check_digit(digits: str) -> str:
    doubled = [int(d) * 2 if place % 2 == 0 else int(d) for place, d in enumerate(reversed(digits))]
    return str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "3782 822463 10005",
        "call me, my card is 4111 1111 1111 1111!",
        "12 4111 1111 1111 1111 99",
        "\uff14\uff11\uff11\uff11 1111 1111 1111",
        "6304000000000000000",
    ],
)
def test_a_card_number_is_found(text: str) -> None:
    assert has_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4111111111111112",
        "411111111111",
        "+1 212 555 0100",
        "1Z999AA10123456784",
        VISA + "0000",
        "4111.1111",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert not has_card_number(text)


@given(st.text("0123456789", min_size=12, max_size=18), st.data())
def test_every_luhn_number_of_13_to_19_digits_is_found_however_it_is_parted(
    digits: str, data: st.DataObject
) -> None:
    number = digits + check_digit(digits)

    parted = "".join(digit + data.draw(SEPARATORS) for digit in number[:-1]) + number[-1]

    assert has_card_number(f"card {parted} thanks")


@given(st.text("0123456789", min_size=12, max_size=18))
def test_a_number_of_digits_without_spaces_is_looked_at_as_a_whole(digits: str) -> None:
    wrong = str((int(check_digit(digits)) + 1) % 10)

    assert not has_card_number(digits + wrong)


@pytest.mark.parametrize("field", ["name", "note"])
async def test_a_card_number_is_refused_by_pointer_and_not_repeated(
    storefront: httpx.AsyncClient, field: str
) -> None:
    answer = await storefront.post("/probe", json={field: "4111 1111-1111 1111"})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
    assert "4111" not in answer.text


async def test_an_id_may_look_like_a_card_number(storefront: httpx.AsyncClient) -> None:
    answer = await storefront.post("/probe", json={"lines": [{"sku": VISA, "quantity": 1}]})

    assert answer.status_code == 200
