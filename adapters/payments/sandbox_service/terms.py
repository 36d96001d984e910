"""On what terms the provider works: its times, its fees, and where it tells its news."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from adapters.payments.sandbox_service.tokens import Script


@dataclass(frozen=True, slots=True)
class FeeRule:
    """What the provider keeps of a capture: a share in thousandths, rounded half up, and a fixed part."""

    per_mille: int = 0
    fixed: int = 0

    def of(self, amount: int) -> int:
        """Return the fee in minor units, never more than the amount itself."""
        return min(amount, (amount * self.per_mille + 500) // 1000 + self.fixed)


@dataclass(frozen=True, slots=True)
class NoticeAddress:
    """Where notices go, and the Standard Webhooks secret (`whsec_…`) that signs them.

    `url`: its `{account}`, when it has one, stands for the account's name.
    """

    url: str
    secret: str

    def of(self, account: str) -> str:
        """Return where an account's notices go."""
        return self.url.replace("{account}", account)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Terms:
    """The provider's terms.

    `late_answer`: how long tok_timeout_once keeps its callers waiting. `short_validity`: how long an
    authorization of tok_expires_soon holds. `settles_after`: how long what is decided later takes.
    `comes_back_after`: how long a refund that is to come back counts as gone. Without `notices` the news
    waits in the books until there is somebody to tell. `clock` tells when authorizations are made, whether
    they have ended, and whether what is decided later is due.
    """

    late_answer: timedelta = timedelta(seconds=6)
    short_validity: timedelta = timedelta(seconds=60)
    settles_after: timedelta = timedelta(seconds=1)
    fees: FeeRule = FeeRule()
    notices: NoticeAddress | None = None
    clock: Callable[[], datetime] = _now
    comes_back_after: timedelta = timedelta(seconds=3)

    def end_of(self, script: Script, now: datetime) -> datetime | None:
        """Tell when an authorization made now ends; None for one that holds for ever."""
        valid_for = self.short_validity if script.expires_soon else script.valid_for
        return None if valid_for is None else now + valid_for
