"""A process dies at every named place in turn: every order ends, with one effect of everything."""

import ast
import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import adapters.payments.sandbox_service
import api.app
import worker
from cli.audit import Finding, audit
from cli.audit.quiet import come_to_rest
from cli.embedded import keeper
from cli.embedded.stack import Stack
from config.failpoints import FAILPOINTS
from tests.chaos.lives import counter
from tests.chaos.trials import TRIALS, Ordeal, Outcome, Trial, expected

ROOT = Path(__file__).parents[2]
COMPOSED = (worker, api.app, adapters.payments.sandbox_service)
PROGRAM = ("activities", "adapters", "api", "cli", "domain", "routing", "workflows", "worker.py")

pytestmark = pytest.mark.failpoint


@dataclass(frozen=True)
class Report:
    """What became of the trials, of the parts, and of the rows."""

    outcomes: Mapping[Trial, Outcome | BaseException]
    deaths: list[str]
    findings: list[Finding]
    at_rest: bool


@pytest.fixture(scope="module")
async def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("ordeal")
    failpoints = folder / "failpoints"
    failpoints.mkdir()
    lines: list[str] = []
    env = {
        "OMS_FAILPOINTS": str(failpoints),
        "OMS_RETURN_WINDOW": "PT6S",
        "OMS_RETURN_EXPIRES": "PT10S",
        "OMS_SHIP_WITHIN": "PT5S",
        "OMS_AUTHORIZE_WITHIN": "P7D",
    }
    stack = Stack(data_dir=folder / "oms", port=None, workers=2, env=env, report=lines.append)
    with pytest.MonkeyPatch.context() as patched:
        # No process crashes every other second in earnest; the pause before a restart is not tried here.
        patched.setattr(keeper, "_LONGEST_PAUSE", 0.2)
        async with stack, counter(stack) as at:
            outcomes = await Ordeal(at, failpoints).run()
            at_rest = await come_to_rest(stack.database_url, at.accepted, seconds=30)
            findings = await audit(
                stack.database_url,
                stack.psp_url,
                stack.temporal_address,
                stack.temporal_namespace,
                at.accepted,
                at.answers,
            )
    return Report(outcomes, [line for line in lines if "has died" in line], findings, at_rest)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_an_order_that_meets_a_crash_ends_with_one_effect(report: Report, trial: Trial) -> None:
    outcome = report.outcomes[trial]

    assert outcome == expected(trial)


@pytest.mark.timeout(600)
def test_nobody_died_elsewhere(report: Report) -> None:
    assert len(report.deaths) == len(TRIALS)
    assert [line for line in report.deaths if "exit code 137" not in line] == []


@pytest.mark.timeout(600)
def test_after_all_crashes_every_invariant_holds(report: Report) -> None:
    assert report.at_rest
    assert report.findings == []


def test_every_failpoint_is_tried(capfd: pytest.CaptureFixture[str]) -> None:
    with capfd.disabled():  # stderr, because that of a parallel run's processes is the terminal's too
        width = max(map(len, FAILPOINTS))
        rows = [f"  {name:{width}}  {place}" for name, place in sorted(FAILPOINTS.items())]
        print(f"\n{len(rows)} failpoints:", *rows, sep="\n", file=sys.stderr)  # noqa: T201

    assert set(FAILPOINTS) == {trial.failpoint for trial in TRIALS}


def test_every_failpoint_stands_where_it_is_declared() -> None:
    called = list(calls())
    stands = [name for name in FAILPOINTS if any(re.fullmatch(pattern, name) for pattern in called)]

    assert stands == list(FAILPOINTS)
    assert [p for p in called if not any(re.fullmatch(p, name) for name in FAILPOINTS)] == []


def calls() -> Iterator[str]:
    """The names that `failpoint(…)` is called with, as patterns: parts of a name may be variable."""
    for path in [file for part in PROGRAM for file in sorted(ROOT.glob(f"{part}/**/*.py")) + named(part)]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "failpoint":
                yield pattern_of(node.args[0], path)


def named(part: str) -> list[Path]:
    return [ROOT / part] if part.endswith(".py") else []


def pattern_of(name: ast.expr, path: Path) -> str:
    match name:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(pattern_of(part, path) for part in parts)
        case ast.FormattedValue():
            return r"\w+"
        case ast.Name(id=constant):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            return re.escape(str(getattr(importlib.import_module(module), constant)))
    raise AssertionError(f"{path}:{name.lineno}: a failpoint by no name")
