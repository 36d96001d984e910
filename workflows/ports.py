"""The activities that processes ask for: names and types; `activities/` implements them."""

from abc import ABC, abstractmethod

from temporalio import activity

from workflows.messages import OrderNews, ReturnNews, ReturnStep, RouteStep, Step


class MoneySteps(ABC):
    """What is done at the payment provider."""

    @activity.defn
    @abstractmethod
    async def settle_payment(self, step: Step) -> OrderNews:
        """Bring the provider's books in line with the order: authorize, capture or void what is due."""


class RoutingSteps(ABC):
    """What the DOM is asked."""

    @activity.defn
    @abstractmethod
    async def route_order(self, step: RouteStep) -> OrderNews:
        """Decide which locations ship the pending units, and reserve their stock and capacity."""


class LifecycleSteps(ABC):
    """What time does to an order."""

    @activity.defn
    @abstractmethod
    async def check_deadlines(self, step: Step) -> OrderNews:
        """Apply the deadlines that have passed."""

    @activity.defn
    @abstractmethod
    async def close_order(self, step: Step) -> OrderNews:
        """Close an order that has nothing left to do."""


class ReturnSteps(ABC):
    """What time does to a return."""

    @activity.defn
    @abstractmethod
    async def expire_return(self, step: ReturnStep) -> ReturnNews:
        """End the time in which units may come in, if it is over."""
