"""Invented people, and places in the United States that parcels go to."""

from random import Random
from typing import Any, Final, NamedTuple


class Place(NamedTuple):
    """A city by one of its ZIP codes and where that lies."""

    city: str
    region: str
    postal_code: str
    lat: float
    lng: float


US_PLACES: Final = (
    Place("New York", "NY", "10001", 40.7506, -73.9972),
    Place("Boston", "MA", "02108", 42.3576, -71.0651),
    Place("Philadelphia", "PA", "19103", 39.9525, -75.1741),
    Place("Pittsburgh", "PA", "15222", 40.4475, -79.9950),
    Place("Washington", "DC", "20001", 38.9109, -77.0163),
    Place("Charlotte", "NC", "28202", 35.2286, -80.8427),
    Place("Atlanta", "GA", "30303", 33.7529, -84.3925),
    Place("Miami", "FL", "33130", 25.7672, -80.2055),
    Place("Tampa", "FL", "33602", 27.9506, -82.4572),
    Place("Nashville", "TN", "37203", 36.1498, -86.7899),
    Place("Columbus", "OH", "43215", 39.9671, -83.0044),
    Place("Detroit", "MI", "48226", 42.3333, -83.0484),
    Place("Chicago", "IL", "60601", 41.8858, -87.6181),
    Place("Minneapolis", "MN", "55401", 44.9836, -93.2698),
    Place("Saint Louis", "MO", "63101", 38.6346, -90.1913),
    Place("New Orleans", "LA", "70112", 29.9605, -90.0753),
    Place("Dallas", "TX", "75201", 32.7904, -96.8044),
    Place("Houston", "TX", "77002", 29.7594, -95.3594),
    Place("Austin", "TX", "78701", 30.2713, -97.7426),
    Place("Kansas City", "MO", "64105", 39.1024, -94.5986),
    Place("Denver", "CO", "80202", 39.7491, -104.9946),
    Place("Phoenix", "AZ", "85004", 33.4557, -112.0686),
    Place("Salt Lake City", "UT", "84101", 40.7559, -111.8967),
    Place("Las Vegas", "NV", "89101", 36.1721, -115.1224),
    Place("Los Angeles", "CA", "90012", 34.0614, -118.2385),
    Place("San Diego", "CA", "92101", 32.7211, -117.1743),
    Place("San Francisco", "CA", "94103", 37.7725, -122.4147),
    Place("Sacramento", "CA", "95814", 38.5804, -121.4922),
    Place("Portland", "OR", "97205", 45.5207, -122.7014),
    Place("Seattle", "WA", "98101", 47.6114, -122.3305),
)
"""Coordinates of the ZIP codes' centres, rounded; public knowledge."""

_GIVEN: Final = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hugo", "Ida", "Jon", "Kim", "Leo")
_FAMILY: Final = ("Ashgrove", "Birchfield", "Copperhill", "Dunmere", "Eastbrook", "Fernleigh", "Greycove")


def invented_customer(chance: Random, number: str) -> dict[str, Any]:
    """A customer who does not exist."""
    name = f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"
    return {"id": f"c-{number}", "name": name, "email": f"customer-{number}@example.test"}


def us_address(chance: Random, name: str) -> dict[str, Any]:
    """An address in a real city, half of the time without coordinates: the postal table places it then."""
    place = chance.choice(US_PLACES)
    address: dict[str, Any] = {
        "name": name,
        "line1": f"{chance.randint(1, 999)} Example Street",
        "city": place.city,
        "region": place.region,
        "postal_code": place.postal_code,
        "country": "US",
    }
    if chance.random() < 0.5:  # noqa: PLR2004 (half)
        address |= {"lat": place.lat, "lng": place.lng}
    return address
