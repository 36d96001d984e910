"""The documents: every link, path, command and diagram in them is real."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import click
import pytest

from api.app import create_app
from cli.main import COMMANDS, main
from config.settings import Settings
from domain.order_status import OrderStatus
from tests.mermaid import Diagram, diagrams_of

ROOT: Final = Path(__file__).parents[1]
DOCUMENTS: Final = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("routing/*.md"))
)
ARCHITECTURE: Final = "docs/architecture.md"
RACES: Final = (
    "Cancel × ship",
    "Cancel × route",
    "Cancel × capture or void",
    "Reroute × pick",
    "Hold × ship",
    "Ship × scan",
    "Count × reserve",
    "New payment × end of grace",
    "Receive a return × its expiry",
)
_TOP: Final = frozenset(path.name for path in ROOT.iterdir() if path.is_dir())
_FENCE: Final = re.compile(r"^ *```", re.MULTILINE)


@cache
def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def prose_of(document: str) -> str:
    """The text without its code blocks."""
    return re.sub(r"^```.*?^```", "", text_of(document), flags=re.DOTALL | re.MULTILINE)


def headings_of(document: str) -> set[str]:
    """The anchors that GitHub gives to the headings."""
    found = re.findall(r"^#+ (.+)$", prose_of(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


def links_of(document: str) -> Iterator[tuple[str, str]]:
    """Path and anchor of every link within the repository."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(document)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            where = (ROOT / document).parent / path if path else ROOT / document
            yield where.resolve().relative_to(ROOT).as_posix(), anchor


def code_of(document: str) -> Iterator[str]:
    """Every piece of code, in blocks and in lines."""
    yield from re.findall(r"```sh\n(.*?)```", text_of(document), flags=re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", prose_of(document))


def commands_of(document: str) -> Iterator[list[str]]:
    """The words after every `oms`, up to the first that is no name of a command."""
    for code in code_of(document):
        for words in re.findall(r"(?:^|\.venv/bin/|\s)oms ((?:[a-z][a-z-]*/?[a-z-]* ?)+)", code):
            yield words.replace("/", " ").split()


def known(words: list[str]) -> bool:
    """Whether the first word is a command, and the second, if it is asked for, one of its own."""
    command: click.Command | None = main
    for word in words:
        if not isinstance(command, click.Group):
            return True
        command = command.get_command(click.Context(command), word)
    return command is not None


def diagrams() -> list[Diagram]:
    return [diagram for document in DOCUMENTS for diagram in diagrams_of(document, text_of(document))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    dead = [
        f"{path}#{anchor}" if anchor else path
        for path, anchor in links_of(document)
        if not (ROOT / path).exists() or (anchor and anchor not in headings_of(path))
    ]

    assert dead == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_exists(document: str) -> None:
    named = {code.split(":")[0] for code in re.findall(r"`([\w./-]+/[\w./-]*)`", prose_of(document))}

    assert [p for p in sorted(named) if p.split("/")[0] in _TOP and not (ROOT / p).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_is_named_exists(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), flags=re.MULTILINE))
    named = {target for code in code_of(document) for target in re.findall(r"\bmake ([a-z-]+)", code)}

    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_oms_command_that_is_named_exists(document: str) -> None:
    assert [words for words in commands_of(document) if words and not known(words)] == []


def test_every_route_that_is_named_exists() -> None:
    route = re.compile(r"(?<![\w.])/v1/[a-z{}_/-]+")
    named = {path for document in DOCUMENTS for path in route.findall(text_of(document))}

    assert sorted(path for path in named if not is_served(path)) == []


def is_served(path: str) -> bool:
    """Whether the path, or one below it, is in the published description; names in it may differ."""
    wanted = path.strip("/").split("/")
    return any(
        len(wanted) <= len(parts) and all(map(alike, wanted, parts))
        for parts in (one.strip("/").split("/") for one in paths())
    )


def alike(one: str, other: str) -> bool:
    return one == other or other.startswith("{")


@cache
def paths() -> list[str]:
    return list(create_app(Settings()).openapi()["paths"])


def test_a_command_that_does_not_exist_would_be_seen() -> None:
    assert known(["worker"])
    assert known(["keys", "create"])
    assert not known(["work"])
    assert not known(["keys", "invent"])
    assert COMMANDS


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_code_block_is_closed(document: str) -> None:
    assert len(_FENCE.findall(text_of(document))) % 2 == 0


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if not name.startswith("docs/decisions")])
def test_every_document_can_be_found_from_the_readme(document: str) -> None:
    found, fresh = set(), {"README.md"}
    while fresh:
        found |= fresh
        reached = {path for name in fresh for path, _ in links_of(name)}
        fresh = {path for path in reached if path in DOCUMENTS} - found

    assert document in found


def test_every_diagram_can_be_drawn() -> None:
    assert [problem for diagram in diagrams() for problem in diagram.problems()] == []


def test_the_architecture_shows_the_parts_the_life_and_every_race() -> None:
    text = text_of(ARCHITECTURE)
    kinds = [diagram.kind for diagram in diagrams_of(ARCHITECTURE, text)]

    assert "flowchart" in kinds
    assert "stateDiagram-v2" in kinds
    for race in RACES:
        section = text.split(f"### {race}\n", 1)[1].split("\n### ", 1)[0]
        assert "```mermaid\nsequenceDiagram" in section, race


def test_the_architecture_shows_every_status_of_an_order() -> None:
    lines = [line for one in diagrams_of(ARCHITECTURE, text_of(ARCHITECTURE)) for line in one.lines]
    drawn = {name for line in lines for name in re.findall(r"\b\w+\b", line.split(":")[0])}

    assert {status.value for status in OrderStatus} <= drawn


def test_the_glossary_is_sorted_and_says_each_word_in_one_sentence() -> None:
    rows = [line.split("|") for line in text_of("docs/glossary.md").splitlines() if line.startswith("| ")]
    words = [row[1].strip() for row in rows[1:]]
    sentences = [row[2].strip() for row in rows[1:]]

    assert words == sorted(set(words), key=str.lower)
    assert [one for one in sentences if not re.fullmatch(r"[A-Z][^.]*\.", one)] == []
