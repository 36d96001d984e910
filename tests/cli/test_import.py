"""`oms import`, from files to a real database."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from cli.import_ import import_

LOCATIONS = "location_id,kind,lat,lng,handling_cost\nden,dc,39.7,-105,1.5\nreno,store,39.5,-119.8,4\n"
PRODUCTS = "sku,weight_g,name\nTENT,2400,Tent\nLAMP,95,Lamp\n"
STOCK = "sku,location_id,on_hand\nTENT,den,5\nTENT,reno,3\nLAMP,den,7\n"
RATES = "max_km,base,per_kg,transit_days\n100,8.11,1.5,2\n5000,9.99,2,5\n"
FILES = {"locations": LOCATIONS, "products": PRODUCTS, "stock": STOCK, "rate-card": RATES}
LEVELS = "SELECT sku, location_id, on_hand, reserved FROM stock ORDER BY sku, location_id"

Import = Callable[..., Result]
Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def run(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Import:
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.chdir(tmp_path)

    def run(command: str, content: str, *options: str) -> Result:
        Path("file.csv").write_text(content, encoding="utf-8")
        return CliRunner().invoke(import_, [command, "file.csv", *options], catch_exceptions=False)

    return run


@pytest.fixture
def rows(fresh_database_url: str) -> Query:
    async def fetch(query: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(fresh_database_url)
        found = [tuple(row) for row in await connection.fetch(query)]
        await connection.close()
        return found

    return lambda query: asyncio.run(fetch(query))


@pytest.fixture
def network(run: Import) -> Import:
    for command, content in FILES.items():
        result = run(command, content)
        assert result.exit_code == 0, result.output
    return run


def test_a_file_tells_how_much_was_taken_over(run: Import) -> None:
    assert run("locations", LOCATIONS).output == "2 locations\n"
    assert run("products", PRODUCTS).output == "2 products\n"
    assert run("stock", STOCK).output == "3 stock levels\n"
    assert run("rate-card", RATES, "--service-level", "expedited").output == "2 bands\n"
    assert run("postal", "zip,lat,lng\n80203,39.7,-105\n").output == "1 postal areas\n"


def test_what_was_imported_is_in_the_database(network: Import, rows: Query) -> None:
    assert rows(LEVELS) == [("LAMP", "den", 7, 0), ("TENT", "den", 5, 0), ("TENT", "reno", 3, 0)]
    assert rows("SELECT id, handling_cost FROM locations ORDER BY id") == [("den", 150), ("reno", 400)]
    assert rows("SELECT sum(on_hand_delta), count(*) FROM stock_movements") == [(15, 3)]
    assert rows("SELECT service, base FROM service_bands ORDER BY max_km") == [
        ("standard", 811),
        ("standard", 999),
    ]


def test_importing_every_file_again_changes_nothing(network: Import, rows: Query) -> None:
    for command, content in FILES.items():
        assert network(command, content).exit_code == 0

    assert len(rows("SELECT * FROM locations")) == 2
    assert len(rows("SELECT * FROM service_bands")) == 2
    assert rows("SELECT sum(on_hand_delta), count(*) FROM stock_movements") == [(15, 3)]


def test_a_count_that_differs_is_taken_over_with_its_movement(network: Import, rows: Query) -> None:
    network("stock", "sku,location_id,on_hand\nTENT,den,2\n")

    assert rows(LEVELS) == [("LAMP", "den", 7, 0), ("TENT", "den", 2, 0), ("TENT", "reno", 3, 0)]
    assert rows("SELECT on_hand_delta, actor FROM stock_movements ORDER BY id DESC LIMIT 1") == [
        (-3, "import")
    ]


def test_a_count_of_an_earlier_moment_than_the_last_says_nothing_new(network: Import, rows: Query) -> None:
    network("stock", "sku,location_id,on_hand\nTENT,den,2\n", "--as-of", "2020-01-01")

    assert ("TENT", "den", 5, 0) in rows(LEVELS)


def test_nobody_counts_in_the_future(network: Import) -> None:
    result = network("stock", STOCK, "--as-of", "2999-01-01")

    assert result.exit_code == 2
    assert "future" in result.output


def test_one_error_keeps_the_whole_file_out(network: Import, rows: Query) -> None:
    result = network("stock", "sku,location_id,on_hand\nLAMP,reno,9\nNONE,den,1\nTENT,nowhere,1\n")

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "file.csv:3: sku: there is no product NONE",
        "file.csv:4: location_id: there is no location nowhere",
    ]
    assert len(rows(LEVELS)) == 3


def test_unknown_skus_can_be_left_out(network: Import, rows: Query) -> None:
    result = network("stock", "sku,location_id,on_hand\nLAMP,reno,9\nNONE,den,1\n", "--skip-unknown-skus")

    assert result.output == "1 stock levels, 1 of unknown SKUs left out\n"
    assert ("LAMP", "reno", 9, 0) in rows(LEVELS)


def test_what_a_file_has_no_column_for_stays_as_it_is(network: Import, rows: Query) -> None:
    network("locations", "location_id,kind,lat,lng\nden,dc,40,-105\n")
    network("products", "sku,weight_g\nTENT,2500\n")

    assert rows("SELECT lat, handling_cost FROM locations WHERE id = 'den'") == [(40.0, 150)]
    assert rows("SELECT name, weight_g FROM products WHERE sku = 'TENT'") == [("Tent", 2500)]


def test_money_may_be_in_minor_units(run: Import, rows: Query) -> None:
    run("locations", LOCATIONS, "--money", "minor")

    assert [float(cost) for (cost,) in rows("SELECT handling_cost FROM locations ORDER BY id")] == [1.5, 4.0]


def test_a_database_that_is_not_there_is_told(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/none")

    result = run("products", PRODUCTS)

    assert result.exit_code == 1
    assert "cannot be reached" in result.output


def test_tax_rates_replace_those_of_their_countries_all_or_nothing(run: Import, rows: Query) -> None:
    table = "SELECT country, region, percent::text, valid_from::text FROM tax_rates ORDER BY 1, 2, 4"
    first = run("tax-rates", "country,region,percent\nUS,CO,2.9\nUS,NY,4\nDE,,19\n")
    refused = run("tax-rates", "country,percent\nUS,5\nUS,400\n")
    kept = rows(table)
    again = run("tax-rates", "country,percent,valid_from\nUS,5.25,2026-01-01\n")

    assert (first.exit_code, first.output) == (0, "3 tax rates\n")
    assert (refused.exit_code, refused.output) == (
        1, "file.csv:3: percent: '400' must be between 0 and 100\n",
    )  # fmt: skip
    assert [row[:2] for row in kept] == [("DE", ""), ("US", "CO"), ("US", "NY")]
    assert again.exit_code == 0
    assert rows(table) == [("DE", "", "19.000000", "1900-01-01"), ("US", "", "5.250000", "2026-01-01")]


def test_products_keep_their_tax_category_when_the_file_has_none(run: Import, rows: Query) -> None:
    run("products", "sku,weight_g,name,tax_category\nTEA,100,Tea,Food\nMUG,300,Mug,\n")
    run("products", "sku,weight_g\nTEA,120\n")

    assert rows("SELECT sku, name, weight_g, tax_category FROM products ORDER BY sku") == [
        ("MUG", "Mug", 300, "standard"), ("TEA", "Tea", 120, "food"),
    ]  # fmt: skip
