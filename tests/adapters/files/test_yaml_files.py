"""YAML files say what CSV files say, with the same checks, and each fault by its own line."""

from datetime import UTC, datetime, time
from decimal import Decimal

import pytest

from adapters.files.calendars import read_calendars_file
from adapters.files.locations import read_locations
from adapters.files.problems import UnusableFile
from adapters.files.rate_cards import read_rate_card
from adapters.files.stock import read_stock

PLACES_CSV = """id,kind,lat,lng,cutoff,groups,handles,countries,offline,cool_off_until
den,dc,39.7,-105,14:30,west;big,none,US;NO,no,2026-03-01
reno,store,39.5,-119.8,,,,,,
"""
PLACES_YAML = """# what ships
- id: den
  kind: dc
  lat: 39.7
  lng: -105
  cutoff: 14:30
  groups: [west, big]
  handles: []
  countries: [US, NO]
  offline: false
  cool_off_until: 2026-03-01
- {id: reno, kind: store, lat: 39.5, lng: -119.8, cutoff: ~}
"""


def faults(content: str) -> list[str]:
    with pytest.raises(UnusableFile) as caught:
        read_locations("f.yaml", content.encode())
    return [str(problem) for problem in caught.value.problems]


def test_a_yaml_file_says_what_its_csv_twin_says() -> None:
    twins = read_locations("f.csv", PLACES_CSV.encode()), read_locations("f.yml", PLACES_YAML.encode())

    assert twins[0].values == twins[1].values
    assert twins[0].columns == twins[1].columns
    assert [row.line for row in twins[1].rows] == [2, 12]
    assert twins[1].values[0].cutoff == time(14, 30)
    assert twins[1].values[0].cool_off_until == datetime(2026, 3, 1, tzinfo=UTC)


def test_calendars_stock_and_rates_are_read_from_yaml_too() -> None:
    calendar = b"- name: shop\n  open_weekdays: [mon, sat]\n  closed:\n    - 2026-12-24\n    - 2026-12-26\n"
    level = b"- location_id: den\n  sku: '007'\n  on_hand: 3\n"
    band = b"- max_km: 500\n  base: 4.99\n  per_kg: 0.5\n  transit_days: 2\n"

    assert read_calendars_file("f.yaml", calendar).values[0].open_weekdays == (0, 5)
    assert len(read_calendars_file("f.yaml", calendar).values[0].closed) == 2
    assert read_stock("f.yaml", level).values[0].sku == "007"
    assert read_rate_card("f.yaml", band).values[0].base == Decimal(499)


def test_every_fault_is_told_by_the_line_that_it_stands_on() -> None:
    content = """- id: den
  kind: shop
  lat: 39.7

  lng: 999
- id: den
  kind: dc
  lat: 1
- id: reno
  kind: dc
  lat: 1
  lng: 2
  groups: {a: b}
- id: reno
  kind: dc
  lat: 1
  lng: [3, 4]
"""

    assert faults(content) == [
        "f.yaml:2: kind: 'shop' is none of 3pl, dc, store, supplier",
        "f.yaml:5: lng: '999' must be between -180 and 180",
        "f.yaml:6: lng: is empty",
        "f.yaml:13: groups: a text, a number or a list of them is asked for",
        "f.yaml:17: lng: '3;4' is not a number",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "f.yaml:1: a list is asked for, each row with a dash of its own"),
        ("id: den\n", "f.yaml:1: a list is asked for, each row with a dash of its own"),
        ("- den\n", "f.yaml:1: names and values are asked for, as in id: denver"),
        ("- ? [a]\n  : b\n", "f.yaml:1: names and values are asked for, as in id: denver"),
        ("[{id: a}, {id: b}]\n", "f.yaml:1: begins on the line of the row before it"),
        ("- &a {id: x}\n- *a\n", "f.yaml:2: not YAML: write it out: aliases are not read"),
        ("- id: x\n   kind: y\n", "f.yaml:2: not YAML: mapping values are not allowed here"),
    ],
)
def test_what_is_no_list_of_rows_is_told(content: str, said: str) -> None:
    assert said in faults(content)


def test_a_name_that_stands_twice_in_a_row_and_a_column_that_nobody_gives_are_told() -> None:
    assert faults(
        "- {id: den, kind: dc, lat: 1, lng: 2}\n- id: b\n  id: c\n  kind: dc\n  lat: 1\n  lng: 2\n"
    ) == ["f.yaml:3: id: stands twice"]
    assert faults("- id: den\n  kind: dc\n  lat: 1\n") == [
        "f.yaml:1: lng: the column (or longitude, lon) is missing"
    ]
