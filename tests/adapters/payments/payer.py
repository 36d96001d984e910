"""Who pays in these tests, and how they read the provider's books."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from domain.payment import (
    MoneyStep,
    PaymentAnswer,
    PaymentProvider,
    PaymentRequest,
    Succeeded,
)

Books = Callable[[str], Awaitable[list[dict[str, Any]]]]
"""The provider's books of one order."""


@dataclass
class Payer:
    """One order's dealings with a provider; every call has a key of its own."""

    provider: PaymentProvider
    token: str
    order_id: str = field(default_factory=lambda: f"order-{uuid.uuid4().hex}")
    authorization: str | None = None
    currency: str = "USD"

    def request(self, step: MoneyStep, amount: int, *, final: bool = False) -> PaymentRequest:
        return PaymentRequest(
            order_id=self.order_id,
            step=step,
            idempotency_key=f"{self.order_id}:{step}:{uuid.uuid4().hex}",
            amount=amount,
            currency=self.currency,
            token=self.token if step is MoneyStep.AUTHORIZE else None,
            authorization=None if step is MoneyStep.AUTHORIZE else self.authorization,
            final=final,
        )

    async def authorize(self, amount: int) -> PaymentAnswer:
        answer = await self.provider.execute(self.request(MoneyStep.AUTHORIZE, amount))
        if isinstance(answer, Succeeded):
            self.authorization = answer.reference
        return answer

    async def capture(self, amount: int, *, final: bool = False) -> PaymentAnswer:
        return await self.provider.execute(self.request(MoneyStep.CAPTURE, amount, final=final))

    async def void(self, amount: int) -> PaymentAnswer:
        return await self.provider.execute(self.request(MoneyStep.VOID, amount))

    async def refund(self, amount: int) -> PaymentAnswer:
        return await self.provider.execute(self.request(MoneyStep.REFUND, amount))
