import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.properties import ENOUGH, tell_kinds
from bench.routing import SIZES
from cli.bench import BENCHMARKS, bench
from tests.properties.whole_life.played import KINDS

ROOT = Path(__file__).parents[2]


def run(
    *arguments: str, script: str = "from cli.main import main; main()"
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", script, "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)


def test_help_names_every_benchmark_and_imports_none() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from cli.main import main;"
        "print(CliRunner().invoke(main, ['bench', '--help']).output);"
        "print('imported', [m for m in sys.modules if m.startswith(('bench', 'sqlalchemy', 'temporalio'))])"
    )

    done = run(script=script)

    assert all(f"  {name}" in done.stdout for name in BENCHMARKS)
    assert "imported []" in done.stdout


@pytest.mark.parametrize("name", list(BENCHMARKS))
def test_a_benchmark_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(bench, [name, "--help"])

    assert answer.exit_code == 0
    assert answer.output.startswith("Usage:")


def test_a_benchmark_that_does_not_exist_is_a_usage_error() -> None:
    answer = CliRunner().invoke(bench, ["nope"])

    assert answer.exit_code == 2


@pytest.mark.timeout(300)
def test_routing_alone_times_the_dom_without_other_solvers() -> None:
    done = run("routing", "--alone", "--orders", "1", "--locations", "100")

    assert done.returncode == 0, done.stderr
    assert "HiGHS" not in done.stdout
    sizes = [size for size in SIZES if size.locations <= 100]
    rows = [line for line in done.stdout.splitlines() if line.endswith("| 1/1")]
    assert [row.split(" |")[0].rstrip() for row in rows] == [str(size) for size in sizes]


def test_routing_beside_highs_compares_every_optimum_and_names_the_ratios() -> None:
    done = run("routing", "--orders", "2", "--locations", "50")

    assert done.returncode == 0, done.stderr
    assert "HiGHS p50" in done.stdout
    assert re.search(r"met +optima that differ +0 / 0 / 0", done.stdout)
    assert re.search(r"(met|missed) +5 × 50: search, .*HiGHS", done.stdout)


def test_routing_says_how_to_go_on_when_highs_is_not_installed() -> None:
    script = "import sys; sys.modules['highspy'] = None; from cli.main import main; main()"

    done = run("routing", "--orders", "1", script=script)

    assert done.returncode == 1
    assert "HiGHS is not installed" in done.stderr
    assert "--alone" in done.stderr


@pytest.mark.parametrize(
    ("sequences", "left_out", "all_met"),
    [(ENOUGH, 0, True), (ENOUGH, 1, False), (ENOUGH - 1, 1, True)],
)
def test_what_a_thousand_stories_never_met_fails_the_benchmark(
    capsys: pytest.CaptureFixture[str], sequences: int, left_out: int, *, all_met: bool
) -> None:
    met = Counter(dict.fromkeys(KINDS[left_out:], 7))

    assert tell_kinds(sequences, met, met) is all_met

    table = capsys.readouterr().out
    assert all(kind in table for kind in KINDS)
    assert ("never met: 3-D Secure passed" in table) is bool(left_out)
    assert ("that is no fault" in table) is (sequences < ENOUGH)


@pytest.mark.timeout(300)
def test_orders_live_to_their_close_and_are_compared_with_the_yardstick(tmp_path: Path) -> None:
    yardstick = tmp_path / "yardstick.py"
    yardstick.write_text("print('1 fulfilment(s): 10.0 orders/s, 96 events')")

    done = run("orders", "--count", "2", "--yardstick", str(yardstick))

    assert done.returncode == 0, done.stderr
    assert re.search(r"^[\d.]+ orders/s, \d+ events an order", done.stdout, flags=re.MULTILINE)
    assert "yardstick: 10.0 orders/s before, 10.0 after" in done.stdout
