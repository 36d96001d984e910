"""Typed settings, read once at each process's root and passed down from there."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.iso_codes import CURRENCIES
from domain.refund_policy import ReturnPolicy, ShippingBack
from domain.risk import UnansweredReview
from domain.settlement import SingleCapture
from domain.tax import MissingRate, TaxSource

PerMille = Annotated[int, Field(ge=0, le=1000)]
Amount = Annotated[int, Field(ge=0)]


def _a_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("no currency of ISO 4217, in capitals")
    return code


Currency = Annotated[str, AfterValidator(_a_currency)]


RoutingPreset = Literal[
    "lowest_cost", "fewest_shipments", "fastest", "all_in_one_first", "priority_list", "fewest_then_nearest"
]


class Settings(BaseSettings):
    """Everything a process can be told from its environment (prefix `OMS_`, but for the two URLs).

    Durations take ISO 8601 (`P30D`, `PT5M`) or seconds.
    """

    model_config = SettingsConfigDict(env_prefix="OMS_", frozen=True, extra="ignore", populate_by_name=True)

    database_url: str = Field(default="postgresql://localhost/throughline", validation_alias="DATABASE_URL")
    database_pool_size: int = Field(default=10, ge=1)
    temporal_address: str = Field(default="localhost:7233", validation_alias="TEMPORAL_ADDRESS")
    temporal_namespace: str = Field(default="default", validation_alias="TEMPORAL_NAMESPACE")

    psp_url: str = "http://127.0.0.1:8090"
    psp_timeout: timedelta = timedelta(seconds=3)
    psp_attempts: int = Field(default=10, ge=1)
    """Calls of one payment step without an answer before the order is parked."""

    psp_notice_url: str | None = None
    """Where the sandbox provider sends its notices, `…/v1/payments/{account}/notices`; without this and the
    secret they wait in its books."""

    psp_notice_secret: SecretStr | None = None
    """`whsec_…`, what the sandbox provider signs its notices with; both sides need it."""

    psp_fee_per_mille: int = Field(default=0, ge=0, le=1000)
    """What the sandbox provider keeps of each capture, beside `psp_fee_fixed` (minor units)."""

    psp_fee_fixed: int = Field(default=0, ge=0)

    stripe_api_key: SecretStr | None = None
    """The secret, or a restricted, key of a Stripe account; with it there is a provider named `stripe`, and
    the next two are needed."""

    stripe_webhook_secret: SecretStr | None = None
    """`whsec_…` of the webhook endpoint at Stripe."""

    stripe_return_url: str | None = None
    """The storefront's page that customers come back to after 3-D Secure."""

    stripe_url: str = "https://api.stripe.com"
    stripe_timeout: timedelta = timedelta(seconds=12)
    stripe_several_captures: bool = True
    """Asks Stripe for multicapture; False for an account that Stripe does not offer it to."""

    soft_decline_retry: timedelta = timedelta(minutes=1)
    """Pause before a payment that was softly declined is tried again."""

    soft_declines: int = Field(default=3, ge=1)
    """Soft declines of one means of payment that count as a hard one."""

    soft_decline_schedule: Annotated[tuple[timedelta, ...], NoDecode] = ()
    """The pauses after each soft decline, separated by commas, in place of the two settings above."""

    payment_look_up: timedelta = timedelta(minutes=5)
    """How long the provider may take to decide before it is asked; then as long again as it took so far."""

    single_capture: SingleCapture = SingleCapture.REAUTHORIZE
    """Where an authorization can be captured only once: authorize what a capture let go of anew, or capture
    at the last shipment."""

    payment_grace: timedelta = timedelta(hours=48)
    """After a decline: how long the customer may bring another means of payment. 0 cancels at once."""

    authorize_within: timedelta | None = Field(default=None, ge=timedelta(0))
    """How near its supply has to be before the money for an order is set aside of which nothing can ship now.
    None: it is set aside when the order is placed. 0: when the supply is due, or there."""

    renew_before: timedelta = timedelta(days=1)
    """How long before its end an authorization is renewed."""

    risk_policy_file: Path | None = None
    """JSON file of the rules that judge payments (see the runbook); without it the provider's own doubts."""

    review_within: timedelta = timedelta(hours=72)
    """How long a payment may wait for its reviewer. 0 for as long as it takes."""

    review_expired: UnansweredReview = UnansweredReview.REJECT
    """What becomes of an order whose review nobody answered in time."""

    tax: TaxSource = TaxSource.GIVEN
    """Who says the tax of an order: the storefront, or the table of rates."""

    tax_missing: MissingRate = MissingRate.REFUSE
    """What becomes of an order to a place that the table has no rate for: 422, or no tax."""

    remorse_window: timedelta = timedelta(0)
    """How long an order is kept from its locations, so that the customer may change their mind."""

    routing_policy: RoutingPreset = "lowest_cost"
    """By what orders are routed that no stored policy is for."""

    accept_within: timedelta = timedelta(hours=24)
    """How long a location may take to accept work before another one is asked. 0 for as long as it likes."""

    cool_off: timedelta = Field(default=timedelta(0), ge=timedelta(0))
    """How long a location that rejected work, or did not answer in time, is given no other. 0: not at all."""

    most_failures: int = Field(default=5, ge=1)
    """Rejections, short picks and unanswered offers of one order before a person is asked."""

    lost_after: timedelta = timedelta(days=10)
    """How long carriers may be silent about a parcel before it counts as lost."""

    reconcile_every: timedelta = timedelta(minutes=1)
    """How often open orders and returns are checked for a process that failed or is missing."""

    return_expires: timedelta = timedelta(days=30)
    """How long a requested return may take to arrive."""

    change_expires: timedelta = timedelta(hours=24)
    """How long the draft of an order's change may be confirmed."""

    return_window: timedelta = timedelta(days=30)

    restocking_fee_per_mille: PerMille = 0
    """What is kept of the price of units that a customer returns, unless it is the seller's fault."""

    restocking_fee_per_unit: dict[Currency, Amount] = {}
    """JSON: the same as an amount for each unit, in minor units by currency, none for a currency that is not
    named; both together at most what the units cost."""

    restocking_fee_by_grade: dict[str, PerMille] = {}
    """JSON: the share for units of a grade that their inspector gave, instead of the general one."""

    sellers_faults: frozenset[str] = frozenset(
        {"damaged", "defective", "wrong_item", "not_as_described", "missing_parts", "late"}
    )
    """JSON: the reasons of a return that are the seller's fault, in lower case with underscores."""

    shipping_back: ShippingBack = ShippingBack.NEVER
    """Whether the shipping goes back with the last units that a customer returns: `never`, for
    `sellers_fault`, or for `everything_returned`."""

    appeasement_caps: dict[Literal["ops", "admin"], dict[Currency, Amount]] = {
        "ops": {"USD": 5000, "EUR": 5000, "GBP": 5000}
    }
    """JSON: what keys of a role may give back on one order in all, without a return, in minor units by
    currency: nothing in a currency that is not named. A role that is not named may give all that is left."""

    ship_within: timedelta = timedelta(hours=48)
    """From routing to the shipped milestone; a fulfillment order past it is overdue."""

    reservation_ttl: timedelta = Field(default=timedelta(minutes=15), ge=timedelta(seconds=1))
    """How long stock and capacity are kept for a cart that says no time of its own."""

    reservation_longest: timedelta = Field(default=timedelta(hours=1), ge=timedelta(seconds=1))
    """The longest time that a cart may ask for."""

    carrier_secrets_file: Path | None = None
    """JSON file whose `carriers` hold what each carrier proves itself with (see INTEGRATIONS)."""

    invoice_font: Path | None = None
    """TrueType file that is embedded in invoices as PDF; without one they are in western letters only."""

    worker_grace: timedelta = timedelta(seconds=10)
    """How long a stopping worker lets activities finish."""

    worker_takes_over: bool = False
    """Whether a version of the workflows that was replaced may become the current one again: to go back to
    it on purpose, or where all workers are always of one version."""

    log_level: str = "INFO"

    @field_validator("*", mode="before")
    @classmethod
    def _seconds(cls, value: Any, info: ValidationInfo) -> Any:
        """The environment holds text, which pydantic takes for a duration only when it is ISO 8601."""
        field = cls.model_fields[str(info.field_name)]
        if field.annotation == tuple[timedelta, ...] and isinstance(value, str):
            return [_duration(one) for one in value.split(",") if one.strip()]
        is_duration = field.annotation in (timedelta, timedelta | None)
        return _duration(value) if isinstance(value, str) and is_duration else value

    @model_validator(mode="after")
    def _whole_stripe(self) -> Self:
        if self.stripe_api_key and not (self.stripe_webhook_secret and self.stripe_return_url):
            raise ValueError(
                "OMS_STRIPE_API_KEY needs OMS_STRIPE_WEBHOOK_SECRET and OMS_STRIPE_RETURN_URL beside it"
            )
        return self

    @cached_property
    def sqlalchemy_url(self) -> str:
        """The database URL with the asyncpg driver named."""
        return self.database_url.replace("postgresql://", "postgresql+asyncpg://", 1)

    @cached_property
    def return_policy(self) -> ReturnPolicy:
        """What is kept of a return, and what goes with it."""
        return ReturnPolicy(
            fee_per_mille=self.restocking_fee_per_mille,
            fee_per_unit=self.restocking_fee_per_unit,
            grades=self.restocking_fee_by_grade,
            sellers_faults=self.sellers_faults,
            shipping_back=self.shipping_back,
        )


def _duration(text: str) -> str | int:
    return int(text) if text.strip().isdecimal() else text.strip()
