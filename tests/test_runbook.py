"""The runbook knows every setting, and every reason for which an order asks for attention."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from adapters.db import attention
from config.settings import Settings
from domain.payment import MoneyStep

ROOT: Final = Path(__file__).parents[1]
_, ATTENTION, SETTINGS = re.split(
    r"^## (?:An order that needs attention|Settings)$",
    (ROOT / "docs/runbook.md").read_text("utf-8"),
    flags=re.MULTILINE,
)


def test_the_runbook_lists_every_setting() -> None:
    listed = set(re.findall(r"`([A-Z_]+)`", SETTINGS))

    assert listed == {
        str(field.validation_alias or f"OMS_{name.upper()}") for name, field in Settings.model_fields.items()
    }


def test_the_runbook_lists_every_reason_for_attention() -> None:
    section = ATTENTION.partition("\n## ")[0]
    listed = re.findall(r"^\| `([a-z_]+)` \|", section, flags=re.MULTILINE)

    assert sorted(listed) == sorted(set(reasons()))


def reasons() -> Iterator[str]:
    """What orders are parked for, read off every call of `park`."""
    for path in [*ROOT.glob("adapters/db/*.py"), *ROOT.glob("activities/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "park":
                yield from reasons_of(node.args[1])


def reasons_of(reason: ast.expr) -> list[str]:
    match reason:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Name(id=constant):
            return [str(getattr(attention, constant))]
        case ast.JoinedStr(values=[_, ast.Constant(value=str(ending))]):
            return [f"{step}{ending}" for step in MoneyStep if step is not MoneyStep.AUTHORIZE]
    raise AssertionError(ast.unparse(reason))
