"""The demo's orders: drawn from the seed alone, sums that add up, real ones as the file has them."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cli.demo_run.invented import invent_orders, sold_out
from cli.demo_run.order_file import drawn_baskets, minor_units, read_orders, real_baskets
from cli.demo_run.plot import Back, Basket, Demand, Payment, Plot, Snag, Way, Wish
from cli.demo_run.scarce import demand_of, scarce_stock
from cli.demo_run.shares import deal

INVENTORY = [
    {"sku": sku, "location_id": place, "available": 10}
    for sku in ("cap", "mug", "pen", "tee", "bag")
    for place in ("east", "west")
]
HEADER = "order_id,sku,price,quantity,zip_prefix,city,state,lat,lng,freight_paid"
ROWS = (
    "o1,mug,39.99,1,69309,boa vista,RR,2.8,-60.7,31.67",
    "o1,pen,32.9,2,69309,boa vista,RR,2.8,-60.7,8.1",
    "o2,mug,41.00,1,01000,sao paulo,SP,-23.5,-46.6,15",
    "o2,mug,41.00,2,01000,sao paulo,SP,-23.5,-46.6,5",
)

SECOND_TOGETHER = 2
"""A seed by which the second of two orders is bought together with another."""


@pytest.fixture
def orders_csv(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join((HEADER, *ROWS)), encoding="utf-8")
    return path


def total(body: dict[str, Any]) -> int:
    items: int = sum(line["quantity"] * line["unit_price"] for line in body["lines"])
    shipping: int = body["shipping_price"]
    return items + shipping


def test_the_same_seed_draws_the_same_orders() -> None:
    assert invent_orders(30, 7, INVENTORY) == invent_orders(30, 7, INVENTORY)
    assert invent_orders(30, 7, INVENTORY) != invent_orders(30, 8, INVENTORY)


def test_invented_orders_have_one_to_four_lines_and_totals_that_add_up() -> None:
    bodies = [basket.body for basket in invent_orders(60, 1, INVENTORY)]

    assert {len(body["lines"]) for body in bodies} <= {1, 2, 3, 4, 5}
    assert all(body["total"] == total(body) for body in bodies)
    assert len({body["order_number"] for body in bodies}) == 60


def test_some_addresses_have_coordinates_and_some_only_a_postal_code() -> None:
    placed = Counter("lat" in basket.body["ship_to"] for basket in invent_orders(60, 1, INVENTORY))

    assert min(placed[True], placed[False]) > 10


def test_some_invented_orders_want_what_is_sold_out_and_the_others_do_not() -> None:
    gone = sold_out(INVENTORY)

    for basket in invent_orders(60, 1, INVENTORY):
        wants = gone in {line["sku"] for line in basket.body["lines"]}
        assert wants is (basket.plot.demand is Demand.SOLD_OUT)


def test_every_fate_falls_to_somebody() -> None:
    plots = deal(60, 1)

    assert {plot.wish for plot in plots} == set(Wish)
    assert {plot.payment for plot in plots} == set(Payment)
    assert {plot.snag for plot in plots} == set(Snag)
    assert {plot.way for plot in plots} == set(Way)
    assert {plot.back for plot in plots} == set(Back)
    assert len(deal(3, 1)) == 3


def test_shares_are_of_all_orders() -> None:
    plots = deal(500, 1)

    assert sum(plot.snag is Snag.REJECTED for plot in plots) == 55
    assert sum(plot.payment is Payment.PAYS_LATER for plot in plots) == 55
    assert sum(plot.back is Back.ELSEWHERE for plot in plots) == 70
    assert sum(plot == Plot() for plot in plots) > 40


def test_who_never_pays_meets_no_snag_and_sends_nothing_back() -> None:
    for plot in deal(500, 2):
        if not plot.pays:
            assert (plot.snag, plot.way, plot.back) == (Snag.NONE, Way.TO_THE_DOOR, Back.NOTHING)


def test_amounts_are_read_to_the_minor_unit() -> None:
    assert [minor_units(text) for text in ("39.99", "32.9", "15", "0.005")] == [3999, 3290, 1500, 1]


def test_real_orders_are_placed_as_they_were_with_their_freight_as_shipping(orders_csv: Path) -> None:
    first, second = real_baskets(read_orders(orders_csv), 10, seed=SECOND_TOGETHER)

    assert first.body["lines"] == [
        {"sku": "mug", "quantity": 1, "unit_price": 3999},
        {"sku": "pen", "quantity": 2, "unit_price": 3290},
    ]
    assert (first.body["currency"], first.body["shipping_price"], first.freight_paid) == ("BRL", 3977, 3977)
    assert first.body["ship_to"]["lat"] == 2.8
    assert all(basket.body["total"] == total(basket.body) for basket in (first, second))


def test_what_is_bought_together_is_what_several_bought_in_real_life(orders_csv: Path) -> None:
    _, second = real_baskets(read_orders(orders_csv), 10, seed=SECOND_TOGETHER)

    assert second.body["lines"] == [
        {"sku": "mug", "quantity": 3, "unit_price": 4100},
        {"sku": "pen", "quantity": 2, "unit_price": 3290},
    ]
    assert second.freight_paid == 3977 + 2000


def test_drawn_orders_have_as_many_lines_as_asked_for(orders_csv: Path) -> None:
    baskets = drawn_baskets(read_orders(orders_csv), 20, 1, (1, 2))

    assert {len(basket.body["lines"]) for basket in baskets} == {1, 2}


def test_scarce_stock_is_its_share_of_the_demand_to_the_unit() -> None:
    demand = demand_of(invent_orders(60, 1, INVENTORY))

    stock = scarce_stock(demand, 0.7, ["east", "west"], seed=1)

    assert sum(stock.values()) == sum(demand.values()) * 7 // 10
    by_sku = Counter[str]()
    for (_, sku), units in stock.items():
        by_sku[sku] += units
    assert all(by_sku[sku] <= units for sku, units in demand.items())


def test_no_basket_holds_a_real_person(orders_csv: Path) -> None:
    baskets: list[Basket] = [
        *invent_orders(5, 1, INVENTORY),
        *real_baskets(read_orders(orders_csv), 2, seed=1),
    ]

    assert all(basket.body["customer"]["email"].endswith("@example.test") for basket in baskets)
