"""What a merchant asks for, as it reached the service."""

import hashlib
import json
from dataclasses import dataclass

from domain.payment import PaymentRequest


@dataclass(frozen=True, slots=True)
class Asked(PaymentRequest):
    """One keyed effect.

    `single_capture`: of an authorization whose every capture shall be final. `service_url`: where the
    service was reached, so where a customer may reach it.
    """

    single_capture: bool = False
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
            *(["single_capture"] if self.single_capture else []),
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()
