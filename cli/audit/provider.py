"""Reading the payment provider's books, page by page."""

from typing import Any

import httpx

from cli.audit.evidence import Rows

_PAGE = 200


async def read_books(http: httpx.AsyncClient) -> Rows:
    """Return every operation in the books, oldest first."""
    operations: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        params = {"limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/operations", params=params)).raise_for_status().json()
        operations += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            return operations
