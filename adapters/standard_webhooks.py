"""Proof of who sent a message, as Standard Webhooks signs it."""

from collections.abc import Mapping

from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError


class BadProof(Exception):  # noqa: N818 (the trade's word)
    """The sender did not prove who it is."""


def verify(body: bytes, headers: Mapping[str, str], secret: str) -> None:
    """Check the signature, which may be five minutes old; raises BadProof.

    The library raises whatever comes of malformed headers or secrets: all of it is a bad proof.
    """
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (
        EmptyWebhookSecretError,
        WebhookVerificationError,
        ValueError,
        KeyError,
        TypeError,
        OverflowError,
    ) as error:
        raise BadProof from error
