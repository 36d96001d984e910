"""Money at the provider: intent, effect, answer, until the books are in line."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.database import news_of, on_order
from adapters.db.locked_order import LockedOrder
from adapters.db.payments import PaymentPolicy, open_intent, record_answer
from adapters.payments.providers import PaymentProviders
from config.failpoints import declare, failpoint
from domain.payment import MoneyStep, PaymentAnswer, PaymentRequest, PaymentUnavailable, Pending
from domain.progress import OrderProgress
from workflows.messages import OrderNews, Step
from workflows.ports import MoneySteps

for _step in (MoneyStep.AUTHORIZE, MoneyStep.CAPTURE, MoneyStep.VOID):
    declare(f"{_step}-intended", f"the intent to {_step} is committed, the provider not yet asked")
    declare(f"{_step}-answered", f"the provider has answered {_step}, the answer is not committed")
    declare(f"{_step}-recorded", f"the answer to {_step} is committed, the process does not know")


class PaymentActivities(MoneySteps):
    """Settles orders at the providers, by each order's own name for its provider."""

    def __init__(self, engine: AsyncEngine, providers: PaymentProviders, policy: PaymentPolicy) -> None:
        self._engine = engine
        self._providers = providers
        self._policy = policy

    async def settle_payment(self, step: Step) -> OrderNews:
        """Carry out one effect after the other until none is due.

        Raises PaymentUnavailable when the provider cannot be asked: the retry asks again, same key.
        """
        while True:
            opened = await on_order(self._engine, step.order_id, self._open)
            if opened.request is None:
                return news_of(opened.progress)
            name = opened.request.step
            failpoint(f"{name}-intended")
            answer = await self._providers.named(opened.provider).execute(opened.request)
            failpoint(f"{name}-answered")
            if isinstance(answer, Pending):
                raise PaymentUnavailable(f"{name} is not decided yet")
            await self._record(opened.request, answer)
            failpoint(f"{name}-recorded")

    async def _open(self, order: LockedOrder) -> "_Opened":
        request = await open_intent(order, self._policy)
        progress = await order.save(tell_process=False)
        return _Opened(request, order.values["payment_provider"], progress)

    async def _record(self, request: PaymentRequest, answer: PaymentAnswer) -> None:
        async def write(order: LockedOrder) -> None:
            await record_answer(order, request, answer, self._policy)
            await order.save(tell_process=False)

        await on_order(self._engine, request.order_id, write)


@dataclass(frozen=True, slots=True)
class _Opened:
    request: PaymentRequest | None
    provider: str
    progress: OrderProgress
