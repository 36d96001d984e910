"""What the contract suite needs of one provider: tokens that behave, and ways to watch and to disturb it.

A provider takes part by a class of its own, which inherits the parts of the suite that apply to it (of
`contract_money.py` `SeveralCaptures` or `SingleCapture`, of `contract_keys.py`, `contract_notices.py` and
`contract_refunds.py` all) and gives the fixture `bench`:

    class TestStripe(SeveralCaptures, KeyContract, LookUpContract, ActionContract, NoticeContract):
        @pytest.fixture
        def bench(self, ...) -> Bench: ...
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.payment import ActionRequired, PaymentProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Means of payment, by how they behave; captures, voids and refunds follow their authorization's.

    `soft`: an order's first authorization is softly declined, the next one is not. `late`: each effect is
    in time, its first answer comes later than `Bench.hasty` waits. `…_later`: answered Pending, and told by
    a notice. `refund_comes_back`: the first refund succeeds at once, and fails later. A part of the suite
    names the tokens it needs; empty ones are for parts that are left out.
    """

    good: str
    declined: str
    soft: str
    late: str
    action: str = ""
    captured_later: str = ""
    capture_fails_later: str = ""
    refunded_later: str = ""
    refund_fails_later: str = ""
    refund_comes_back: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it arrived, or as it might."""

    headers: Mapping[str, str]
    body: bytes


class Bench(Protocol):
    """One provider, set up for the suite."""

    @property
    def tokens(self) -> Tokens:
        """The provider's tokens."""
        ...

    @property
    def provider(self) -> PaymentProvider:
        """Waits for late answers."""
        ...

    @property
    def hasty(self) -> PaymentProvider:
        """The same books; gives up after `hasty_limit`, which is shorter than a late answer takes."""
        ...

    @property
    def hasty_limit(self) -> timedelta:
        """How long `hasty` waits."""
        ...

    @property
    def unreachable(self) -> PaymentProvider:
        """Nobody listens where it asks."""
        ...

    async def end_action(self, required: ActionRequired, *, passed: bool) -> None:
        """Do what the customer does at the url: confirm, or fail to."""
        ...

    async def delivered(self, order_id: str) -> list[Delivery]:
        """Return what has arrived so far that is about an order, in the order of its arrival."""
        ...

    def signed(self, body: bytes, *, at: datetime) -> Delivery:
        """Return a message that has the provider's own good signature, of that moment."""
        ...
