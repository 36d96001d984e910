"""Money at the provider: intent, effect, answer, until the books are in line."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.database import news_of, on_order
from adapters.db.locked_order import LockedOrder
from adapters.db.payment_intents import Asked, open_intent
from adapters.db.payment_policy import PaymentPolicy
from adapters.db.payments import NEVER_TAKEN, record_answer
from adapters.payments.providers import PaymentProviders
from config.failpoints import declare, failpoint
from domain.payment import Declined, MoneyStep, PaymentAnswer, PaymentProvider
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
        """Carry out one effect after the other until none is due, or one waits for its decision.

        Raises PaymentUnavailable when the provider cannot be asked: the retry asks again, same key.
        """
        opened = await on_order(self._engine, step, self._open)
        while opened.asked is not None:
            opened = await self._carry_out(opened.asked, opened.provider, step)
        return news_of(opened.progress)

    async def _carry_out(self, asked: Asked, provider: str, step: Step) -> "_Opened":
        """Ask for one effect; its answer and the next intent are committed together."""
        failpoint(f"{asked.request.step}-intended")
        answers = await _answers(self._providers.named(provider), asked)
        failpoint(f"{asked.request.step}-answered")

        async def write(order: LockedOrder) -> _Opened:
            for key, answer in answers:
                await record_answer(order, key, answer, self._policy)
            return await self._open(order)

        opened = await on_order(self._engine, step, write)
        failpoint(f"{asked.request.step}-recorded")
        return opened

    async def _open(self, order: LockedOrder) -> "_Opened":
        provider = order.values["payment_provider"]
        can = self._providers.named(provider).capabilities
        asked = await open_intent(order, self._policy, can)
        progress = await order.save(tell_process=False)
        return _Opened(asked, provider, progress)


async def _answers(provider: PaymentProvider, asked: Asked) -> list[tuple[str, PaymentAnswer]]:
    """What the provider says, by the key of the effect.

    After the void of an abandoned authorization it is asked what that one had become: if the customer was
    faster, there was money to let go of.
    """
    answers = []
    answer = await provider.look_up(asked.request) if asked.look_up else None
    if answer is None and asked.given_up:
        answer = Declined(NEVER_TAKEN, hard=True)
    if answer is None:
        answer = await provider.execute(asked.request)
    if asked.abandoned is not None:
        became = await provider.look_up(asked.abandoned)
        answers += [(asked.abandoned.idempotency_key, became)] if became is not None else []
    return [*answers, (asked.request.idempotency_key, answer)]


@dataclass(frozen=True, slots=True)
class _Opened:
    asked: Asked | None
    provider: str
    progress: OrderProgress
