"""Which payment providers there are, by the name an order's payment gives."""

from collections.abc import Mapping

import httpx

from adapters.payments.sandbox import SANDBOX, SANDBOX_SINGLE, SandboxAccount, SandboxPayments
from config.settings import Settings
from domain.errors import InvalidContent
from domain.payment import PaymentProvider


class UnknownProvider(InvalidContent):
    """An order names a payment provider that this installation does not have."""

    code = "unknown-payment-provider"

    def __init__(self, name: str) -> None:
        super().__init__(f"no payment provider is named {name!r}", "/payment/provider")
        self.name = name


class PaymentProviders:
    """The installation's payment providers, by name; each has books of its own."""

    def __init__(self, by_name: Mapping[str, PaymentProvider]) -> None:
        self._by_name = dict(by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all."""
        return tuple(self._by_name)

    def named(self, name: str) -> PaymentProvider:
        """Return the provider. UnknownProvider when there is none of that name."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownProvider(name) from None


def payment_providers(http: httpx.AsyncClient, settings: Settings) -> PaymentProviders:
    """Return the providers that the settings name: `stripe` is there when its key is."""
    sandboxes = {account.name: _sandbox(http, settings, account) for account in (SANDBOX, SANDBOX_SINGLE)}
    return PaymentProviders({**sandboxes, **_stripe(http, settings)})


def _sandbox(http: httpx.AsyncClient, settings: Settings, account: SandboxAccount) -> SandboxPayments:
    secret = settings.psp_notice_secret
    return SandboxPayments(
        http,
        settings.psp_url,
        settings.psp_timeout,
        notice_secret=secret.get_secret_value() if secret else None,
        account=account,
    )


def _stripe(http: httpx.AsyncClient, settings: Settings) -> dict[str, PaymentProvider]:
    key, secret = settings.stripe_api_key, settings.stripe_webhook_secret
    if key is None or secret is None or settings.stripe_return_url is None:  # the settings give all or none
        return {}
    from adapters.payments.stripe_payments import (  # noqa: PLC0415  # a long import that few installations need
        Connection,
        StripePayments,
    )

    connection = Connection(http, key.get_secret_value(), settings.stripe_url, settings.stripe_timeout)
    stripe = StripePayments(
        connection,
        settings.stripe_timeout,
        notice_secret=secret.get_secret_value(),
        return_url=settings.stripe_return_url,
        several_captures=settings.stripe_several_captures,
    )
    return {"stripe": stripe}
