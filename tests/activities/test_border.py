"""What leaves an activity for Temporal says what failed, and nothing of whom."""

import pytest
from sqlalchemy.exc import IntegrityError
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.border import Border
from domain.payment import PaymentUnavailable


class _RefusedError(Exception):
    sqlstate = "23514"


class _Failing(ActivityInboundInterceptor):
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def execute_activity(self, input: ExecuteActivityInput) -> None:  # noqa: A002
        raise self._error


async def _fail(error: Exception) -> ApplicationError:
    inbound = Border().intercept_activity(_Failing(error))

    @activity.defn
    async def step() -> None:
        await inbound.execute_activity(ExecuteActivityInput(fn=step, args=[], executor=None, headers={}))

    with pytest.raises(ApplicationError) as caught:
        await ActivityEnvironment().run(step)
    return caught.value


async def test_a_refused_row_leaves_as_its_sqlstate_without_its_values() -> None:
    row = _RefusedError("DETAIL: Failing row contains (ord_1, Ada Field, ada@example.com)")

    failure = await _fail(IntegrityError("INSERT", {"name": "Ada Field"}, row))

    assert str(failure) == "IntegrityError:23514: IntegrityError:23514"
    assert failure.__cause__ is None


async def test_any_other_error_leaves_as_its_name() -> None:
    failure = await _fail(ValueError("Ada Field"))

    assert failure.type == "ValueError"
    assert "Ada" not in str(failure)
    assert failure.__cause__ is None


async def test_an_application_error_leaves_as_it_is() -> None:
    failure = await _fail(ApplicationError("parked", type="parked"))

    assert failure.type == "parked"


async def test_what_a_provider_answered_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await _fail(PaymentUnavailable("the sandbox provider answered 422 not_taken"))

    (record,) = caplog.records
    assert vars(record)["reason"] == "the sandbox provider answered 422 not_taken"
