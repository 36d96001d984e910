"""Where a provider's notices arrive in these tests: it keeps what comes, and may refuse it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI, Request, Response

from tests.adapters.payments.bench import Delivery

SECRET: Final = "whsec_" + "bm90aWNlcy1vZi10aGUtc2FuZGJveC1pbi10ZXN0cw=="


@dataclass
class Letterbox:
    """Everything that arrived, in its order. `answers`: statuses for the next arrivals; then 200."""

    arrived: list[Delivery] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def about(self, order_id: str) -> list[Delivery]:
        """Return what is about an order; what was refused is not kept."""
        return [one for one in self.arrived if said(one)["subject"] == order_id]

    def app(self) -> FastAPI:
        """Return the receiver as an application."""
        app = FastAPI()

        @app.post("/{account}/notices")
        async def take(account: str, request: Request) -> Response:
            delivery = Delivery(dict(request.headers), await request.body())
            if said(delivery)["source"] != account:
                return Response(status_code=404)
            status = self.answers.pop(0) if self.answers else 200
            if status == 200:
                self.arrived.append(delivery)
            return Response(status_code=status)

        return app


def said(delivery: Delivery) -> Mapping[str, Any]:
    """Return what a notice says."""
    body: dict[str, Any] = json.loads(delivery.body)
    return body
