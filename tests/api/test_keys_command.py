"""`oms keys` on a real database."""

import re
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from cli.keys import keys


@pytest.fixture
def oms_keys(database_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", database_url)
    return CliRunner()


def listed(runner: CliRunner, name: str) -> list[str]:
    return [line for line in runner.invoke(keys, ["list"]).stdout.splitlines() if name in line]


def made(result: Result) -> tuple[str, str]:
    assert result.exit_code == 0, result.output
    return re.findall(r"key_[0-9a-f]{16}", result.stderr)[0], result.stdout.strip()


def test_a_key_is_created_rotated_and_revoked(oms_keys: CliRunner) -> None:
    name = uuid4().hex
    create = ["create", "--role", "storefront", "--name", name, "--channel", "web", "--channel", "app"]
    first, key = made(oms_keys.invoke(keys, create))
    second, successor = made(oms_keys.invoke(keys, ["rotate", "--name", name]))
    revoked = oms_keys.invoke(keys, ["revoke", first])
    lines = listed(oms_keys, name)

    assert re.fullmatch(r"tl_storefront_[A-Za-z0-9_-]{43}", key)
    assert successor != key
    assert revoked.exit_code == 0
    assert [line.split()[0] for line in lines] == [first, second]
    assert [line.split()[-1] for line in lines] == ["revoked", "works"]
    assert all("app,web" in line and key not in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["create", "--role", "storefront", "--name", "x"], "channels"),
        (["create", "--role", "location", "--name", "x", "--location", "nowhere"], "no location nowhere"),
        (["rotate", "--name", "nobody"], "No key named nobody"),
        (["revoke", "key_none"], "no key key_none"),
        (["create", "--role", "root", "--name", "x"], "root"),
    ],
)
def test_a_refusal_is_one_sentence(oms_keys: CliRunner, arguments: list[str], said: str) -> None:
    result = oms_keys.invoke(keys, arguments)

    assert result.exit_code != 0
    assert said in result.stderr
    assert "Traceback" not in result.output
