"""Idempotency as Stripe's API v1 has it: the first answer is kept for a day, whatever it was."""

from dataclasses import dataclass
from typing import Any, Final

from tests.adapters.payments.stripe_shaped.refusal import Refusal

_KEPT_SECONDS: Final = 24 * 3600


@dataclass
class Kept:
    """What is known of a key; without an answer its first request is still under way."""

    request: object
    since: int
    answer: tuple[int, Any] | None = None


class Keys:
    """The keys of one account, over all its endpoints."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def take(self, key: str, request: object, now: int) -> tuple[int, Any] | None:
        """Return the kept answer, or take the key for a request that is to be carried out.

        Refused while another request of the key is under way, and for a request that is not the first one's.
        """
        kept = self._kept.get(key)
        if kept is None or kept.since + _KEPT_SECONDS <= now:
            self._kept[key] = Kept(request, now)
            return None
        if kept.request != request:
            message = "A key can be used again only for the same endpoint and parameters"
            raise Refusal(400, message, kind="idempotency_error")
        if kept.answer is None:
            message = "Another request of this key is under way"
            raise Refusal(409, message, code="idempotency_key_in_use")
        return kept.answer

    def keep(self, key: str, status: int, content: Any) -> None:
        """Remember the answer: the endpoint has begun its work."""
        self._kept[key].answer = (status, content)

    def let_go(self, key: str) -> None:
        """Forget a key whose request was not begun."""
        self._kept.pop(key, None)
