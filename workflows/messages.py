"""Every message between the order's process and the rest: one model each, new fields always with defaults."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Ids, quantities and amounts only: no personal data enters Temporal."""

    model_config = ConfigDict(frozen=True)


class OrderInput(Message):
    """What starts an order's process."""

    order_id: str
    return_window: timedelta


class OrderNews(Message):
    """An order's rows as of `version`: signalled when they change its course, returned by every step.

    `busy`: something is left to do before the order can close. `decisions`: how often the DOM decided.
    `awaited`: the provider is asked what became of an effect, also while the order waits for a person.
    """

    version: int = 0
    unpaid: bool = False
    to_route: int = 0
    decisions: int = 0
    unshipped: int = 0
    in_transit: int = 0
    money_due: bool = False
    busy: bool = False
    attention: str | None = None
    payment_retry_at: datetime | None = None
    deadline: datetime | None = None
    delivered_at: datetime | None = None
    closed: bool = False
    awaited: bool = False


class Step(Message):
    """A step of an order. `now` is the process's time, which tests may skip ahead of the database's."""

    order_id: str
    now: datetime


class RouteStep(Step):
    """The n-th routing decision of an order."""

    n: int


class AdjustmentInput(Message):
    """What starts the process that settles what became due after an order's close."""

    order_id: str


class ReturnInput(Message):
    """What starts a return's process."""

    return_id: str
    order_id: str


class ReturnNews(Message):
    """A return's row as of `version`: signalled when it changes its course, returned by every step.

    `deadline`: when what has not come in will not come any more; None when nothing is left to come.
    """

    version: int = 0
    over: bool = False
    deadline: datetime | None = None


class ReturnStep(Step):
    """A step of a return of the order."""

    return_id: str


class ReturnResult(Message):
    """How a return's process ended; the rows say the rest."""

    return_id: str
    version: int


class OrderResult(Message):
    """How an order's process ended; the rows say the rest."""

    order_id: str
    version: int
