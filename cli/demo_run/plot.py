"""What fate has in store for each order: its plot, drawn from the seed, so that a run can be had again."""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Payment(StrEnum):
    """How the customer pays, and what comes of it."""

    PAYS = "pays"
    PAYS_LATER = "is declined, brings another token"
    NEVER_PAYS = "is declined, and nothing more is heard"
    GIVES_UP = "is declined, and cancels"
    SHORT_OF_MONEY = "is declined softly once"
    SLOW = "the provider answers late"
    PROVIDER_DOWN = "the provider is down at first"
    REVIEWED = "is reviewed and released"
    REFUSED = "is reviewed and refused"
    SHORT_LIVED = "the authorization ends soon"
    CAPTURE_FAILS = "the first capture is refused"
    CONFIRMS = "the bank asks the customer, who confirms it"
    CONFIRMS_NOT = "the bank asks the customer, who fails, and brings another token"
    TAKEN_LATER = "captures are decided later"
    REPAID_LATER = "refunds are decided later"
    REFUND_FAILS = "the first refund is refused"


class Wish(StrEnum):
    """What the customer comes to wish between the order and the parcel."""

    KEEP = "keep"
    CANCEL_EARLY = "cancel early"
    CANCEL_UNIT_EARLY = "cancel a unit early"
    CANCEL_PICKING = "cancel while picking"
    CANCEL_UNIT_PICKING = "cancel a unit while picking"
    CANCEL_SHIPPING = "cancel at the moment of shipping"
    MORE = "one unit more"
    MOVE = "another address"


class Snag(StrEnum):
    """What comes between the order and its first location."""

    NONE = "none"
    REJECTED = "the location rejects it"
    SHORT = "the location finds less than it should have"
    UNANSWERED = "the location does not answer"
    REROUTED = "operations route it elsewhere"
    SUSPECTED = "somebody suspects fraud, and then does not"
    ADDRESS_CHECKED = "the address is looked at, for some seconds"
    MANUAL = "a person picks the location"


class Way(StrEnum):
    """Where the carrier takes the order's first parcel."""

    TO_THE_DOOR = "to the door"
    SILENCE = "nothing is heard of it any more"
    GIVEN_UP = "the carrier gives it up"
    FOUND = "the carrier gives it up, and finds it"
    TO_SENDER = "back to the sender"


class Back(StrEnum):
    """What the customer sends back of what arrived."""

    NOTHING = "nothing"
    ELSEWHERE = "to another location than it came from"
    HOME = "to where it came from"
    NEVER_SENT = "asked for, and never sent"
    CALLED_OFF = "asked for, and called off"
    APPEASED = "nothing, but something is given back for the dent"


class Demand(StrEnum):
    """How what the customer wants goes with what there is."""

    AS_IT_IS = "as it is"
    TOGETHER = "several things together"
    SOLD_OUT = "something that is sold out"


@dataclass(frozen=True, slots=True)
class Plot:
    """One order's fate, question by question."""

    payment: Payment = Payment.PAYS
    wish: Wish = Wish.KEEP
    snag: Snag = Snag.NONE
    way: Way = Way.TO_THE_DOOR
    back: Back = Back.NOTHING
    demand: Demand = Demand.AS_IT_IS

    @property
    def token(self) -> str:
        """What the customer pays with at first."""
        return _TOKENS[self.payment]

    @property
    def pays(self) -> bool:
        """Whether money is set aside in the end, as far as it is up to the customer."""
        return self.payment not in {Payment.NEVER_PAYS, Payment.GIVES_UP, Payment.REFUSED}

    @property
    def meant(self) -> bool:
        """Whether the order lives long enough for locations to do something about it."""
        return self.pays and self.wish is not Wish.CANCEL_EARLY


_TOKENS: Final = {
    Payment.PAYS: "tok_ok",
    Payment.PAYS_LATER: "tok_declined",
    Payment.NEVER_PAYS: "tok_declined",
    Payment.GIVES_UP: "tok_declined",
    Payment.SHORT_OF_MONEY: "tok_insufficient_then_ok",
    Payment.SLOW: "tok_timeout_once",
    Payment.PROVIDER_DOWN: "tok_down_3",
    Payment.REVIEWED: "tok_review",
    Payment.REFUSED: "tok_review",
    Payment.SHORT_LIVED: "tok_expires_soon",
    Payment.CAPTURE_FAILS: "tok_capture_fails",
    Payment.CONFIRMS: "tok_3ds",
    Payment.CONFIRMS_NOT: "tok_3ds",
    Payment.TAKEN_LATER: "tok_capture_pending",
    Payment.REPAID_LATER: "tok_refund_pending",
    Payment.REFUND_FAILS: "tok_refund_fails",
}


@dataclass(frozen=True, slots=True)
class Basket:
    """An order to be placed: the body of the POST, its fate, and what its freight cost in real life."""

    body: dict[str, Any]
    plot: Plot
    freight_paid: int | None = None

    @property
    def number(self) -> str:
        """The storefront's order number."""
        return str(self.body["order_number"])


def chance(*names: object) -> random.Random:
    """A source of chance of its own for each name, so that timing does not change what is drawn."""
    return random.Random(" ".join(str(name) for name in names))  # noqa: S311 (a game)
