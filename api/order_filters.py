"""What a list of orders can be narrowed to."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query

from adapters.db.queries.orders import OrderFilter
from api.bodies import Moment
from domain.order_status import OrderStatus
from domain.payment_status import PaymentStatus

Name = Annotated[str | None, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class FiltersAsked:
    """The filters of a request; all that are given must hold."""

    status: Annotated[list[OrderStatus] | None, Query()] = None
    routing: Annotated[Literal["auto", "manual"] | None, Query()] = None
    channel: Name = None
    payment_status: Annotated[list[PaymentStatus] | None, Query()] = None
    held: Annotated[bool | None, Query(description="With an active hold, or without any")] = None
    customer: Annotated[str | None, Query(max_length=100, description="The customer's id")] = None
    sku: Name = None
    location: Name = None
    q: Annotated[
        str | None, Query(max_length=100, description="Order number, id, customer name or e-mail")
    ] = None
    placed_from: Annotated[Moment | None, Query()] = None
    placed_to: Annotated[Moment | None, Query()] = None

    def within(self, channels: frozenset[str] | None) -> OrderFilter:
        """The filter, kept within some channels (None: all)."""
        return OrderFilter(
            channels=channels,
            status=[one.value for one in self.status or ()],
            routing=self.routing,
            payment_status=[one.value for one in self.payment_status or ()],
            held=self.held,
            channel=self.channel,
            customer=self.customer,
            sku=self.sku,
            location=self.location,
            q=self.q,
            placed_from=self.placed_from,
            placed_to=self.placed_to,
        )


Filters = Annotated[FiltersAsked, Depends()]
