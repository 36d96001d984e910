"""Files as rows of the trade, or as what is wrong with them, by line and column."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapters.db.catalog import Location, Product
from adapters.db.opening_stock import OpeningLevel
from adapters.db.postal import PostalArea
from adapters.db.rate_cards import RateBand
from adapters.files.locations import read_locations
from adapters.files.orders import OrderTerms, read_orders
from adapters.files.postal import read_postal_areas
from adapters.files.problems import UnusableFile
from adapters.files.products import read_products
from adapters.files.rate_cards import read_rate_card
from adapters.files.stock import read_stock

READERS: dict[str, Callable[[bytes], object]] = {
    "locations": lambda content: read_locations("f", content),
    "products": lambda content: read_products("f", content),
    "stock": lambda content: read_stock("f", content),
    "rates": lambda content: read_rate_card("f", content),
    "postal": lambda content: read_postal_areas("f", content),
    "orders": lambda content: read_orders("f", content, OrderTerms()),
}
LOCATION = "location_id,kind,lat,lng\n"
ORDER = "order_id,sku,quantity,price,customer,zip\n"


def problems(reader: str, content: str | bytes) -> list[str]:
    with pytest.raises(UnusableFile) as caught:
        READERS[reader](content if isinstance(content, bytes) else content.encode())
    return [str(problem) for problem in caught.value.problems]


def test_locations_are_read_with_what_the_file_says_of_them() -> None:
    content = (
        "\ufefflocation_id,kind,city,state,lat,lng,handling_cost,daily_order_capacity,cutoff_local\n"
        'gru-dc,DC,"São\u00a0Paulo",SP,-23.5643,-46.6464,1.5,400,16:00\n'
        "\n"
        "mao-sup,supplier,,,-3.064,-59.9963,0.0,,10:00\n"
    )

    parsed = read_locations("f", content.encode())

    assert parsed.values == [
        Location(
            "gru-dc", "São\u00a0Paulo, SP", "dc", -23.5643, -46.6464, "UTC", Decimal(150), Decimal(0), 400
        ),
        Location("mao-sup", "mao-sup", "supplier", -3.064, -59.9963),
    ]
    assert [row.line for row in parsed.rows] == [2, 4]
    assert "time_zone" not in parsed.columns


def test_the_columns_of_a_location_can_all_be_given() -> None:
    content = (
        "id,name,kind,lat,lng,time_zone,handling_cost,handling_per_unit,daily_capacity,capacity_unit,active\n"
        "den,Denver,store,39.7,-105,America/Denver,150.25,2,50,units,no\n"
    )

    (location,) = read_locations("f", content.encode(), "minor").values

    assert location == Location(
        "den",
        "Denver",
        "store",
        39.7,
        -105.0,
        "America/Denver",
        Decimal("150.25"),
        Decimal(2),
        50,
        "units",
        active=False,
    )


def test_products_can_be_read_from_a_file_of_orders() -> None:
    content = b"order_id,sku,weight_g,category\n1,A,100,tents\n2,A,100,tents\n2,B,200,\n"

    parsed = read_products("f", content)

    assert parsed.values == [Product("A", "tents", 100, category="tents"), Product("B", "B", 200)]


def test_stock_and_postal_areas_are_read() -> None:
    assert read_stock("f", b"sku,location_id,on_hand\nA,den,3\n").values == [OpeningLevel("den", "A", 3)]
    assert read_postal_areas("f", b"zip_prefix,lat,lng\n802-03,39.7,-105\n").values == [
        PostalArea("US", "80203", 39.7, -105.0)
    ]


def test_money_in_major_units_becomes_exact_minor_units() -> None:
    content = b"zone,min_km,max_km,base,per_kg,transit_days_p50,n\n1,0,100,8.11,1.585,2.1,9\n"

    assert read_rate_card("f", content).values == [
        RateBand("standard", Decimal(100), Decimal(811), Decimal("158.5"), Decimal("2.1"))
    ]


def test_rows_of_one_order_number_are_one_order() -> None:
    content = (
        "order_id,sku,price,quantity,placed_at,customer,zip_prefix,city,state,lat,lng,freight_paid\n"
        "o1,A,39.99,1,2016-09-04 21:15:19,c1,69309,boa vista,RR,2.8132,-60.7011,31.67\n"
        "o2,A,39.99,2,2016-09-05 00:15:00-03:00,c2,01014,sao paulo,SP,,,54.800000000000004\n"
        "o1,B,32.9,3,2016-09-04 21:15:19,c1,69309,boa vista,RR,2.8132,-60.7011,1\n"
    )

    first, second = read_orders("f", content.encode(), OrderTerms(currency="BRL", country="BR")).values

    assert first.body == {
        "channel": "web",
        "order_number": "o1",
        "currency": "BRL",
        "placed_at": "2016-09-04T21:15:19Z",
        "customer": {"id": "c1", "name": "c1", "email": "c1@example.com"},
        "ship_to": {
            "name": "c1",
            "line1": "-",
            "city": "boa vista",
            "region": "RR",
            "postal_code": "69309",
            "country": "BR",
            "lat": 2.8132,
            "lng": -60.7011,
        },
        "lines": [
            {"sku": "A", "quantity": 1, "unit_price": 3999},
            {"sku": "B", "quantity": 3, "unit_price": 3290},
        ],
        "delivery": {"method": "ship", "service_level": "standard"},
        "shipping_price": 3267,
        "payment": {"provider": "sandbox", "token": "tok_ok"},
    }
    assert second.body["placed_at"] == "2016-09-05T03:15:00Z"
    assert second.body["shipping_price"] == 5480
    assert "lat" not in second.body["ship_to"]


def test_an_order_says_by_when_for_whom_and_to_what_house() -> None:
    content = ORDER.strip() + ",deliver_by,tier,residential\no1,A,1,5,c,80203,2026-03-01,gold,yes\n"

    (draft,) = read_orders("f", content.encode(), OrderTerms()).values

    assert draft.body["deliver_by"] == "2026-03-01T00:00:00Z"
    assert (draft.body["customer"]["tier"], draft.body["ship_to"]["residential"]) == ("gold", True)


def test_a_shipping_price_of_the_order_wins_over_freight_per_row() -> None:
    content = ORDER.strip() + ",shipping_price,freight_paid,discount\no1,A,1,5,c,80203,4.99,9.99,1.25\n"

    (draft,) = read_orders("f", content.encode(), OrderTerms()).values

    assert draft.body["shipping_price"] == 499
    assert draft.body["lines"] == [{"sku": "A", "quantity": 1, "unit_price": 500, "discount": 125}]
    assert draft.body["discount"] == 125


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 1500), ("USD", 150_000), ("KWD", 1_500_000)])
def test_what_customers_paid_is_read_with_the_decimals_of_its_currency(currency: str, minor: int) -> None:
    content = ORDER.strip() + ",tax\no1,A,1,1500,c,80203,15\no1,B,1,1500.000,c,80203,\n"

    (draft,) = read_orders("f", content.encode(), OrderTerms(currency=currency)).values

    assert [line["unit_price"] for line in draft.body["lines"]] == [minor, minor]
    assert draft.body["tax"] == draft.body["lines"][0]["tax"] == minor // 100


def test_a_fraction_of_a_yen_is_refused() -> None:
    with pytest.raises(UnusableFile, match=r"f:2: price: '0\.5' has more decimals than are kept"):
        read_orders("f", (ORDER + "o1,A,1,0.5,c,80203\n").encode(), OrderTerms(currency="JPY"))


@pytest.mark.parametrize(
    ("reader", "content", "expected"),
    [
        ("stock", "", ["f:1: the file is empty"]),
        ("stock", "sku;location_id;on_hand\n", 3),
        (
            "stock",
            "sku,qty\n",
            ["f:1: location_id: the column (or location) is missing"],
        ),
        ("stock", "sku,SKU,location,qty\n", ["f:1: SKU: the same column as sku"]),
        ("stock", "sku,location,qty\nA,den\n", ["f:2: 2 fields, the header has 3"]),
        ("stock", "sku,location,qty\nA,den,-1\n", ["f:2: qty: '-1' must be between 0 and 2147483647"]),
        ("stock", "sku,location,qty\nA,den,1.5\n", ["f:2: qty: '1.5' is not a whole number"]),
        ("stock", "sku,location,qty\nA,den,1_0\n", ["f:2: qty: '1_0' is not a whole number"]),
        (
            "stock",
            "sku,location,qty\nA,den,9999999999\n",
            ["f:2: qty: '9999999999' must be between 0 and 2147483647"],
        ),
        ("stock", "sku,location,qty\n,den,\n", ["f:2: sku: is empty", "f:2: qty: is empty"]),
        ("stock", "sku,location,qty\nA,d,1\nA,d,2\n", ["f:3: sku: A at d is on line 2 already"]),
        ("stock", 'sku,location,qty\nA,d,1\n"A,d,2\n', ["f:3: not CSV: unexpected end of data"]),
        ("stock", 'sku,location,qty\n"A\nB",d,1\nC,d,x\n', 2),
        (
            "stock",
            b"sku,location,qty\nA,d,1\n\xe3A,d,1\n",
            ["f:3: not UTF-8 (byte 0xe3); save the file as UTF-8"],
        ),
        ("locations", LOCATION + "a,dc,nan,0\n", ["f:2: lat: 'nan' is not a number"]),
        ("locations", LOCATION + "a,dc,0,inf\n", ["f:2: lng: 'inf' is not a number"]),
        ("locations", LOCATION + "a,dc,90.1,0\n", ["f:2: lat: '90.1' must be between -90 and 90"]),
        ("locations", LOCATION + "a,dc,0,-181\n", ["f:2: lng: '-181' must be between -180 and 180"]),
        ("locations", LOCATION + "a,shop,0,0\n", ["f:2: kind: 'shop' is none of 3pl, dc, store, supplier"]),
        (
            "locations",
            LOCATION + "a,dc,0,0\na,dc,0,0\n",
            ["f:3: location_id: location a is on line 2 already"],
        ),
        (
            "locations",
            "id,kind,lat,lng,tz,handling_cost\na,dc,0,0,Mars/North,-1\n",
            [
                "f:2: tz: 'Mars/North' is not a time zone",
                "f:2: handling_cost: '-1' must be an amount of money of at least 0 and less than 100 million",
            ],
        ),
        (
            "locations",
            "id,kind,lat,lng,handling_cost\na,dc,0,0,0.0000001\n",
            ["f:2: handling_cost: '0.0000001' has more decimals than are kept"],
        ),
        ("products", "sku,weight_g\nA,1\nA,2\n", ["f:3: weight_g: A weighs 1 on line 2"]),
        ("products", "sku,weight_g,name\nA,1,a\nA,1,b\n", ["f:3: name: A is called 'a' on line 2"]),
        ("products", "sku,weight_g\nA\x00,1\n", [r"f:2: sku: 'A\x00' holds a control character"]),
        ("products", f"sku,weight_g\n{'A' * 101},1\n", 1),
        (
            "rates",
            "min_km,max_km,base,per_kg,days\n0,100,1,1,1\n200,300,1,1,1\n",
            ["f:3: min_km: 200, but the band before it ends at 100"],
        ),
        (
            "rates",
            "max_km,base,per_kg,days\n100,1,1,1\n100.0,2,1,1\n",
            ["f:3: max_km: standard to 100.0 km is on line 2 already"],
        ),
        ("postal", "zip,lat,lng\n-,0,0\n", ["f:2: postal_code: holds no letter or digit"]),
        ("postal", "zip,lat,lng\n802 03,0,0\n80203,0,0\n", 1),
        (
            "orders",
            ORDER + "1,A,0,0.001,c,80203\n",
            [
                "f:2: quantity: '0' must be between 1 and 1000000",
                "f:2: price: '0.001' has more decimals than are kept",
            ],
        ),
        (
            "orders",
            ORDER + "1,A,1,1,c,80203\n1,B,1,1,d,80203\n",
            ["f:3: customer: differs from line 2 of the same order"],
        ),
        (
            "orders",
            "order_id,sku,quantity,price,customer,zip,placed_at\n1,A,1,1,c,80203,yesterday\n",
            ["f:2: placed_at: 'yesterday' is not a date and time like 2026-03-01 14:30:00"],
        ),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(
    reader: str, content: str | bytes, expected: list[str] | int
) -> None:
    found = problems(reader, content)

    assert (len(found) if isinstance(expected, int) else found) == expected


def test_every_problem_is_collected_and_the_first_fifty_are_shown() -> None:
    content = "sku,location,qty\n" + "".join(f"A{n},den,x\n" for n in range(70))

    with pytest.raises(UnusableFile) as caught:
        read_stock("f", content.encode())

    shown = str(caught.value).splitlines()
    assert len(caught.value.problems) == 70
    assert shown[0] == "f:2: qty: 'x' is not a whole number"
    assert shown[50:] == ["… and 20 more"]


def test_a_moment_without_offset_is_utc() -> None:
    content = ORDER.strip() + ",placed_at\n1,A,1,1,c,80203,2026-03-01 14:30\n"

    (draft,) = read_orders("f", content.encode(), OrderTerms()).values

    assert datetime.fromisoformat(draft.body["placed_at"]) == datetime(2026, 3, 1, 14, 30, tzinfo=UTC)
