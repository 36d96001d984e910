"""`oms import` of calendars, of what locations can do, of sizes, and of weight breaks."""

from tests.cli.test_import import Import, Query, rows, run

__all__ = ["rows", "run"]

CALENDARS = """name,open_weekdays,holidays,closed,extra_open
shop,mon;tue;wed;thu;fri;sat,US-CO,2026-12-26,2026-07-04
carrier,,DE,,
"""
PLACES = """location_id,kind,lat,lng,calendar,cutoff,processing_minutes,services,handles,countries,offline
den,dc,39.7,-105,shop,14:30,90,ground;air,none,US;CA,no
reno,dc,39.5,-119.8,,,,,,,yes
"""


def test_calendars_and_hours_are_taken_over(run: Import, rows: Query) -> None:
    assert run("calendars", CALENDARS).output == "2 calendars\n"
    assert run("locations", PLACES).output == "2 locations\n"

    assert rows("SELECT name, open_weekdays, holidays FROM calendars ORDER BY name") == [
        ("carrier", [0, 1, 2, 3, 4], "DE"),
        ("shop", [0, 1, 2, 3, 4, 5], "US-CO"),
    ]
    facts = "SELECT cutoff::text, processing_minutes, services, handles, offline FROM locations ORDER BY id"
    assert rows(facts) == [
        ("14:30:00", 90, ["ground", "air"], [], False),
        (None, 0, None, None, True),
    ]
    assert rows("SELECT serves ->> 'countries' FROM locations WHERE id = 'den'") == [('["US", "CA"]',)]


def test_a_file_without_these_columns_leaves_them_as_they_are(run: Import, rows: Query) -> None:
    run("calendars", CALENDARS)
    run("locations", PLACES)

    run("locations", "location_id,kind,lat,lng\nden,dc,39.7,-105\n")

    assert rows("SELECT calendar, serves IS NULL FROM locations WHERE id = 'den'") == [("shop", False)]


def test_every_wrong_cell_is_told_by_its_line_and_nothing_is_written(run: Import, rows: Query) -> None:
    calendars = run("calendars", "name,open_weekdays,holidays,closed\na,mon;sud,,\nb,,XX,\nc,,,yesterday\n")
    places = run("locations", PLACES.replace("14:30", "25:00"))
    unknown = run("locations", PLACES)

    assert calendars.exit_code == places.exit_code == unknown.exit_code == 1
    assert "file.csv:2: open_weekdays: 'sud' is none of" in calendars.output
    assert "file.csv:3: holidays: no public holidays are known of 'XX'" in calendars.output
    assert "file.csv:4: closed:" in calendars.output
    assert "file.csv:2: cutoff: '25:00' is no time of day like 14:30" in places.output
    assert "file.csv:2: calendar: there is no calendar shop" in unknown.output
    assert rows("SELECT (SELECT count(*) FROM calendars) + (SELECT count(*) FROM locations)") == [(0,)]


def test_products_have_sides_flags_and_a_category(run: Import, rows: Query) -> None:
    header = "sku,weight_g,length_mm,width_mm,height_mm,flags,category\n"

    assert run("products", header + "TENT,4000,600,200,200,oversize;Hazmat,outdoor\n").exit_code == 0
    short = run("products", header + "LAMP,900,100,,50,,\n")

    assert rows("SELECT length_mm, width_mm, height_mm, flags, category FROM products") == [
        (600, 200, 200, ["oversize", "hazmat"], "outdoor")
    ]
    assert "file.csv:2: length_mm: length_mm, width_mm and height_mm go together" in short.output


def test_rows_of_one_band_are_its_weight_breaks(run: Import, rows: Query) -> None:
    card = """max_km,max_kg,base,per_kg,transit_days
500,2,6.99,0.50,2
500,1,4.99,0,2
2000,1,9.99,0,4
"""

    assert run("rate-card", card).output == "3 bands\n"
    lightest = "SELECT (breaks -> 0 ->> 'max_kg')::numeric FROM service_bands ORDER BY max_km"
    heavier = "SELECT (breaks -> 1 ->> 'base')::numeric FROM service_bands WHERE max_km = 500"
    assert rows(lightest) == [(1,), (1,)]
    assert rows(heavier) == [(699,)]


def test_a_band_has_breaks_in_all_its_rows_or_in_none(run: Import) -> None:
    mixed = run("rate-card", "max_km,max_kg,base,per_kg,transit_days\n500,2,6.99,0,2\n500,,4.99,0,2\n")

    assert "file.csv:3: max_kg: line 2 is of the same band: give both a break" in mixed.output
