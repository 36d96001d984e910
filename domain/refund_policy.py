"""What a customer gets back beyond or below what units cost: fees, shipping, and what roles may give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_WHOLE: Final = 1000
"""Per mille."""


class RefundKind(StrEnum):
    """Why money goes back."""

    APPEASEMENT = "appeasement"
    """Somebody gave it, and nothing came back for it."""

    RETURN = "return"
    UNDELIVERED = "undelivered"
    """Units were lost, or a carrier brought them back."""


class RefundStatus(StrEnum):
    """Where a refund stands."""

    OWED = "owed"
    """Something of it has still to go."""

    PAID = "paid"
    CREDIT = "credit"
    """All of it is credit that the customer has."""

    WRITTEN_OFF = "written_off"
    """Nothing of it will go any more, and not all of it has gone."""


class AdjustmentKind(StrEnum):
    """What makes a refund differ from what its units cost."""

    RESTOCKING_FEE = "restocking_fee"
    SHIPPING = "shipping"
    GIVEN_BEFORE = "given_before"
    """What the customer has, or is to have, back already is not given twice."""

    NOT_PAID = "not_paid"
    """What the customer never paid, and nobody pursues, is not given back."""


class ShippingBack(StrEnum):
    """When the shipping goes back with the last units that a customer returns."""

    NEVER = "never"
    SELLERS_FAULT = "sellers_fault"
    EVERYTHING_RETURNED = "everything_returned"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A part of a refund that is not the price of a unit: `amount` in minor units, negative when kept."""

    kind: AdjustmentKind
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """What is kept of what returned units cost, and whether the shipping goes with them.

    `fee_per_mille` of their price and `fee_per_unit` in minor units by currency (none for one that is not
    named), never more than they cost; `grades` has another share for what came back in a condition that its
    inspector named so. Reasons that are the seller's fault cost no fee.
    """

    fee_per_mille: int = 0
    fee_per_unit: Mapping[str, int] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=dict)
    sellers_faults: frozenset[str] = frozenset()
    shipping_back: ShippingBack = ShippingBack.NEVER

    def is_sellers_fault(self, reason: str) -> bool:
        """Whether a customer's words are one of the codes, in whatever case, with spaces or hyphens."""
        code = "_".join(reason.casefold().replace("-", " ").replace("_", " ").split())
        return code in self.sellers_faults

    def restocking_fee(
        self, worth: int, units: int, currency: str, *, reason: str, grade: str | None = None
    ) -> int:
        """What is kept of `units` that cost `worth`, in minor units; fractions are the customer's."""
        if self.is_sellers_fault(reason):
            return 0
        share = self.fee_per_mille if grade is None else self.grades.get(grade, self.fee_per_mille)
        return min(worth * share // _WHOLE + self.fee_per_unit.get(currency, 0) * units, worth)

    def gives_shipping_back(self, reasons: Iterable[str]) -> bool:
        """Whether the shipping goes back when nothing is left with a customer who returned for `reasons`."""
        if self.shipping_back is ShippingBack.SELLERS_FAULT:
            return all(self.is_sellers_fault(reason) for reason in reasons)
        return self.shipping_back is ShippingBack.EVERYTHING_RETURNED


@dataclass(frozen=True, slots=True)
class LeftToGive:
    """What the customer pays and was not given back, in minor units, and what is not in it.

    `unpaid`: what is written off of the payment. `given`: what was given without units, and no refund has
    been less for.
    """

    amount: int
    unpaid: int = 0
    given: int = 0


def limited(worth: int, adjustments: Iterable[Adjustment], left: LeftToGive) -> tuple[int, list[Adjustment]]:
    """The refund for units that cost `worth`, and what makes the difference; never more than is left."""
    made = [one for one in adjustments if one.amount]
    amount = worth + sum(one.amount for one in made)
    over = max(amount - max(left.amount, 0), 0)
    unpaid = min(max(over - left.given, 0), left.unpaid)
    if over > unpaid:
        reason = "no more is left to give back"
        made.append(Adjustment(AdjustmentKind.GIVEN_BEFORE, unpaid - over, reason))
    if unpaid:
        made.append(Adjustment(AdjustmentKind.NOT_PAID, -unpaid, "its payment was written off"))
    return amount - over, made


def status_of_refund(amount: int, *, paid: int, written_off: int, credit: int) -> RefundStatus:
    """Where a refund stands; `credit` is how much of `amount` is to be credit, minor units all."""
    if paid + written_off < amount:
        return RefundStatus.OWED
    if written_off:
        return RefundStatus.WRITTEN_OFF
    return RefundStatus.CREDIT if credit == amount else RefundStatus.PAID
