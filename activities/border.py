"""The border to Temporal: a failure leaves as a code, never with the values that caused it.

PostgreSQL quotes the failing row in its errors, and rows hold personal data.
"""

import logging
from typing import Any

from sqlalchemy.exc import DBAPIError
from temporalio import activity
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.payment import PaymentUnavailable

log = logging.getLogger(__name__)


class Border(Interceptor):
    """Translates what activities raise, once, for all of them."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Put the border around an activity."""
        return _Translated(next)


class _Translated(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        try:
            return await self.next.execute_activity(input)
        except FailureError:
            raise
        except Exception as error:  # noqa: BLE001 (a border lets nothing through)
            code = _code(error)
            log.warning(
                "activity failed",
                extra={
                    "activity": activity.info().activity_type,
                    "code": code,
                    "attempt": activity.info().attempt,
                }
                | _told(error),
            )
            raise ApplicationError(code, type=code) from None


def _told(error: Exception) -> dict[str, str]:
    """What a payment provider answered instead of an answer: our own words, its status and its code."""
    return {"reason": str(error)} if isinstance(error, PaymentUnavailable) else {}


def _code(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        return f"{type(error).__name__}:{state}" if state else type(error).__name__
    return type(error).__name__
