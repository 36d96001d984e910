"""What the provider's code may do inside one database transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Row = Mapping[str, Any]


class Transaction(Protocol):
    """An open transaction; it commits when the block that opened it ends without an error."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement, or a script of several when there are no arguments."""
        ...

    async def fetch(self, query: str, *args: object) -> Sequence[Row]:
        """Return every row."""
        ...

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """Return the first row, or None."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:
        """Return the first value of the first row, or None."""
        ...
