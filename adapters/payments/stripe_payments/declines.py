"""What a card's refusal means for us: a table of Stripe's decline codes, read with the networks' advice.

A code that is not listed is soft and without advice: it is tried again as often as the installation's policy
allows, and then the customer is asked for another means of payment.
https://docs.stripe.com/declines/codes, https://docs.stripe.com/declines/card
"""

from typing import Final

from adapters.payments.stripe_payments.reading import told
from domain.payment import Advice, Declined


def _codes(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NEVER: Final = _codes(
    "fraudulent lost_card merchant_blacklist pickup_card restricted_card revocation_of_all_authorizations "
    "revocation_of_authorization security_violation stolen_card stop_payment_order"
)
"""Hard, and the card will not be taken on another day either."""

_OTHER_DATA: Final = _codes(
    "card_not_supported currency_not_supported expired_card expired_payment_method incorrect_address "
    "incorrect_cvc incorrect_number incorrect_postal_code incorrect_zip invalid_account invalid_amount "
    "invalid_cvc invalid_expiry_month invalid_expiry_year invalid_number new_account_information_available "
    "no_action_taken not_permitted service_not_allowed testmode_decline transaction_not_allowed"
)
"""Hard: the card as it was given cannot pay this; corrected, or another one, may."""

_NOT_NOW: Final = _codes(
    "approve_with_id issuer_not_available processing_error reenter_transaction try_again_later"
)
"""Soft: nothing is wrong with the card."""

_ANOTHER: Final = _codes(
    "authentication_required card_velocity_exceeded offline_pin_required online_or_offline_pin_required "
    "payment_intent_authentication_failure pin_try_exceeded withdrawal_count_limit_exceeded"
)
"""Soft, and no good to try again at once: the customer has to do something, or to take another card."""

_STRIPES_ADVICE: Final = {
    "do_not_try_again": Advice.NEVER_AGAIN,
    "try_again_later": Advice.TRY_LATER,
    "confirm_card_data": Advice.ANOTHER_METHOD,
}

_NETWORKS_ADVICE: Final = {
    "01": Advice.ANOTHER_METHOD,  # the issuer has new data of the account
    "02": Advice.TRY_LATER,
    "03": Advice.NEVER_AGAIN,
    "21": Advice.NEVER_AGAIN,  # the customer has revoked the payment
    **{str(hours_or_days): Advice.TRY_LATER for hours_or_days in range(24, 31)},
}
"""Mastercard's merchant advice codes; 24 to 30 name a time to wait, an hour to ten days."""


def declined(refusal: object) -> Declined:
    """Return what a card error says; `refusal` is Stripe's error, or an intent's `last_payment_error`."""
    code = told(refusal, "decline_code") or told(refusal, "code") or "declined"
    advice = _STRIPES_ADVICE.get(told(refusal, "advice_code")) or _NETWORKS_ADVICE.get(
        told(refusal, "network_advice_code")
    )
    if advice is Advice.NEVER_AGAIN or code in _NEVER:
        return Declined(code, hard=True, advice=Advice.NEVER_AGAIN)
    if code in _OTHER_DATA:
        return Declined(code, hard=True, advice=advice or Advice.ANOTHER_METHOD)
    if code in _NOT_NOW:
        return Declined(code, hard=False, advice=advice or Advice.TRY_LATER)
    if code in _ANOTHER:
        return Declined(code, hard=False, advice=advice or Advice.ANOTHER_METHOD)
    return Declined(code, hard=False, advice=advice)
