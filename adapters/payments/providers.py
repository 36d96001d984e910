"""Which payment providers there are, by the name an order's payment gives."""

from collections.abc import Mapping

import httpx

from adapters.payments.sandbox import SandboxPayments
from adapters.payments.stripe_payments import Connection, StripePayments
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
    """The installation's payment providers, by name.

    `same_books`: names whose effects are in the books of another name.
    """

    def __init__(
        self, by_name: Mapping[str, PaymentProvider], same_books: Mapping[str, str] | None = None
    ) -> None:
        self._by_name = dict(by_name)
        self._same_books = dict(same_books or {})

    def named(self, name: str) -> PaymentProvider:
        """Return the provider. UnknownProvider when there is none of that name."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownProvider(name) from None

    def books(self) -> dict[str, tuple[str, ...]]:
        """Whose books there are, each with the names of all providers whose effects are in them."""
        keepers: dict[str, tuple[str, ...]] = {}
        for name in self._by_name:
            keeper = self._same_books.get(name, name)
            keepers[keeper] = (*keepers.get(keeper, ()), name)
        return keepers


def payment_providers(http: httpx.AsyncClient, settings: Settings) -> PaymentProviders:
    """Return the providers that the settings name: `stripe` is there when its key is.

    `sandbox_single` is the sandbox with authorizations that can be captured only once.
    """
    secret = settings.psp_notice_secret
    sandbox, single = (
        SandboxPayments(
            http,
            settings.psp_url,
            settings.psp_timeout,
            notice_secret=secret.get_secret_value() if secret else None,
            several_captures=several,
        )
        for several in (True, False)
    )
    return PaymentProviders(
        {"sandbox": sandbox, "sandbox_single": single, **_stripe(http, settings)},
        same_books={"sandbox_single": "sandbox"},
    )


def _stripe(http: httpx.AsyncClient, settings: Settings) -> dict[str, PaymentProvider]:
    key, secret = settings.stripe_api_key, settings.stripe_webhook_secret
    if key is None or secret is None or settings.stripe_return_url is None:  # the settings give all or none
        return {}
    connection = Connection(http, key.get_secret_value(), settings.stripe_url, settings.stripe_timeout)
    stripe = StripePayments(
        connection,
        settings.stripe_timeout,
        notice_secret=secret.get_secret_value(),
        return_url=settings.stripe_return_url,
        several_captures=settings.stripe_several_captures,
    )
    return {"stripe": stripe}
