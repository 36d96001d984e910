"""Risk: whether an authorization is to be trusted, by rules that are data.

The rules are asked in their order, and the first that applies decides; where none does, the payment is
accepted.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from domain.payment import Check, RiskLevel, Signals


class Verdict(StrEnum):
    """What is decided about a payment."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    DECLINED = "declined"


class UnansweredReview(StrEnum):
    """What becomes of an order whose review nobody answered in its time."""

    REJECT = "reject"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is looked at.

    `amount`: what the order costs, in minor units. The counts are of orders placed within the policy's window
    of this one, itself included, up to the largest number that a rule asks for; None where no rule does.
    """

    signals: Signals
    amount: int
    currency: str
    orders_of_customer: int | None = None
    orders_to_address: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "risk": self.signals.risk.value,
            "avs": self.signals.avs.value,
            "cvc": self.signals.cvc.value,
            "three_d_secure": self.signals.three_d_secure.value,
            "amount": self.amount,
            "currency": self.currency,
            "orders_of_customer": self.orders_of_customer,
            "orders_to_address": self.orders_to_address,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """Applies when all that it asks for is the case; what is None or empty is not asked for.

    `amount`: from how many minor units on, by currency; an order of another currency is not meant. The
    counts: from how many orders on.
    """

    name: str
    then: Verdict
    risk: frozenset[RiskLevel] = frozenset()
    avs: frozenset[Check] = frozenset()
    cvc: frozenset[Check] = frozenset()
    three_d_secure: frozenset[Check] = frozenset()
    amount: Mapping[str, int] = field(default_factory=dict)
    orders_of_customer: int | None = None
    orders_to_address: int | None = None

    @property
    def needs_signals(self) -> bool:
        """Whether it asks for what only a provider can tell."""
        return bool(self.risk or self.avs or self.cvc or self.three_d_secure)

    def applies(self, facts: Facts) -> bool:
        """Whether the rule decides."""
        return all(self._asked(facts))

    def _asked(self, facts: Facts) -> Iterable[bool]:
        told = facts.signals
        yield not self.risk or told.risk in self.risk
        yield not self.avs or told.avs in self.avs
        yield not self.cvc or told.cvc in self.cvc
        yield not self.three_d_secure or told.three_d_secure in self.three_d_secure
        yield not self.amount or facts.amount >= self.amount.get(facts.currency, facts.amount + 1)
        yield _reached(self.orders_of_customer, facts.orders_of_customer)
        yield _reached(self.orders_to_address, facts.orders_to_address)


def _reached(least: int | None, counted: int | None) -> bool:
    return least is None or (counted is not None and counted >= least)


PROVIDERS_OWN: Final = (
    Rule("the provider sees the highest risk", Verdict.DECLINED, risk=frozenset({RiskLevel.HIGHEST})),
    Rule("the provider asks for a review", Verdict.REVIEW, risk=frozenset({RiskLevel.REVIEW})),
)
"""What a provider says is done, and nothing else is looked for."""


@dataclass(frozen=True, slots=True)
class RiskPolicy:
    """The rules, and the window of an order in which others are counted: so long before it, and after."""

    rules: tuple[Rule, ...] = PROVIDERS_OWN
    window: timedelta = timedelta(hours=24)

    @property
    def without_signals(self) -> "RiskPolicy":
        """The rules that can be asked before any provider was."""
        return replace(self, rules=tuple(rule for rule in self.rules if not rule.needs_signals))

    @property
    def most_of_customer(self) -> int:
        """How far orders of a customer have to be counted; 0 for not at all."""
        return max((rule.orders_of_customer or 0 for rule in self.rules), default=0)

    @property
    def most_to_address(self) -> int:
        """How far orders to an address have to be counted; 0 for not at all."""
        return max((rule.orders_to_address or 0 for rule in self.rules), default=0)


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and the name of the rule that gave it; None when no rule applied."""

    verdict: Verdict
    rule: str | None


def decide(policy: RiskPolicy, facts: Facts) -> Decision:
    """Decide by the first rule that applies."""
    for rule in policy.rules:
        if rule.applies(facts):
            return Decision(rule.then, rule.name)
    return Decision(Verdict.ACCEPTED, None)


_ZIP: Final = 5


def address_digest(address: Mapping[str, Any]) -> str:
    """A digest that is the same for the same place, however it is written; the name is not looked at.

    Case, accents, spaces and signs do not count, nor what stands in which of the two lines, nor the last four
    digits of a US code.
    """
    names = ("line1", "line2", "city", "region", "postal_code", "country")
    line1, line2, city, region, code, country = (_plain(address.get(name) or "") for name in names)
    code = code[:_ZIP] if country == "us" else code
    parts = (line1 + line2, city, region, code, country)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())
