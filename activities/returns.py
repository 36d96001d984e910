"""What time does to a return."""

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.database import on_order
from adapters.db.locked_order import LockedOrder
from adapters.db.locked_return import lock_return
from adapters.db.returns_receiving import expire
from config.failpoints import declare, failpoint
from workflows.messages import ReturnNews, ReturnStep
from workflows.ports import ReturnSteps

_CHECKED = declare("return-checked", "a return's passed deadline is committed, its process does not know")


class ReturnActivities(ReturnSteps):
    """Ends the time in which units may come in."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def expire_return(self, step: ReturnStep) -> ReturnNews:
        """Expire what has not come in by the process's time."""

        async def work(order: LockedOrder) -> ReturnNews:
            await expire(await lock_return(order, step.return_id))
            await order.save()
            return ReturnNews.model_validate((await lock_return(order, step.return_id)).news())

        news = await on_order(self._engine, step, work)
        failpoint(_CHECKED)
        return news
