"""What `oms dev` finds after its first start and after the next one."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.db.keys import Role, digest, find_key
from adapters.db.network import load_network
from adapters.db.postal import place
from adapters.db.tables import products, stock
from cli.seed import seed
from cli.seed_keys import UnreadableKeys
from config.settings import Settings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def settings(fresh_database_url: str) -> Settings:
    return Settings(database_url=fresh_database_url)


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(settings.sqlalchemy_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def seeded(engine: AsyncEngine, settings: Settings, tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    await seed(settings, tmp_path, demo_network=True)
    async with engine.connect() as connection:
        yield connection


def keys_in(folder: Path) -> dict[str, Any]:
    keys: dict[str, Any] = json.loads((folder / "keys.json").read_text())
    return keys


async def test_every_key_of_the_file_opens_what_its_role_may(seeded: AsyncConnection, tmp_path: Path) -> None:
    keys = keys_in(tmp_path)

    for role in Role:
        stored = await find_key(seeded, str(digest(keys[role.value])))
        assert stored is not None
        assert stored.role is role
        assert stored.works_at(datetime.now(UTC))
        assert stored.channels == ({"web", "store", "app"} if role is Role.STOREFRONT else set())
        assert stored.location_id == (keys["location_id"] if role is Role.LOCATION else None)


async def test_the_file_is_the_owners_alone_and_names_each_carriers_proof(
    seeded: AsyncConnection, tmp_path: Path
) -> None:
    carriers = keys_in(tmp_path)["carriers"]

    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert {name: sorted(proof) for name, proof in carriers.items()} == {
        "ups": ["credential"],
        "fedex": ["secret"],
        "dhl": ["header", "token"],
        "easypost": ["secret"],
        "shippo": ["token"],
        "aftership": ["secret"],
        "generic": ["secret"],
    }
    kind, secret = carriers["generic"]["secret"].split("_", 1)
    assert kind == "whsec"
    assert len(base64.b64decode(secret, validate=True)) >= 24


async def test_a_restart_leaves_the_file_and_the_network_as_they_are(
    seeded: AsyncConnection, engine: AsyncEngine, settings: Settings, tmp_path: Path
) -> None:
    before = (tmp_path / "keys.json").read_bytes()
    async with engine.begin() as connection:
        await connection.execute(update(products).where(products.c.sku == "TENT-2P").values(name="Mine"))
        await connection.execute(text("DELETE FROM stock WHERE sku = 'TARP'"))
        await connection.execute(update(stock).values(on_hand=stock.c.on_hand - 1))
    await seeded.rollback()

    await seed(settings, tmp_path, demo_network=True)

    assert (tmp_path / "keys.json").read_bytes() == before
    name = await seeded.scalar(select(products.c.name).where(products.c.sku == "TENT-2P"))
    cells = await seeded.scalar(text("SELECT count(*) FROM stock WHERE sku = 'TARP' OR on_hand % 10 = 0"))
    keys = await seeded.scalar(text("SELECT count(*) FROM api_keys"))
    assert (name, cells, keys) == ("Mine", 0, 4)


async def test_keys_of_an_older_file_are_valid_in_a_new_database(
    settings: Settings, engine: AsyncEngine, tmp_path: Path
) -> None:
    old = {role.value: f"tl_{role.value}_{'x' * 43}" for role in Role}
    (tmp_path / "keys.json").write_text(json.dumps({**old, "location_id": "reno-dc", "carriers": {}}))

    await seed(settings, tmp_path, demo_network=False)

    async with engine.connect() as connection:
        stored = await find_key(connection, str(digest(old["location"])))
    assert stored is not None
    assert stored.location_id == "reno-dc"
    keys = keys_in(tmp_path)
    assert {role: keys[role] for role in old} == old
    assert "generic" in keys["carriers"]


async def test_without_the_demo_network_only_keys_are_there(
    settings: Settings, engine: AsyncEngine, tmp_path: Path
) -> None:
    await seed(settings, tmp_path, demo_network=False)

    async with engine.connect() as connection:
        network = await load_network(connection, ["MUG-BLUE"], NOW)
        assert network.locations == ()
        assert await place(connection, "US", "10001") is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"carriers": []}'])
async def test_a_file_that_holds_no_keys_is_not_written_over(
    settings: Settings, tmp_path: Path, content: str
) -> None:
    (tmp_path / "keys.json").write_text(content)

    with pytest.raises(UnreadableKeys):
        await seed(settings, tmp_path, demo_network=False)

    assert (tmp_path / "keys.json").read_text() == content
