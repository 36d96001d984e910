"""The kinds of things that happen to orders, each read off an order's history as the service tells it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Event = Mapping[str, Any]
History = Sequence[Event]
"""The events of one order, oldest first, as GET …/events answers."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can happen to an order: its name in the table, and how a history shows it."""

    name: str
    seen: Callable[[History], bool]


def of(history: History, *types: str) -> list[Event]:
    """The events of some types."""
    return [event for event in history if event["type"] in types]


def _has(*types: str) -> Callable[[History], bool]:
    return lambda history: bool(of(history, *types))


def _told(event_type: str, **data: Any) -> Callable[[History], bool]:
    """Whether there is an event that says so."""
    wanted = data.items()
    return lambda history: any(wanted <= event["data"].items() for event in _flat(history, event_type))


def _flat(history: History, event_type: str) -> Iterator[Event]:
    """Events with those of their data that can be compared as one."""
    for event in of(history, event_type):
        plain = {name: value for name, value in event["data"].items() if not isinstance(value, list | dict)}
        yield {**event, "data": plain}


def _then(*types: str) -> Callable[[History], bool]:
    """Whether these happened one after the other, whatever else did in between."""

    def seen(history: History) -> bool:
        left = list(types)
        for event in history:
            if left and event["type"] == left[0]:
                left.pop(0)
        return not left

    return seen


def _but(seen: Callable[[History], bool], *never: str) -> Callable[[History], bool]:
    """Whether that happened, and these never."""
    return lambda history: seen(history) and not of(history, *never)


def shipped_from(history: History) -> set[str]:
    """The locations that units left from."""
    left = of(history, "fulfillment.shipped", "fulfillment.collected")
    return {event["data"]["location_id"] for event in left}


def _split(history: History) -> bool:
    return len(shipped_from(history)) > 1


def _cancelled_while_picking(history: History) -> bool:
    """A cancel came while a location had units in hand, neither packed nor shipped.

    The end of work that a cancel takes back is told before the cancel itself, as of the same moment.
    """
    until: dict[str, object] = {}
    for event in history:
        work = event["data"].get("fulfillment_id")
        if event["type"] == "fulfillment.picked":
            until[work] = None
        elif event["type"] in {"order.cancelled", "lines.cancelled"}:
            if any(end in {None, event["at"]} for end in until.values()):
                return True
        elif event["type"] in {"fulfillment.packed", "fulfillment.shipped", "fulfillment.cancelled"}:
            until = {known: end or (event["at"] if known == work else None) for known, end in until.items()}
    return False


def _cancelled_without_work(history: History) -> bool:
    return bool(of(history, "order.cancelled")) and not of(
        history, "fulfillment.picked", "payment.another_needed", "lines.backordered"
    )


def _asked_back(history: History) -> set[str]:
    """The returns that customers asked for."""
    return {event["data"]["return_id"] for event in of(history, "return.requested")}


def _receipts(history: History) -> list[Event]:
    asked = _asked_back(history)
    return [event for event in of(history, "return.received") if event["data"]["return_id"] in asked]


def _returned_elsewhere(history: History) -> bool:
    return any(event["data"]["location_id"] not in shipped_from(history) for event in _receipts(history))


def _returned_home(history: History) -> bool:
    return any(event["data"]["location_id"] in shipped_from(history) for event in _receipts(history))


def _returned_in_parts(history: History) -> bool:
    return len(_receipts(history)) > 1


def _of_several_fates(history: History) -> bool:
    """Units that came back became different things."""
    seen = [line for event in of(history, "return.inspected") for line in event["data"]["lines"]]
    return len({line["disposition"] for line in seen}) > 1


def _found(history: History) -> bool:
    """A parcel was lost, and then delivered after all."""
    lost = {event["data"]["parcel_id"] for event in of(history, "parcel.lost")}
    return any(event["data"]["parcel_id"] in lost for event in of(history, "parcel.delivered"))


def _changed(*, address: bool) -> Callable[[History], bool]:
    return _told("order.changed", address_changed=address)


def _held_and_let_go(history: History) -> bool:
    return any(event["data"]["hold_type"] != "review" for event in of(history, "hold.lifted"))


_DECLINED = "payment.authorize_declined"
_GRACE = "payment.another_needed"
_ASKED = "payment.action_required"

PAYMENT: Final = (
    Kind("declined, then paid", _then(_GRACE, "payment.brought", "payment.authorized")),
    Kind("declined, then cancelled", _but(_then(_GRACE, "order.cancelled"), "payment.authorized")),
    Kind("declined softly, then paid", _but(_then(_DECLINED, "payment.authorized"), _GRACE)),
    Kind("reviewed, released", _told("hold.lifted", hold_type="review")),
    Kind("reviewed, refused", _but(_told("hold.placed", hold_type="review"), "hold.lifted")),
    Kind("confirmed at the bank", _but(_then(_ASKED, "payment.authorized"), _GRACE)),
    Kind("not confirmed, then paid", _then(_ASKED, _GRACE, "payment.brought", "payment.authorized")),
    Kind("captured later", _then("payment.capture_pending", "payment.captured")),
    Kind("refunded later", _then("payment.refund_pending", "payment.refunded")),
    Kind("refund refused, then done", _then("payment.refund_declined", "payment.refunded")),
    Kind("capture refused, then done", _then("payment.capture_declined", "payment.captured")),
    Kind("authorization renewed", _then("payment.authorized", "payment.authorized", "payment.voided")),
)

LOCATIONS: Final = (
    Kind("split over locations", _split),
    Kind("rejected by a location", _has("fulfillment.rejected")),
    Kind("short-picked", _has("fulfillment.short_picked")),
    Kind("not answered by a location", _has("fulfillment.expired")),
    Kind("held, then let go", _held_and_let_go),
    Kind("held, hold expired", _has("hold.expired")),
)

STOCK: Final = (
    Kind("backordered, then filled", _then("lines.backordered", "line.supplied", "fulfillment.shipped")),
    Kind("told when it will come", _has("line.promise_dated")),
    Kind("backordered, then given up", _but(_then("lines.backordered", "order.cancelled"), "line.supplied")),
    Kind("displaced by a count", _has("line.displaced")),
)

PEOPLE: Final = (
    Kind("cancelled while picking", _cancelled_while_picking),
    Kind("cancelled before that", _cancelled_without_work),
    Kind("cancelled in part", _has("lines.cancelled")),
    Kind("changed: units", _changed(address=False)),
    Kind("changed: address", _changed(address=True)),
    Kind("given something back", _told("refund.owed", kind="appeasement")),
    Kind("rerouted by operations", _has("order.rerouted")),
    Kind("routed by hand", _has("order.allocated")),
    Kind("needed attention", _has("order.needs_attention")),
)

WAYS: Final = (
    Kind("delayed on the way", _told("parcel.tracked", delayed=True)),
    Kind("not met at home at first", _told("parcel.tracked", status="delivery_attempted")),
    Kind("lost by silence", _told("parcel.lost", cause="silence")),
    Kind("given up by the carrier", _told("parcel.lost", cause="failed")),
    Kind("given up, and found", _found),
    Kind("brought back to the sender", _has("parcel.returned")),
)

RETURNS: Final = (
    Kind("returned elsewhere", _returned_elsewhere),
    Kind("returned home", _returned_home),
    Kind("returned in parts", _returned_in_parts),
    Kind("of several dispositions", _of_several_fates),
    Kind("paid back as store credit", _has("store_credit.issued")),
    Kind("never sent: return expired", _has("return.expired")),
    Kind("kept: return called off", _has("return.cancelled")),
)

GROUPS: Final = (
    ("people", PEOPLE),
    ("payment", PAYMENT),
    ("locations", LOCATIONS),
    ("stock", STOCK),
    ("on the way", WAYS),
    ("returns", RETURNS),
)
"""All kinds by what they are about."""


def plain(history: History) -> bool:
    """Whether nothing of all that happened."""
    return not any(kind.seen(history) for _, kinds in GROUPS for kind in kinds)
