"""Where postal codes lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LONGEST: Final = 12
"""No country's postal code has more characters."""

_PART_OF_US_POST: Final = frozenset({"AS", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "VI"})
"""Countries by ISO 3166 whose postal codes are ZIP codes."""

_ZIP: Final = 5
_ZIP_PLUS_4: Final = 9


@dataclass(frozen=True, slots=True)
class PostalArea:
    """The centre of a postal code, or of all codes that begin with a prefix."""

    country: str
    postal_code: str
    lat: float
    lng: float


def normalise_country(country: str) -> str:
    """The country whose postal table answers, by its two letters."""
    code = country.strip().upper()
    return "US" if code in _PART_OF_US_POST else code


def normalise_postal_code(postal_code: str) -> str:
    """A code as the table keeps it: upper case, without spaces and dashes."""
    return "".join(postal_code.split()).replace("-", "").upper()


async def place(connection: AsyncConnection, country: str, postal_code: str) -> tuple[float, float] | None:
    """Latitude and longitude of a postal code, by its longest known prefix; None when none is known.

    A US code must have five digits, or nine: one that lost its leading zero would lie elsewhere.
    """
    table, code = normalise_country(country), normalise_postal_code(postal_code)
    if table == "US":
        if len(code) not in {_ZIP, _ZIP_PLUS_4}:
            return None
        code = code[:_ZIP]
    prefixes = [code[:length] for length in range(1, min(len(code), _LONGEST) + 1)]
    statement = text(
        "SELECT lat, lng FROM postal_areas WHERE country = :country AND postal_code = ANY(:prefixes)"
        " ORDER BY length(postal_code) DESC LIMIT 1"
    )
    found = await connection.execute(statement, {"country": table, "prefixes": prefixes})
    row = found.one_or_none()
    return None if row is None else (row.lat, row.lng)


async def knows_country(connection: AsyncConnection, country: str) -> bool:
    """Whether the table holds any code of a country."""
    statement = text("SELECT EXISTS (SELECT FROM postal_areas WHERE country = :country)")
    return bool((await connection.execute(statement, {"country": country})).scalar_one())


async def put_postal_areas(connection: AsyncConnection, areas: Sequence[PostalArea]) -> None:
    """Put many areas in one statement; known codes move to where they are said to be now."""
    columns = {
        "countries": [normalise_country(area.country) for area in areas],
        "codes": [normalise_postal_code(area.postal_code) for area in areas],
        "lats": [area.lat for area in areas],
        "lngs": [area.lng for area in areas],
    }
    # Arrays instead of rows of parameters: tens of thousands of codes in a fraction of a second.
    statement = text(
        "INSERT INTO postal_areas (country, postal_code, lat, lng)"
        " SELECT * FROM unnest(CAST(:countries AS text[]), CAST(:codes AS text[]),"
        " CAST(:lats AS float8[]), CAST(:lngs AS float8[]))"
        " ON CONFLICT (country, postal_code) DO UPDATE SET lat = excluded.lat, lng = excluded.lng"
    )
    await connection.execute(statement, columns)
