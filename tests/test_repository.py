"""The repository's own rules: names, sizes, pins, and commands that the README promises."""

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

# Assembled from parts, so that this file keeps the rule that it checks.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("registry", "npmjs"),
        ("deb", "debian"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    )
)
BUILDERS_PATHS = re.compile(
    r"(?<![\w.:/…}])/(?:" + "|".join(("wo" + "rk/", "ro" + "ot/", "opt/" + "pypi", "opt/" + "wheels")) + ")"
)
NAMES_THAT_SAY_NOTHING = re.compile(r"(utils?|helpers?|common|managers?|misc|handlers?\d+)")
REASON = "Long because"
LONG_MODULE = 300
LONG_FUNCTION = 50
# A revision lists statements in the order in which they run; parting the list would hide that order.
LISTS_OF_STATEMENTS = Path("migrations/versions")


@cache
def tracked() -> tuple[Path, ...]:
    """Every tracked file that is still there, relative to the root."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing is tracked")
    listing = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 (git is where the PATH says)
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(Path(name) for name in sorted(listing.split("\0")) if name and (ROOT / name).is_file())


def texts() -> Iterator[tuple[Path, str]]:
    for path in tracked():
        raw = (ROOT / path).read_bytes()
        if b"\0" not in raw:
            yield path, raw.decode("utf-8", errors="replace")


@cache
def python_files() -> dict[Path, str]:
    return {path: (ROOT / path).read_text("utf-8") for path in tracked() if path.suffix == ".py"}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


class Length(NamedTuple):
    """How many lines a function has, its docstring not counted, and whether it says why."""

    where: str
    lines: int
    explained: bool


def functions(path: Path, source: str) -> Iterator[Length]:
    rows = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.end_lineno is None:
            continue
        lines = node.end_lineno - node.lineno + 1
        head = node.body[0]
        if ast.get_docstring(node) is not None and head.end_lineno is not None:
            lines -= head.end_lineno - head.lineno + 1
        explained = any(REASON in row for row in rows[node.lineno - 1 : node.end_lineno])
        yield Length(f"{path}:{node.lineno} {node.name}", lines, explained)


def middle_and_ninth(lengths: list[int]) -> tuple[float, float]:
    """Median and 90th percentile."""
    if len(lengths) == 1:
        return lengths[0], lengths[0]
    return median(lengths), quantiles(lengths, n=10, method="inclusive")[-1]


def lines_with(words: Iterable[str] | re.Pattern[str]) -> list[str]:
    pattern = (
        words if isinstance(words, re.Pattern) else re.compile("|".join(re.escape(word) for word in words))
    )
    return [
        f"{path}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY_HOSTS) == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    assert lines_with(BUILDERS_PATHS) == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [
        str(path)
        for path in python_files()
        for name in (*path.parent.parts, path.stem)
        if NAMES_THAT_SAY_NOTHING.fullmatch(name) and "versions" not in path.parts
    ]

    assert vague == []


def test_a_long_module_says_why_at_its_top() -> None:
    unexplained = [
        f"{path}: {len(source.splitlines())} lines"
        for path, source in python_files().items()
        if path.parent != LISTS_OF_STATEMENTS
        and len(source.splitlines()) > LONG_MODULE
        and REASON not in (ast.get_docstring(ast.parse(source)) or "")
    ]

    assert unexplained == [], f'split it, or say "{REASON} …" in its docstring'


def test_a_long_function_says_why() -> None:
    unexplained = [
        f"{length.where}: {length.lines} lines"
        for path, source in python_files().items()
        if path.parent != LISTS_OF_STATEMENTS
        for length in functions(path, source)
        if length.lines > LONG_FUNCTION and not length.explained
    ]

    assert unexplained == [], f'split it, or say "{REASON} …" in its docstring or a comment'


@pytest.mark.parametrize("part", ["program", "tests"])
def test_calm_most_modules_and_functions_are_short(part: str) -> None:
    """`make calm` shows the numbers; tests are measured, and held to nothing but the two rules above."""
    files = {
        path: source
        for path, source in python_files().items()
        if (path.parts[0] == "tests") == (part == "tests")
    }
    module_lengths = [lines for source in files.values() if (lines := len(source.splitlines())) > 1]
    function_lengths = [length.lines for path, source in files.items() for length in functions(path, source)]

    modules = middle_and_ninth(module_lengths)
    bodies = middle_and_ninth(function_lengths)

    print(  # noqa: T201 (this is what `make calm` is for)
        f"\n{part}: {len(module_lengths)} modules, median {modules[0]:.0f}, p90 {modules[1]:.0f} lines; "
        f"{len(function_lengths)} functions, median {bodies[0]:.0f}, p90 {bodies[1]:.0f}"
    )
    if part == "program":
        assert modules[0] <= 100
        assert modules[1] <= 250
        assert bodies[0] <= 10
        assert bodies[1] <= 30


def test_every_command_in_the_readme_is_in_the_makefile() -> None:
    code = re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", read("README.md"), flags=re.DOTALL)
    promised = set(re.findall(r"\bmake ([a-z-]+)", "\n".join("\n".join(pair) for pair in code)))
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))

    assert {"demo", "dev", "test"} <= promised
    assert promised <= targets


def test_every_make_target_is_in_its_help() -> None:
    makefile = read("Makefile")

    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[0].split())

    assert targets == described == phony


def test_every_folder_in_the_readme_exists() -> None:
    named = re.findall(r"^\| `([\w.]+/?)` \|", read("README.md"), flags=re.MULTILINE)

    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert "exec make test" in read(".ci/run")


@pytest.mark.parametrize("name", ["bootstrap", "runtime", "dev"])
def test_every_requirement_is_pinned_by_version_and_hash(name: str) -> None:
    entries = re.split(r"^(?=[a-zA-Z0-9])", read(f"requirements/{name}.txt"), flags=re.MULTILINE)[1:]

    assert entries
    assert [e for e in entries if not re.match(r"[\w.-]+==\S+", e) or "--hash=sha256:" not in e] == []


def test_the_pins_cover_the_project_file() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    wanted = {
        "runtime": project["project"]["dependencies"],
        "dev": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
        "bootstrap": project["build-system"]["requires"],
    }

    for name, requirements in wanted.items():
        pinned = set(re.findall(r"^([\w.-]+)==", read(f"requirements/{name}.txt"), flags=re.MULTILINE))
        asked = {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements}
        assert asked <= pinned, f"run make lock: requirements/{name}.txt is older than pyproject.toml"


def test_every_package_is_under_the_import_contracts() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]
    packages = {path.parts[0] for path in python_files() if path.name == "__init__.py"}

    assert packages - {"bench", "migrations", "tests"} <= set(contracts["root_packages"])


def test_the_workers_composition_root_imports_no_face() -> None:
    """import-linter knows packages only, so the one module beside them is looked at here."""
    imported = {
        name.split(".")[0] for node in ast.walk(ast.parse(read("worker.py"))) for name in imports_of(node)
    }

    assert imported.isdisjoint({"api", "console", "cli"})


def imports_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        return [node.module]
    return []
