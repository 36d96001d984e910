"""The image: its Dockerfile names what is there, and what it copies is all that the wheel needs."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from cli.main import COMMANDS
from tests.compose_file import ROOT

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NOT_IN_THE_IMAGE: Final = {"tests"}


class Instruction(NamedTuple):
    """One line of the Dockerfile, continued lines joined."""

    word: str
    rest: str


def instructions() -> list[Instruction]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    joined = text.replace("\\\n", " ")
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


def rests(word: str) -> list[str]:
    return [one.rest for one in instructions() if one.word == word]


def build_context() -> list[str]:
    """What .dockerignore lets through, as files and folders."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def packages() -> set[str]:
    patterns = PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    named = {pattern.rstrip("*") for pattern in patterns}
    return {name for name in named if (ROOT / name / "__init__.py").exists()}


def tracked(folder: str) -> set[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--", folder],  # noqa: S607 (git is where the PATH says)
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return {name for name in listing.splitlines() if (ROOT / name).is_file()}


def test_the_build_context_is_every_package_and_what_the_wheel_is_built_with() -> None:
    context = set(build_context())

    assert [name for name in context if not (ROOT / name).exists()] == []
    assert {name for name in context if (ROOT / name).is_dir()} == packages() - NOT_IN_THE_IMAGE


def test_everything_that_is_copied_from_the_context_is_in_it() -> None:
    copied = [rest.split()[:-1] for rest in rests("COPY") if not rest.startswith("--from")]

    assert copied
    for source in (name.rstrip("/") for names in copied for name in names):
        assert source == "." or any(entry.split("/")[0] == source for entry in build_context()), source


def test_every_base_image_is_the_python_that_types_are_checked_for() -> None:
    bases = {rest.split()[0] for rest in rests("FROM")}

    assert bases == {f"python:{PROJECT['tool']['mypy']['python_version']}-slim-trixie"}


def test_every_package_is_installed_by_its_hash_but_ours() -> None:
    installs = re.findall(r"(?:pip install|pip sync) ([^&]+)", " ".join(rests("RUN")))

    assert installs
    for words in installs:
        ours = "--no-deps" in words and "/wheel/" in words
        assert ours or ("--require-hashes" in words and "requirements/" in words), words


def test_the_image_runs_oms_and_not_as_root() -> None:
    assert rests("ENTRYPOINT") == ['["oms"]']
    assert "oms" in PROJECT["project"]["scripts"]
    assert [user for user in rests("USER") if user in {"root", "0"}] == []
    assert rests("USER")


def test_the_image_holds_no_secret() -> None:
    named = " ".join(rests("ENV") + rests("ARG"))

    assert re.findall(r"(?i)password|secret|token|database_url", named) == []


def test_what_the_servers_run_needs_no_embedded_part() -> None:
    """The image leaves their wheels out: only `oms dev` and `oms demo` may miss them."""
    modules = {COMMANDS[name].target.split(":")[0] for name in ("api", "worker", "migrate", "keys", "psp")}
    script = "import sys; " + "; ".join(f"import {module}" for module in (*modules, "worker", "api.app"))

    done = subprocess.run(
        [sys.executable, "-c", f"{script}; print([m for m in sys.modules if m.startswith('cli.embedded')])"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from the tracked files that the build context has."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in sorted(name for entry in build_context() for name in tracked(entry)):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [
            *[
                str(Path(sys.executable).with_name("uv")),
                "build",
                "--wheel",
                "--no-build-isolation",
                "--offline",
            ],
            *["--python", sys.executable, "--out-dir", str(out)],
        ],
        cwd=source,
        check=True,
        capture_output=True,
    )
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_the_wheel_holds_every_module_and_data_file(wheel: zipfile.ZipFile) -> None:
    wanted = {name for package in packages() for name in tracked(package)} | {"worker.py"}

    assert wanted - set(wheel.namelist()) == set()


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    entry_points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))

    assert "oms = cli.main:main" in wheel.read(entry_points).decode()
