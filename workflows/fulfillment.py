"""One location's work as a process inside the order's: paid for as it ships."""

from collections.abc import Awaitable, Callable

from temporalio import workflow

from workflows.messages import FulfillmentNews


class FulfillmentProcess:
    """Follows one fulfillment order until its location has nothing left to ship."""

    def __init__(self, look: Callable[[], FulfillmentNews], settle: Callable[[], Awaitable[None]]) -> None:
        self._look = look
        self._settle = settle
        self._paid_for = 0

    async def run(self) -> None:
        """Each time a part ships, see that it is paid for; then go on with what is left."""
        while self._look().open or self._unpaid():
            await workflow.wait_condition(lambda: self._unpaid() or not self._look().open)
            if self._unpaid():
                await self._capture()

    def _unpaid(self) -> bool:
        return self._look().shipments > self._paid_for

    async def _capture(self) -> None:
        self._paid_for = self._look().shipments
        await self._settle()
