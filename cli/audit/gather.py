"""Gathering the evidence from the three places that keep it."""

from collections.abc import Sequence

import httpx
from temporalio.client import Client

from cli.audit.evidence import Answer, Evidence
from cli.audit.provider import read_books
from cli.audit.tables import read_tables
from cli.audit.temporal import ADJUSTMENT, ORDER, RETURN, read_workflows

_PROVIDER_PATIENCE = 30


async def gather(
    database_url: str,
    *,
    psp_url: str | None = None,
    temporal_address: str | None = None,
    namespace: str = "default",
    driver: tuple[Sequence[str] | None, Sequence[Answer]] = (None, ()),
) -> Evidence:
    """Read the tables, and the provider's books and the workflows where an address is given.

    `driver`: the ids of the orders it knows to be accepted, and the answers it was given.
    """
    operations = None
    if psp_url is not None:
        async with httpx.AsyncClient(base_url=psp_url, timeout=_PROVIDER_PATIENCE) as http:
            operations = await read_books(http)
    tables = await read_tables(database_url)
    workflows = returning = adjusting = None
    if temporal_address is not None:
        client = await Client.connect(temporal_address, namespace=namespace)
        workflows = await read_workflows(client, ORDER, (row["id"] for row in tables["orders"]))
        returning = await read_workflows(client, RETURN, (row["id"] for row in tables["returns"]))
        due = (row["id"] for row in tables["orders"] if row["adjusting"])
        adjusting = await read_workflows(client, ADJUSTMENT, due)
    accepted, answers = driver
    return Evidence(tables, operations, workflows, accepted, answers, returning, adjusting)
