"""What a merchant asks for, as it reached the service."""

import hashlib
import json
from dataclasses import dataclass

from adapters.payments.sandbox_service.accounts import Account
from domain.payment import PaymentRequest


@dataclass(frozen=True, slots=True)
class Asked(PaymentRequest):
    """One keyed effect.

    `account`: whose. `service_url`: where the service was reached, so where a customer may reach it.
    """

    account: Account = Account.SANDBOX
    service_url: str = ""

    @property
    def fingerprint(self) -> str:
        """What tells this request from another one under the same key."""
        said = [
            self.step.value,
            self.order_id,
            self.amount,
            self.currency,
            self.token,
            self.authorization,
            self.final,
            *([] if self.account is Account.SANDBOX else [self.account]),
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()
