"""`oms import` of what carriers keep to and charge: services, zones, bands by zone, surcharges."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from adapters.db.engine import create_engine
from adapters.db.network import load_network
from routing import Band, Network, Surcharge, ZoneMap, ZoneRow
from tests.cli.test_import import Import, Query, rows, run

__all__ = ["rows", "run"]

CALENDARS = "name,open_weekdays\ncarrier,mon;tue;wed;thu;fri;sat\n"
SERVICES = """name,service_level,dim_divisor,calendar,pickups
ground,expedited,5000,carrier,12:00;17:30
air,expedited,,,
"""
ZONES = """service,origin,destination,country,zone
ground,802 ,,US,far
ground,802,80,US,near
air,,,,all
"""
CARD = """service,postal_zone,max_km,base,per_kg,transit_days
ground,near,50000,4.99,0.5,1
ground,far,50000,9.99,1,4
"""
SURCHARGES = """service,name,kind,amount,longest_mm,length_and_girth_mm,weight_g,flag
ground,home,residential,4.25,,,,
ground,large,oversize,18,1200,3000,,Bulky
"""
FILES = {
    "calendars": CALENDARS,
    "services": SERVICES,
    "zones": ZONES,
    "rate-card": CARD,
    "surcharges": SURCHARGES,
}


def network(url: str) -> Network:
    async def read() -> Network:
        engine = create_engine(url, pool_size=1, statement_timeout=timedelta(seconds=10))
        async with engine.connect() as connection:
            found = await load_network(connection, (), datetime(2026, 3, 1, tzinfo=UTC), "expedited")
        await engine.dispose()
        return found

    return asyncio.run(read())


def test_what_is_imported_of_a_service_is_what_routing_reads(run: Import, fresh_database_url: str) -> None:
    told = [run(command, content).output for command, content in FILES.items()]

    assert told == ["1 calendars\n", "2 services\n", "3 rows of zones\n", "2 bands\n", "2 surcharges\n"]
    (ground,) = network(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://")).services
    assert (ground.name, ground.service_level, ground.dim_divisor) == ("ground", "expedited", Decimal(5000))
    assert (ground.calendar, ground.pickups) == ("carrier", (time(12), time(17, 30)))
    assert ground.zones == ZoneMap((ZoneRow("802", "", "far", "US"), ZoneRow("802", "80", "near", "US")))
    assert ground.bands == (
        Band(Decimal(50_000), Decimal(999), Decimal(100), Decimal(4), "far"),
        Band(Decimal(50_000), Decimal(499), Decimal(50), Decimal(1), "near"),
    )
    assert ground.surcharges == (
        Surcharge("home", "residential", Decimal(425)),
        Surcharge("large", "oversize", Decimal(1800), 1200, 3000, None, "bulky"),
    )


def test_a_file_replaces_what_it_names_and_leaves_what_it_has_no_column_for(run: Import, rows: Query) -> None:
    for command, content in FILES.items():
        run(command, content)

    run("services", "name,active\nground,no\n")
    run("zones", "service,zone,destination\nground,one,\n")
    run("surcharges", "service,name,kind,amount\nair,home,residential,1\n")

    kept = "SELECT active, service_level, dim_divisor, zones -> 0 ->> 'zone', jsonb_array_length(surcharges)"
    assert rows(f"{kept} FROM carrier_services WHERE name = 'ground'") == [
        (False, "expedited", Decimal(5000), "one", 2)
    ]


def test_names_that_are_not_there_are_told_by_their_lines_and_nothing_is_written(
    run: Import, rows: Query
) -> None:
    calendar = run("services", SERVICES)
    run("services", "name\nground\n")
    service = run("zones", ZONES)
    zone = run("rate-card", CARD)
    kinds = run(
        "surcharges",
        "service,name,kind,amount,weight_g\nground,a,oversize,1,\nground,b,flag,1,\nground,c,home,-1,0\n",
    )
    twice = run("zones", "service,zone,destination\nground,a,8 0\nground,b,80\n")

    assert "file.csv:2: calendar: there is no calendar carrier" in calendar.output
    assert "file.csv:4: service: there is no service air" in service.output
    assert "file.csv:2: postal_zone: ground has no zone near" in zone.output
    assert "file.csv:2: kind: surcharge a: an oversize surcharge needs a limit or a flag" in kinds.output
    assert "file.csv:3: kind: surcharge b: of which flag?" in kinds.output
    assert "file.csv:4: kind: 'home' is none of flag, oversize, residential" in kinds.output
    assert "file.csv:3: destination: anywhere to 80 of ground is on line 2 already" in twice.output
    assert rows("SELECT zones IS NULL, surcharges FROM carrier_services") == [(True, "[]")]
    assert rows("SELECT count(*) FROM service_bands") == [(0,)]


def test_prices_in_another_currency_need_its_rate(run: Import, fresh_database_url: str) -> None:
    services = "name,service_level,currency\nground,expedited,eur\n"

    early = run("services", services)
    nothing = run("exchange-rates", "currency,rate\nEUR,0\nXXY,1\n")
    told = run("exchange-rates", "currency,rate\neur,1.08\nJPY,0.67\n")
    run("services", services)
    run("rate-card", "service,max_km,base,per_kg,transit_days\nground,500,4.99,0,1\n")

    assert "file.csv:2: currency: there is no exchange rate of EUR" in early.output
    assert "file.csv:2: rate: a currency is worth more than nothing" in nothing.output
    assert "file.csv:3: currency: 'XXY' is no currency of ISO 4217" in nothing.output
    assert told.output == "2 exchange rates\n"
    found = network(fresh_database_url.replace("postgresql://", "postgresql+asyncpg://"))
    assert [one.currency for one in found.services] == ["EUR"]
    assert found.exchange == {"EUR": Decimal("1.08")}


def test_transfers_replace_those_to_the_stores_that_the_file_names(run: Import, rows: Query) -> None:
    places = "\n".join(f"{name},store,39.7,-105" for name in ("dc", "den", "reno"))
    run("locations", f"id,kind,lat,lng\n{places}\n")

    first = run(
        "transfers", "origin,store,base,per_unit,days\ndc,den,2.50,0.1,1\ndc,reno,3,,\nreno,den,1,,\n"
    )
    run("transfers", "origin,store,base\ndc,den,2\n")
    wrong = run("transfers", "origin,store,base\nden,den,1\ndc,den,\n")
    unknown = run("transfers", "origin,store,base\ndc,nowhere,1\n")

    assert first.output == "3 transfers\n"
    legs = "SELECT origin, store, base::int, per_unit::int, days::int FROM transfer_legs ORDER BY store"
    assert rows(legs) == [("dc", "den", 200, 0, 0), ("dc", "reno", 300, 0, 0)]
    assert "file.csv:2: store: a location needs no transfer to itself" in wrong.output
    assert "file.csv:3: base: is empty" in wrong.output
    assert "file.csv:2: store: there is no location nowhere" in unknown.output
