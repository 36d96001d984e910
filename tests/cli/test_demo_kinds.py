"""What happened to an order is read off its history alone."""

from typing import Any

import pytest

from cli.demo_run.kinds import GROUPS, Event, plain

KINDS = {kind.name: kind for _, kinds in GROUPS for kind in kinds}


def told(*events: str | tuple[str, dict[str, Any]], at: str = "now") -> list[Event]:
    """A history of these events; the data of each after its type."""
    pairs = [(one, {}) if isinstance(one, str) else one for one in events]
    return [
        {"seq": seq, "type": kind, "at": data.pop("at", at + str(seq)), "actor": "ops", "data": data}
        for seq, (kind, data) in enumerate(pairs, start=1)
    ]


def work(step: str, location: str = "east", number: int = 1, **data: Any) -> tuple[str, dict[str, Any]]:
    return f"fulfillment.{step}", {"fulfillment_id": f"f{number}", "location_id": location, **data}


def back(step: str, **data: Any) -> tuple[str, dict[str, Any]]:
    return f"return.{step}", {"return_id": "r1", **data}


DECLINED, GRACE = "payment.authorize_declined", "payment.another_needed"
ASKED = "payment.action_required"
LOOKED_AT = [{"disposition": "restock"}, {"disposition": "scrap"}]

SEEN = {
    "declined, then paid": told(DECLINED, GRACE, "payment.brought", "payment.authorized"),
    "declined, then cancelled": told(DECLINED, GRACE, "order.cancelled"),
    "declined softly, then paid": told(DECLINED, "payment.authorized"),
    "reviewed, released": told(
        ("hold.placed", {"hold_type": "review"}), ("hold.lifted", {"hold_type": "review"})
    ),
    "reviewed, refused": told(("hold.placed", {"hold_type": "review", "blocks": []}), "order.cancelled"),
    "confirmed at the bank": told(ASKED, "payment.authorized"),
    "not confirmed, then paid": told(ASKED, GRACE, "payment.brought", "payment.authorized"),
    "captured later": told("payment.capture_pending", "payment.captured"),
    "refunded later": told("payment.refund_pending", "payment.refunded"),
    "refund refused, then done": told("payment.refund_declined", "payment.refunded"),
    "capture refused, then done": told("payment.capture_declined", "payment.captured"),
    "authorization renewed": told("payment.authorized", "payment.authorized", "payment.voided"),
    "split over locations": told(work("shipped"), work("shipped", "west", 2)),
    "rejected by a location": told(work("rejected")),
    "short-picked": told(work("short_picked")),
    "not answered by a location": told(work("expired")),
    "held, then let go": told(("hold.lifted", {"hold_type": "fraud"})),
    "held, hold expired": told("hold.expired"),
    "backordered, then filled": told("lines.backordered", "line.supplied", work("shipped")),
    "told when it will come": told("line.promise_dated"),
    "backordered, then given up": told("lines.backordered", "order.cancelled"),
    "displaced by a count": told("line.displaced"),
    "cancelled while picking": told(
        work("picked"), work("cancelled", at="then"), ("order.cancelled", {"at": "then"})
    ),
    "cancelled before that": told("order.placed", "order.cancelled"),
    "cancelled in part": told("lines.cancelled"),
    "changed: units": told(("order.changed", {"address_changed": False})),
    "changed: address": told(("order.changed", {"address_changed": True})),
    "given something back": told(("refund.owed", {"kind": "appeasement"})),
    "rerouted by operations": told("order.rerouted"),
    "routed by hand": told("order.allocated"),
    "needed attention": told("order.needs_attention"),
    "delayed on the way": told(("parcel.tracked", {"delayed": True})),
    "not met at home at first": told(("parcel.tracked", {"status": "delivery_attempted"})),
    "lost by silence": told(("parcel.lost", {"parcel_id": "p1", "cause": "silence"})),
    "given up by the carrier": told(("parcel.lost", {"parcel_id": "p1", "cause": "failed"})),
    "given up, and found": told(
        ("parcel.lost", {"parcel_id": "p1", "cause": "failed"}), ("parcel.delivered", {"parcel_id": "p1"})
    ),
    "brought back to the sender": told("parcel.returned"),
    "returned elsewhere": told(work("shipped"), back("requested"), back("received", location_id="west")),
    "returned home": told(work("shipped"), back("requested"), back("received", location_id="east")),
    "returned in parts": told(
        back("requested"), back("received", location_id="east"), back("received", location_id="west")
    ),
    "of several dispositions": told(back("inspected", lines=LOOKED_AT)),
    "paid back as store credit": told("store_credit.issued"),
    "never sent: return expired": told(back("expired")),
    "kept: return called off": told(back("cancelled")),
}

NOT_SEEN = {
    "confirmed at the bank": told(ASKED, GRACE, "payment.brought", "payment.authorized"),
    "given something back": told(("refund.owed", {"kind": "return"})),
    "captured later": told("payment.captured", "payment.capture_pending"),
    "given up, and found": told(
        ("parcel.lost", {"parcel_id": "p1", "cause": "failed"}), ("parcel.delivered", {"parcel_id": "p2"})
    ),
    "declined, then paid": told(DECLINED, GRACE, "payment.brought", DECLINED),
    "declined, then cancelled": told(DECLINED, GRACE, "payment.authorized", "order.cancelled"),
    "split over locations": told(work("shipped"), work("shipped", "east", 2)),
    "backordered, then filled": told("lines.backordered", "order.cancelled"),
    "cancelled while picking": told(work("picked"), work("packed"), "order.cancelled"),
    "reviewed, refused": told(
        ("hold.placed", {"hold_type": "review"}), ("hold.lifted", {"hold_type": "review"})
    ),
    "returned elsewhere": told(work("shipped"), back("received", location_id="west")),
    "held, then let go": told(("hold.lifted", {"hold_type": "review"})),
}


def test_every_kind_has_its_history() -> None:
    assert SEEN.keys() == KINDS.keys()


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_seen_in_a_history_of_it(name: str) -> None:
    assert KINDS[name].seen(SEEN[name])
    assert not plain(SEEN[name])


@pytest.mark.parametrize("name", NOT_SEEN)
def test_a_kind_is_not_seen_where_it_only_looks_alike(name: str) -> None:
    assert not KINDS[name].seen(NOT_SEEN[name])


def test_an_order_that_goes_as_it_should_is_of_no_kind() -> None:
    assert plain(told("order.placed", "payment.authorized", work("picked"), work("packed"), work("shipped")))
