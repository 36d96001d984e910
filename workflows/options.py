"""How activities are called: database steps are retried for ever, each attempt has a limit."""

from datetime import timedelta
from typing import Final

from temporalio.common import RetryPolicy

ATTEMPT: Final = timedelta(seconds=15)
"""The longest that one attempt of an activity may take, and so how long an order waits for one that died
with its worker."""

FOR_EVER: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=250),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=10),
)
"""An order never dies of a step that fails; a step that must give up parks the order in its rows."""
