"""How Stripe refuses: an error object under a status, with the parameter or the intent it is about."""

from typing import Any


class Refusal(Exception):  # noqa: N818 (the trade's word; it is an error by its base)
    """Raised wherever a request ends without its effect; `facts` are the error object's further fields."""

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error", **facts: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.content = {"error": {"type": kind, "message": message, **facts}}


def impossible(message: str, **facts: Any) -> Refusal:
    return Refusal(400, message, **facts)


def unknown(noun: str, reference: str, param: str) -> Refusal:
    return Refusal(404, f"No such {noun}: {reference!r}", code="resource_missing", param=param)
