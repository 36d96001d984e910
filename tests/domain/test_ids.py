"""Derived names: the same thing always has the same one, and two things never share one."""

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import effect_key, fulfillment_id, order_id, parcel_id, workflow_id

NAMES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=40)


def test_an_orders_id_is_pinned_for_ever() -> None:
    assert order_id("web", "W-1001") == "ord_ibtmqqlf5cz7lmo2f6xdxy2s"


@given(NAMES, NAMES, NAMES, NAMES)
def test_other_channels_or_numbers_give_other_ids(one: str, two: str, three: str, four: str) -> None:
    same = (one, two) == (three, four)

    assert (order_id(one, two) == order_id(three, four)) == same


@given(NAMES, NAMES)
def test_ids_are_plain_letters_and_digits(channel: str, number: str) -> None:
    kind, _, rest = order_id(channel, number).partition("_")

    assert kind == "ord"
    assert rest.isascii()
    assert rest.isalnum()
    assert rest == rest.lower()


def test_names_below_an_order_tell_whose_they_are() -> None:
    order = order_id("web", "W-1")
    work = fulfillment_id(order, 2)

    assert work == f"ful_{order[4:]}_2"
    assert parcel_id(work, 3) == f"par_{order[4:]}_2_3"
    assert effect_key(order, "capture", 2) == f"{order}:capture:2"
    assert workflow_id(order) == f"order:{order}"
