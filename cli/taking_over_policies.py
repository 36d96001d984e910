"""Routing policies from a YAML file to the database: all of them, or none and what is wrong where."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.policies import put_policy
from adapters.files.problems import Problem, UnusableFile
from adapters.policies import PolicyDocument, UnusablePolicy, many_from_yaml
from domain.errors import ThroughlineError


def read_policies(file: str, content: bytes) -> tuple[PolicyDocument, ...]:
    """Return the policies of a file; raises UnusableFile with every line that is wrong."""
    try:
        return many_from_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnusableFile([Problem(file, 1, None, "is not UTF-8")]) from None
    except UnusablePolicy as error:
        raise UnusableFile(
            [Problem(file, fault.line or 1, fault.pointer or None, fault.message) for fault in error.faults]
        ) from None


async def take_over_policies(
    connection: AsyncConnection, file: str, documents: tuple[PolicyDocument, ...]
) -> list[tuple[str, int]]:
    """Put the policies; returns their versions by name. Raises UnusableFile for what cannot be put."""
    now = datetime.now(UTC)
    versions = []
    for document in documents:
        name = document.policy.name
        try:
            stored = await put_policy(connection, document, actor="import", now=now)
        except ThroughlineError as error:
            raise UnusableFile([Problem(file, 1, name, error.detail)]) from None
        versions.append((name, stored.policy.version))
    return versions
