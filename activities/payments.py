"""Money at the provider: intent, effect, answer, until the books are in line."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.database import news_of, on_order
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_intents import PaymentPolicy, open_intent
from adapters.db.payments import record_answer
from adapters.payments.providers import PaymentProviders
from config.failpoints import declare, failpoint
from domain.payment import MoneyStep, PaymentRequest, PaymentUnavailable, Pending
from domain.progress import OrderProgress
from workflows.messages import OrderNews, Step
from workflows.ports import MoneySteps

for _step in MoneyStep:
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
        opened = await on_order(self._engine, step, self._open)
        while opened.request is not None:
            opened = await self._carry_out(opened.request, opened.provider, step)
        return news_of(opened.progress)

    async def _carry_out(self, request: PaymentRequest, provider: str, step: Step) -> "_Opened":
        """Ask for one effect; its answer and the next intent are committed together."""
        failpoint(f"{request.step}-intended")
        answer = await self._providers.named(provider).execute(request)
        failpoint(f"{request.step}-answered")
        if isinstance(answer, Pending):
            raise PaymentUnavailable(f"{request.step} is not decided yet")

        async def write(order: LockedOrder) -> _Opened:
            await record_answer(order, request, answer, self._policy)
            return await self._open(order)

        opened = await on_order(self._engine, step, write)
        failpoint(f"{request.step}-recorded")
        return opened

    async def _open(self, order: LockedOrder) -> "_Opened":
        request = await open_intent(order, self._policy)
        progress = await order.save(tell_process=False)
        return _Opened(request, order.values["payment_provider"], progress)


@dataclass(frozen=True, slots=True)
class _Opened:
    request: PaymentRequest | None
    provider: str
    progress: OrderProgress
