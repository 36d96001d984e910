"""A backorder comes when enough of what is due has come, to locations that may serve the order."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from routing import (
    LOWEST_COST,
    Band,
    Destination,
    InboundSupply,
    Network,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
    plan,
)
from routing.record.written import record_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ORDER = RoutingOrder((RoutingLine("1", "A", 3, 100), RoutingLine("2", "A", 2, 100)), Destination(40, -100))
NETWORK = Network(
    locations=(
        RoutingLocation("near", "dc", 40, -100, Decimal(0)),
        RoutingLocation("next", "dc", 41, -100, Decimal(0)),
        RoutingLocation("far", "dc", -40, 100, Decimal(0)),
    ),
    stock={("near", "A"): 1},
    services=(Service("ground", (Band(500, Decimal(1), Decimal(0), Decimal(1)),)),),
)


def due(location: str, quantity: int, days: int, sku: str = "A") -> InboundSupply:
    return InboundSupply(location, sku, quantity, NOW + timedelta(days=days))


def dates(*inbound: InboundSupply) -> list[tuple[str, int, int | None]]:
    made = plan(ORDER, replace(NETWORK, inbound=inbound), LOWEST_COST, now=NOW)
    return [
        (line.line_id, line.quantity, (line.expected_at - NOW).days if line.expected_at else None)
        for line in made.backorders
    ]


def test_what_comes_first_goes_to_the_first_line() -> None:
    assert dates(due("next", 2, 9), due("near", 2, 5)) == [("1", 2, 5), ("2", 2, 9)]


def test_a_line_has_no_date_while_a_unit_of_it_is_not_covered() -> None:
    assert dates(due("near", 3, 5)) == [("1", 2, 5), ("2", 2, None)]
    assert dates(due("near", 9, 5, sku="B")) == [("1", 2, None), ("2", 2, None)]


def test_what_comes_to_a_location_that_cannot_serve_the_order_dates_nothing() -> None:
    assert dates(due("far", 9, 5)) == [("1", 2, None), ("2", 2, None)]
    barred = LOWEST_COST.never({"next"})
    made = plan(ORDER, replace(NETWORK, inbound=(due("next", 9, 5),)), barred, now=NOW)
    assert [line.expected_at for line in made.backorders] == [None, None]


def test_the_record_tells_the_date_and_says_nothing_where_there_is_none() -> None:
    dated = plan(ORDER, replace(NETWORK, inbound=(due("near", 2, 5),)), now=NOW)
    first, second = json.loads(record_text(dated))["backorders"]

    assert first["expected_at"] == "2026-03-07T09:00:00+00:00"
    assert "expected_at" not in second
