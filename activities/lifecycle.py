"""What time does to an order."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.database import news_of, on_order
from adapters.db.deadlines import pass_deadlines
from adapters.db.lifecycle import close
from adapters.db.locked_order import LockedOrder
from config.failpoints import declare, failpoint
from domain.risk import UnansweredReview
from workflows.messages import OrderNews, Step
from workflows.ports import LifecycleSteps

_CLOSED = declare("order-closed", "the close is committed, the process does not know")
_CHECKED = declare("deadlines-checked", "passed deadlines are committed, the process does not know")


class LifecycleActivities(LifecycleSteps):
    """Applies deadlines and closes orders."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        lost_after: timedelta,
        unanswered: UnansweredReview = UnansweredReview.REJECT,
        cool_off: timedelta = timedelta(0),
    ) -> None:
        self._engine = engine
        self._lost_after = lost_after
        self._unanswered = unanswered
        self._cool_off = cool_off

    async def check_deadlines(self, step: Step) -> OrderNews:
        """Apply the deadlines that have passed by the process's time."""
        news = await on_order(self._engine, step, self._pass)
        failpoint(_CHECKED)
        return news

    async def close_order(self, step: Step) -> OrderNews:
        """Close the order if nothing is left to do."""
        news = await on_order(self._engine, step, self._close)
        failpoint(_CLOSED)
        return news

    async def _pass(self, order: LockedOrder) -> OrderNews:
        await pass_deadlines(
            order, lost_after=self._lost_after, unanswered=self._unanswered, cool_off=self._cool_off
        )
        return news_of(await order.save(tell_process=False))

    async def _close(self, order: LockedOrder) -> OrderNews:
        await close(order)
        return news_of(await order.save(tell_process=False))
