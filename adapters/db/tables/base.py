"""The metadata that all tables share, and the few column shapes that recur."""

from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData
from sqlalchemy.types import TypeEngine

SCHEMA: Final = "0021"
"""The migration that makes these tables: a database of another one is not ours to work on."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MOMENT = DateTime(timezone=True)
MONEY: TypeEngine[int] = BigInteger()
"""Minor units."""


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A constraint that a text column holds one of an enum's values."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
