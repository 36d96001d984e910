"""The input's hash: equal inputs have equal hashes, and every field counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from routing import (
    LOWEST_COST,
    Band,
    Calendar,
    Destination,
    InboundSupply,
    Network,
    RegionRule,
    RoutingLine,
    RoutingLocation,
    RoutingOrder,
    Service,
    StockPosition,
    Surcharge,
    TransferLeg,
    WeightBreak,
    ZoneMap,
    ZoneRow,
)
from routing.record.snapshot import Question, hashes_of, input_hash, parts_of

LINE = RoutingLine("1", "MUG", 2, 400)
ORDER = RoutingOrder((LINE,), Destination(52.5, 13.4))
PLACE = RoutingLocation("a", "dc", 50, 8, Decimal(100))
BAND = Band(Decimal(900), Decimal(500), Decimal(0), Decimal(2))
SERVICE = Service("ground", (BAND,))
NETWORK = Network((PLACE,), {("a", "MUG"): 3}, (SERVICE,), calendars={"week": Calendar()})


def with_place(**changes: object) -> tuple[RoutingOrder, Network]:
    return ORDER, replace(NETWORK, locations=(replace(PLACE, **changes),))  # type: ignore[arg-type]


def with_service(**changes: object) -> tuple[RoutingOrder, Network]:
    return ORDER, replace(NETWORK, services=(replace(SERVICE, **changes),))  # type: ignore[arg-type]


def with_network(**changes: object) -> tuple[RoutingOrder, Network]:
    return ORDER, replace(NETWORK, **changes)  # type: ignore[arg-type]


def with_order(**changes: object) -> tuple[RoutingOrder, Network]:
    return replace(ORDER, **changes), NETWORK  # type: ignore[arg-type]


def with_line(**changes: object) -> tuple[RoutingOrder, Network]:
    return with_order(lines=(replace(LINE, **changes),))  # type: ignore[arg-type]


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHANGED = (
    with_line(dims_mm=(10, 20, 30)),
    with_line(flags=frozenset({"hazmat"})),
    with_line(keep_together="set"),
    with_line(category="mugs"),
    with_line(value=Decimal(1)),
    with_order(destination=replace(ORDER.destination, country="DE")),
    with_order(destination=replace(ORDER.destination, residential=True)),
    with_order(method="pickup"),
    with_order(service_level="express"),
    with_order(deliver_by=NOON),
    with_order(channel="shop"),
    with_order(customer_tier="gold"),
    with_order(rejects={"a": 1}),
    with_place(postal_code="60311"),
    with_place(time_zone="Europe/Berlin"),
    with_place(calendar="week"),
    with_place(cutoff=time(14)),
    with_place(processing=timedelta(hours=2)),
    with_place(groups=frozenset({"big"})),
    with_place(services=frozenset({"ground"})),
    with_place(methods=frozenset({"ship"})),
    with_place(serves=RegionRule(countries=frozenset({"DE"}))),
    with_place(handles=frozenset()),
    with_place(offline=True),
    with_place(cool_off_until=NOON),
    with_place(priority=1),
    with_service(service_level="express"),
    with_service(methods=frozenset({"pickup"})),
    with_service(dim_divisor=Decimal(5000)),
    with_service(surcharges=(Surcharge("long", "oversize", Decimal(5), longest_mm=1200),)),
    with_service(calendar="week"),
    with_service(pickups=(time(16),)),
    with_service(zones=ZoneMap((ZoneRow("", "1", "near"),))),
    with_service(bands=(replace(BAND, breaks=(WeightBreak(Decimal(1), Decimal(5)),)),)),
    with_network(calendars={"week": Calendar(closed=frozenset({date(2026, 5, 1)}))}),
    with_network(inbound=(InboundSupply("a", "MUG", 1, NOON),)),
    with_network(positions={("a", "MUG"): StockPosition(3)}),
    with_network(transfers=(TransferLeg("a", "b", Decimal(3)),)),
    with_network(distances={"a": 5}),
    with_network(currency="EUR"),
    with_network(exchange={"USD": Decimal("0.9")}),
)


def fingerprint(order: RoutingOrder, network: Network) -> str:
    return input_hash(hashes_of(parts_of(Question(order, network, LOWEST_COST, NOON))))


def test_every_field_of_the_input_changes_the_hash() -> None:
    hashes = {fingerprint(ORDER, NETWORK), *(fingerprint(*changed) for changed in CHANGED)}

    assert len(hashes) == len(CHANGED) + 1


def test_equal_inputs_hash_alike_however_they_are_written() -> None:
    east = timezone(timedelta(hours=5))
    supply = (InboundSupply("a", "MUG", 1, NOON), InboundSupply("a", "MUG", 2, NOON))
    one = fingerprint(
        replace(ORDER, deliver_by=NOON, rejects={"a": 1, "b": 2}),
        replace(NETWORK, distances={"a": 5, "b": 6}, exchange={"USD": Decimal("0.90")}, inbound=supply),
    )
    other = fingerprint(
        replace(ORDER, deliver_by=NOON.astimezone(east), rejects={"b": 2, "a": 1}),
        replace(
            NETWORK, distances={"b": 6.0, "a": 5.0}, exchange={"USD": Decimal("0.9")}, inbound=supply[::-1]
        ),
    )

    assert one == other
