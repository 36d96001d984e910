"""What locations offer: the exact price of every service, and what keeps a location from offering any."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from routing import (
    LOWEST_COST,
    Band,
    Calendar,
    Destination,
    Network,
    RegionRule,
    RoutingInputError,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
    Surcharge,
    TransferLeg,
    Verdict,
    WeightBreak,
    ZoneMap,
    ZoneRow,
    plan,
)
from routing.pricing.filters import sift
from routing.pricing.offers import Offer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOME = Destination(52.5, 13.4, "10115", country="DE", region="BE")
MUG = RoutingLine("1", "MUG", 2, 400)
PLACE = RoutingLocation("a", "dc", 50.1, 8.7, Decimal(100), postal_code="60311")
FAR = Decimal("Infinity")


def band(base: int = 500, per_kg: int = 100, *, km: Decimal = FAR, zone: str | None = None) -> Band:
    return Band(km, Decimal(base), Decimal(per_kg), Decimal(2), zone)


GROUND = Service("ground", (band(),))


def asked(*lines: RoutingLine, to: Destination = HOME, **more: object) -> RoutingOrder:
    return RoutingOrder(lines or (MUG,), to, **more)  # type: ignore[arg-type]


def network(*places: RoutingLocation, services: Sequence[Service] = (GROUND,), **more: object) -> Network:
    there = places or (PLACE,)
    stock = {(place.id, sku): 9 for place in there for sku in ("MUG", "LAMP")}
    return Network(there, stock, tuple(services), **more)  # type: ignore[arg-type]


def offers(order: RoutingOrder, among: Network) -> list[Offer]:
    candidates, _ = sift(order, among, LOWEST_COST, NOW)
    return [offer for candidate in candidates for offer in candidate.offers]


def price(order: RoutingOrder, service: Service, **more: object) -> Fraction:
    [offer] = offers(order, network(services=[service], **more))
    return offer.freight.of(tuple(line.quantity for line in order.lines))


def kept_out(order: RoutingOrder, among: Network) -> Verdict:
    candidates, [verdict] = sift(order, among, LOWEST_COST, NOW)
    assert not candidates
    return verdict


def test_a_straight_price_is_base_and_weight() -> None:
    assert price(asked(), GROUND) == 500 + Fraction(800 * 100, 1000)


def test_the_longest_prefixes_of_origin_and_destination_name_the_zone() -> None:
    zones = ZoneMap(
        (
            ZoneRow("", "", "far"),
            ZoneRow("6", "1", "east"),
            ZoneRow("6", "10", "berlin"),
            ZoneRow("60", "9", "south"),
            ZoneRow("", "10115", "anywhere"),
        )
    )
    rates = tuple(band(base, zone=zone) for zone, base in (("far", 900), ("east", 700), ("berlin", 600)))
    service = Service("zoned", rates, zones=zones)

    assert offers(asked(), network(services=[service]))[0].fixed == 600
    assert offers(asked(to=replace(HOME, postal_code="1 9")), network(services=[service]))[0].fixed == 700


def test_a_zone_of_the_country_beats_one_of_none_and_another_countrys_does_not_count() -> None:
    rows = (ZoneRow("", "10", "any"), ZoneRow("", "10", "german", "DE"), ZoneRow("", "101", "french", "FR"))
    rates = (band(1, zone="any"), band(2, zone="german"), band(3, zone="french"))

    [offer] = offers(asked(), network(services=[Service("zoned", rates, zones=ZoneMap(rows))]))

    assert offer.fixed == 2


def test_no_zone_no_service() -> None:
    service = Service("zoned", (band(zone="x"),), zones=ZoneMap((ZoneRow("", "2", "x"),)))

    assert kept_out(asked(), network(services=[service])).rule == "not_served"


@pytest.mark.parametrize(
    ("units", "cost"), [(1, 300), (2, 300), (3, 450 + Fraction(1500, 10)), (4, 450 + Fraction(2000, 10))]
)
def test_the_first_break_that_the_weight_does_not_pass_gives_the_price(units: int, cost: Fraction) -> None:
    steps = (WeightBreak(Decimal(1), Decimal(300)), WeightBreak(Decimal(2), Decimal(450), Decimal(100)))
    service = Service("stepped", (replace(band(), breaks=steps),))

    assert price(asked(RoutingLine("1", "MUG", units, 500)), service) == cost


def test_a_unit_that_is_heavier_than_the_last_break_does_not_go() -> None:
    service = Service("stepped", (replace(band(), breaks=(WeightBreak(Decimal(1), Decimal(300)),)),))

    verdict = kept_out(asked(RoutingLine("1", "MUG", 1, 1001)), network(services=[service]))

    assert (verdict.rule, verdict.number, verdict.threshold) == ("too_heavy", 1001, 1000)


@pytest.mark.parametrize(
    ("dims", "billed"), [(None, 400), ((100, 100, 100), 400), ((100, 100, 201), 402), ((101, 101, 201), 411)]
)
def test_a_bulky_unit_is_billed_by_volume_rounded_up(dims: tuple[int, int, int] | None, billed: int) -> None:
    service = replace(GROUND, dim_divisor=Decimal(5000))

    [offer] = offers(asked(replace(MUG, dims_mm=dims)), network(services=[service]))

    assert offer.billable_g == (billed,)


@pytest.mark.parametrize(
    ("surcharge", "due"),
    [
        (Surcharge("long", "oversize", Decimal(50), longest_mm=1200), 0),
        (Surcharge("long", "oversize", Decimal(50), longest_mm=1199), 100),
        (Surcharge("girth", "oversize", Decimal(50), length_and_girth_mm=2200), 0),
        (Surcharge("girth", "oversize", Decimal(50), length_and_girth_mm=2199), 100),
        (Surcharge("heavy", "oversize", Decimal(50), weight_g=399), 100),
        (Surcharge("bulky", "oversize", Decimal(50), longest_mm=9999, flag="bulky"), 100),
        (Surcharge("hazmat", "flag", Decimal(70), flag="hazmat"), 0),
        (Surcharge("fragile", "flag", Decimal(70), flag="bulky"), 140),
        (Surcharge("home", "residential", Decimal(30)), 30),
    ],
)
def test_a_surcharge_falls_on_each_unit_or_once_on_a_shipment_to_a_home(
    surcharge: Surcharge, due: int
) -> None:
    line = replace(MUG, dims_mm=(200, 1200, 300), flags=frozenset({"bulky"}))
    order = asked(line, to=replace(HOME, residential=True))

    charged = price(order, replace(GROUND, surcharges=(surcharge,)))

    assert charged - price(order, GROUND) == due


def test_a_foreign_price_is_exchanged_exactly() -> None:
    service = replace(GROUND, currency="USD")

    cost = price(asked(), service, currency="EUR", exchange={"USD": Decimal("0.9137")})

    assert cost == Fraction(580) * Fraction(9137, 10000)


def test_a_foreign_price_without_an_exchange_is_refused() -> None:
    with pytest.raises(RoutingInputError, match="no exchange for USD"):
        network(services=[replace(GROUND, currency="USD")], currency="EUR")


def test_a_known_distance_stands_for_the_great_circle() -> None:
    near = Service("near", (band(km=Decimal(100)),))

    assert kept_out(asked(), network(services=[near])).rule == "not_served"
    assert offers(asked(), network(services=[near], distances={"a": 100}))[0].km == 100


@pytest.mark.parametrize(
    ("changes", "rule", "number", "threshold"),
    [
        ({"offline": True}, "offline", None, None),
        ({"cool_off_until": NOW + timedelta(minutes=90)}, "cool_off", 1.5, 0),
        ({"methods": frozenset({"pickup"})}, "method", None, None),
        ({"serves": RegionRule(countries=frozenset({"FR"}))}, "region", None, None),
        ({"serves": RegionRule(regions=frozenset({"BY"}))}, "region", None, None),
        ({"serves": RegionRule(postal_prefixes=("2", "11"))}, "region", None, None),
        ({"serves": RegionRule(not_countries=frozenset({"DE"}))}, "region", None, None),
        ({"serves": RegionRule(not_regions=frozenset({"BE"}))}, "region", None, None),
        ({"serves": RegionRule(not_postal_prefixes=("101",))}, "region", None, None),
        ({"handles": frozenset()}, "flags", 9, 0),
        ({"services": frozenset({"air"})}, "services", 0, 1),
        ({"calendar": "never"}, "never_open", None, None),
    ],
)
def test_a_fact_of_the_location_keeps_it_out(
    changes: dict[str, object], rule: str, number: float | None, threshold: float | None
) -> None:
    order = asked(replace(MUG, flags=frozenset({"hazmat"})))
    never = {"never": Calendar(open_weekdays=frozenset())}

    verdict = kept_out(order, network(replace(PLACE, **changes), calendars=never))  # type: ignore[arg-type]

    assert (verdict.rule, verdict.number, verdict.threshold) == (rule, number, threshold)


@pytest.mark.parametrize(
    "changes",
    [
        {"cool_off_until": NOW},
        {"serves": RegionRule(frozenset({"DE"}), frozenset({"BE"}), ("10 1",))},
        {"handles": frozenset({"hazmat", "glass"})},
        {"services": frozenset({"ground"})},
    ],
)
def test_a_fact_that_fits_lets_it_in(changes: dict[str, object]) -> None:
    order = asked(replace(MUG, flags=frozenset({"hazmat"})))

    assert offers(order, network(replace(PLACE, **changes)))  # type: ignore[arg-type]


def test_a_location_ships_the_other_lines_when_it_cannot_handle_one() -> None:
    order = asked(replace(MUG, flags=frozenset({"hazmat"})), RoutingLine("2", "LAMP", 1, 900))

    [candidate], _ = sift(order, network(replace(PLACE, handles=frozenset())), LOWEST_COST, NOW)

    assert candidate.available == {"LAMP": 9}


def test_an_order_for_a_service_level_goes_by_services_of_that_level_or_of_none() -> None:
    levels = [Service(name, (band(),), service_level=name) for name in ("express", "standard")]

    found = offers(asked(service_level="express"), network(services=[*levels, GROUND]))

    assert [offer.service for offer in found] == ["express", "ground"]


def test_a_pickup_order_is_served_by_its_store_and_by_transfers_to_it() -> None:
    store, other = replace(PLACE, id="store", kind="store"), replace(PLACE, id="other")
    leg = TransferLeg("a", "store", Decimal(200), Decimal(10), Decimal(50), days=Decimal(1))
    order = asked(method="pickup", pickup_location="store")

    candidates, excluded = sift(order, network(PLACE, other, store, transfers=(leg,)), LOWEST_COST, NOW)

    (transfer,), (collect,) = (candidate.offers for candidate in candidates)
    assert (transfer.service, transfer.freight.of((2,))) == ("transfer", Fraction(260))
    assert transfer.deliver_by == NOW + timedelta(days=1)
    assert (collect.service, collect.freight.of((2,)), collect.deliver_by) == ("pickup", Fraction(0), NOW)
    assert [(one.location_id, one.rule) for one in excluded] == [("other", "no_transfer")]


def test_no_carrier_is_needed_where_the_customer_collects() -> None:
    store = replace(PLACE, id="store", services=frozenset({"ground"}))
    order = asked(method="pickup", pickup_location="store")

    (shipment,) = plan(order, network(store), now=NOW).shipments

    assert shipment.service == "pickup"


def test_a_store_that_hands_nothing_out_serves_no_pickup() -> None:
    store = replace(PLACE, methods=frozenset({"ship"}))

    assert kept_out(asked(method="pickup", pickup_location="a"), network(store)).rule == "method"
