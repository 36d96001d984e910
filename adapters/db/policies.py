"""Routing policies: every version of each, and the one that is for an order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Text, cast, func, insert, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.db.tables import routing_policies
from adapters.policies import PolicyDocument, from_json, to_plain
from domain.errors import InvalidContent, NotFound, PolicyAmbiguous, PolicyChanged
from routing import PRESETS, Policy, RoutingOrder

_COLUMNS: Final = tuple(
    cast(column, Text).label("document") if column.name == "document" else column
    for column in routing_policies.c
)
"""A document as its text: most have been read before, and need not be read again."""

BY_CODE = "throughline"
"""Who put the presets."""


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """One version of a policy, the time it begins, and who put it when (None: it came with the code)."""

    document: PolicyDocument
    valid_from: datetime | None
    valid_to: datetime | None
    put_at: datetime | None
    put_by: str

    @property
    def policy(self) -> Policy:
        """The policy itself."""
        return self.document.policy

    def holds(self, at: datetime) -> bool:
        """Whether it has begun and not ended."""
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_to is None or at < self.valid_to)


async def put_policy(
    connection: AsyncConnection,
    document: PolicyDocument,
    *,
    replaces: int | None = None,
    actor: str,
    now: datetime,
) -> StoredPolicy:
    """Write the next version, from now if it does not say; the same content again writes nothing.

    `replaces`: the version that has to be the newest, 0 for none. Raises InvalidContent for a preset's
    name or a policy that has ended, PolicyChanged and PolicyAmbiguous.
    """
    name = document.policy.name
    if name in PRESETS:
        raise InvalidContent(f"{name} is a preset; take another name", "/name")
    if document.valid_to is not None and document.valid_to <= max(now, document.valid_from or now):
        raise InvalidContent("the policy would never hold: it ends before it begins", "/valid_to")
    # Policies change seldom, and whether two of them tie is a question about all of them.
    await connection.execute(text("LOCK TABLE routing_policies IN SHARE ROW EXCLUSIVE MODE"))
    versions = [one for one in await _all(connection) if one.policy.name == name]
    newest = versions[-1] if versions else None
    version = newest.policy.version if newest else 0
    if replaces is not None and replaces != version:
        raise PolicyChanged(f"the newest version of {name} is {version}, not {replaces}")
    plain = to_plain(document)
    if newest is not None and to_plain(newest.document) == plain:
        return newest
    numbered = replace(document, policy=replace(document.policy, version=version + 1))
    made = StoredPolicy(numbered, document.valid_from or now, document.valid_to, now, actor)
    await _refuse_ties(connection, made)
    await connection.execute(
        insert(routing_policies).values(
            name=name,
            version=version + 1,
            document=plain,
            valid_from=made.valid_from,
            valid_to=made.valid_to,
            put_at=now,
            put_by=actor,
        )
    )
    return made


async def read_policy(connection: AsyncConnection, name: str, version: int | None = None) -> StoredPolicy:
    """Return a version of a policy, the newest if none is asked for; raises NotFound."""
    if name in PRESETS and version in {None, PRESETS[name].version}:
        return StoredPolicy(PolicyDocument(PRESETS[name]), None, None, None, BY_CODE)
    named = select(*_COLUMNS).where(routing_policies.c.name == name)
    if version is not None:
        named = named.where(routing_policies.c.version == version)
    row = (await connection.execute(named.order_by(routing_policies.c.version.desc()).limit(1))).first()
    if row is None:
        raise NotFound("there is no such policy" if version is None else "there is no such version of it")
    return _stored(row)


async def list_policies(connection: AsyncConnection, *, after: str, limit: int) -> list[StoredPolicy]:
    """Return the newest version of each stored policy, by name."""
    newest = (
        select(routing_policies.c.name, func.max(routing_policies.c.version))
        .where(routing_policies.c.name > after)
        .group_by(routing_policies.c.name)
    )
    key = tuple_(routing_policies.c.name, routing_policies.c.version)
    found = await connection.execute(
        select(*_COLUMNS).where(key.in_(newest)).order_by(routing_policies.c.name).limit(limit)
    )
    return [_stored(row) for row in found]


async def policy_named(connection: AsyncConnection, name: str, at: datetime) -> Policy | None:
    """Return the policy that a name means at a moment: a preset, or the version that holds then."""
    if name in PRESETS:
        return PRESETS[name]
    holding = await _holding_now(connection, at, routing_policies.c.name == name)
    return holding[0].policy if holding else None


async def policy_for(connection: AsyncConnection, order: RoutingOrder, at: datetime) -> Policy | None:
    """Return the most specific policy that is for the order at that moment, if any is."""
    holding = [one for one in await _holding_now(connection, at) if one.document.scope.covers(order)]
    chosen = max(holding, key=lambda one: one.document.scope.specificity, default=None)
    return chosen.policy if chosen else None


async def _holding_now(
    connection: AsyncConnection, at: datetime, *which: ColumnElement[bool]
) -> list[StoredPolicy]:
    """As `_holding`, of the rows: old versions are not even read."""
    newest = (
        select(*_COLUMNS)
        .where(routing_policies.c.valid_from <= at, *which)
        .ext(distinct_on(routing_policies.c.name))
        .order_by(routing_policies.c.name, routing_policies.c.version.desc())
    )
    return _holding([_stored(row) for row in await connection.execute(newest)], at)


def _holding(stored: Sequence[StoredPolicy], at: datetime) -> list[StoredPolicy]:
    """Of each name the newest version that has begun, unless it has ended."""
    begun = {one.policy.name: one for one in stored if one.valid_from is None or one.valid_from <= at}
    return [one for one in begun.values() if one.holds(at)]


async def _refuse_ties(connection: AsyncConnection, made: StoredPolicy) -> None:
    others = [one for one in await _all(connection) if one.policy.name != made.policy.name]
    # Who rules changes only where a version begins: asking at each of those moments is enough.
    begins = {one.valid_from for one in (*others, made) if one.valid_from is not None}
    moments = [at for at in begins if made.holds(at)]
    for at in sorted(moments):
        for other in _holding(others, at):
            if other.document.scope.overlaps(made.document.scope):
                raise PolicyAmbiguous(
                    f"{other.policy.name} is for the same orders, neither is more specific, and both hold"
                    f" at {at.isoformat()}"
                )


async def _all(connection: AsyncConnection) -> list[StoredPolicy]:
    rows = await connection.execute(
        select(*_COLUMNS).order_by(routing_policies.c.name, routing_policies.c.version)
    )
    return [_stored(row) for row in rows]


def _stored(row: Row[Any]) -> StoredPolicy:
    document = from_json(row.document, version=row.version)
    return StoredPolicy(document, row.valid_from, row.valid_to, row.put_at, row.put_by)
