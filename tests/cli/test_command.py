import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import COMMANDS, main

ROOT = Path(__file__).parents[2]


def test_help_names_every_command() -> None:
    answer = CliRunner().invoke(main, ["--help"])

    assert answer.exit_code == 0
    assert all(name in answer.output for name in COMMANDS)


def test_help_imports_no_command() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from cli.main import main;"
        "CliRunner().invoke(main, ['--help']);"
        "print([m for m in sys.modules if m.startswith(('cli.', 'config', 'sqlalchemy', 'temporalio'))])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert done.stdout.strip() == "['cli.main']"


@pytest.mark.parametrize("name", ["dev", "api", "worker", "psp", "migrate", "setup"])
def test_a_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])

    assert answer.exit_code == 0


def test_a_command_that_does_not_exist_is_a_usage_error() -> None:
    answer = CliRunner().invoke(main, ["nope"])

    assert answer.exit_code == 2
    assert "No such command 'nope'" in answer.output
