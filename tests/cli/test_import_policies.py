"""`oms import policies`, from a file to a real database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.import_ import import_

Import = Callable[[str], Result]
TWO = """
name: web
scope: {channels: [web]}
rules: [whole_lines]
---
name: shop
scope: {channels: [shop]}
"""


@pytest.fixture
def run(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Import:
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.chdir(tmp_path)

    def run(content: str) -> Result:
        Path("file.yaml").write_text(content, encoding="utf-8")
        return CliRunner().invoke(import_, ["policies", "file.yaml"], catch_exceptions=False)

    return run


def test_each_policy_becomes_the_next_version_of_its_name(run: Import) -> None:
    assert run(TWO).output == "web version 1\nshop version 1\n"
    assert run(TWO).output == "web version 1\nshop version 1\n"
    assert run(TWO.replace("whole_lines", "ship_complete")).output == "web version 2\nshop version 1\n"


def test_a_file_with_errors_writes_nothing_and_tells_every_line(run: Import) -> None:
    refused = run(TWO + "---\nname: c\nrules: [whole_line]\n---\nname: d\nterms: []\n")

    assert refused.exit_code == 1
    lines = refused.output.splitlines()
    assert lines[0].startswith("file.yaml:10: /rules/0: there is no such one")
    assert lines[1].startswith("file.yaml:13: /terms: are none")
    assert run(TWO).output == "web version 1\nshop version 1\n"


def test_policies_that_tie_are_refused_by_name(run: Import) -> None:
    refused = run(TWO + "---\nname: again\nscope: {channels: [web]}\n")

    assert refused.exit_code == 1
    assert refused.output.startswith("file.yaml:1: again: web is for the same orders")
