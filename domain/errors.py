"""Every refusal the service can give, as one tree.

ThroughlineError
├── NotFound                 404  not there, or not yours
├── InvalidContent           422  says where, by JSON pointer
├── AboveCap                 403  more than the role may give without approval
└── StateConflict            409  true, but not now
├── IllegalTransition         a step that the tables of states do not know
├── IllegalMove               units that are not in the bucket they should leave
├── NothingToCancel
├── OrderHeld                 a hold, or an order that nobody pays, keeps the units where they are
├── FulfillmentChanged        the work asked of a location is no longer what it saw
├── ReturnWindowOver          the order has closed: nothing of it can be sent back any more
├── NotReturnable             units that cannot be sent back, or that nobody expects back
├── NotReceived               units to inspect that have not come in
├── NotRefundable             more money than is left to give back
├── NotHeld                   units or capacity that cannot be kept for a cart
├── ReservationUsed           a checkout hold that another order has used
├── AnotherOrderContent       the order number is taken by an order of other content
├── PolicyChanged             a routing policy has another version than the one to be replaced
└── PolicyAmbiguous           two routing policies would fit an order equally well
"""

from typing import ClassVar


class ThroughlineError(Exception):
    """Base of all refusals: `code` names the kind for machines, the text says what is wrong for people."""

    code: ClassVar[str] = "refused"

    @property
    def detail(self) -> str:
        """The sentence for people."""
        return str(self)


class NotFound(ThroughlineError):  # noqa: N818 (the trade says 404 Not Found)
    """There is nothing of that name, or it is not the caller's."""

    code = "not-found"


class InvalidContent(ThroughlineError):  # noqa: N818 (names what is invalid)
    """The content cannot be true. `pointer` is the JSON pointer of the part."""

    code = "invalid-content"

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.pointer = pointer


class AboveCap(ThroughlineError):  # noqa: N818 (names what is above what)
    """More money than the caller's role may give away on one order without approval."""

    code = "above-cap"


class StateConflict(ThroughlineError):  # noqa: N818 (names the conflict)
    """The request is sound, but the state of things forbids it."""

    code = "state-conflict"


class IllegalTransition(StateConflict):
    """A step that the transition table does not hold."""

    code = "illegal-transition"


class IllegalMove(StateConflict):
    """More units should leave a bucket than are in it, or by a way that is none."""

    code = "illegal-move"


class NothingToCancel(StateConflict):
    """No unit asked for can still be kept from shipping."""

    code = "nothing-to-cancel"


class OrderHeld(StateConflict):
    """Nothing may leave a location while the order is held or unpaid."""

    code = "order-held"


class FulfillmentChanged(StateConflict):
    """What the location is asked to ship changed since it last looked."""

    code = "fulfillment-changed"


class ReturnWindowOver(StateConflict):
    """The order has closed: nothing of it can be sent back any more."""

    code = "return-window-over"


class NotReturnable(StateConflict):
    """More units than the customer has and may send back, or than are expected back."""

    code = "not-returnable"


class NotReceived(StateConflict):
    """Units to inspect that have not come in, or that were inspected before."""

    code = "not-received"


class NotRefundable(StateConflict):
    """More money than was captured and has neither gone back nor been promised back."""

    code = "not-refundable"


class NotHeld(StateConflict):
    """Not all units of a cart can be kept: they are not there, or no location can ship them."""

    code = "not-available"


class ReservationUsed(StateConflict):
    """A checkout hold serves one order, and another one has used it."""

    code = "reservation-used"


class AnotherOrderContent(StateConflict):
    """(channel, order_number) belongs to an order with other content."""

    code = "order-number-taken"


class PolicyChanged(StateConflict):
    """The routing policy has another version than the one to be replaced."""

    code = "policy-changed"


class PolicyAmbiguous(StateConflict):
    """An order could fit two routing policies that are equally specific, at one time."""

    code = "policy-ambiguous"
