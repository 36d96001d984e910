"""A risk policy is a readable file; what is wrong with one is said by its place."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.risk_policy import UnusableRiskPolicy, read_risk_policy
from domain.payment import Check, RiskLevel
from domain.risk import PROVIDERS_OWN, RiskPolicy, Rule, Verdict

REVIEW: dict[str, Any] = {"name": "odd", "when": {"cvc": ["failed"]}, "then": "review"}
RUNBOOK = Path(__file__).parents[2] / "docs/runbook.md"


def written(folder: Path, content: object) -> Path:
    file = folder / "risk.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_without_a_file_the_provider_is_believed() -> None:
    assert read_risk_policy(None) == RiskPolicy(PROVIDERS_OWN, timedelta(hours=24))


def test_a_file_says_its_rules_in_their_order(tmp_path: Path) -> None:
    crowded = {
        "name": "crowded",
        "when": {"risk": ["elevated", "highest"], "amount": {"USD": 5000}, "orders_to_address": 4},
        "then": "decline",
    }

    policy = read_risk_policy(written(tmp_path, {"window": "PT6H", "rules": [REVIEW, crowded]}))

    assert policy.window == timedelta(hours=6)
    assert policy.rules == (
        Rule("odd", Verdict.REVIEW, cvc=frozenset({Check.FAILED})),
        Rule(
            "crowded",
            Verdict.DECLINED,
            risk=frozenset({RiskLevel.ELEVATED, RiskLevel.HIGHEST}),
            amount={"USD": 5000},
            orders_to_address=4,
        ),
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "Invalid JSON"),
        ({}, "/rules: Field required"),
        ({"rules": [], "windows": 3}, "/windows: Extra inputs"),
        ({"rules": [], "window": "PT0S"}, "/window: Input should be greater than"),
        ({"rules": [REVIEW | {"when": {}}]}, "/rules/0/when: Value error, asks for nothing"),
        ({"rules": [REVIEW | {"when": {"cvv": ["failed"]}}]}, "/rules/0/when/cvv: Extra inputs"),
        ({"rules": [REVIEW | {"when": {"cvc": ["wrong"]}}]}, "/rules/0/when/cvc/0: Input should be 'passed'"),
        ({"rules": [REVIEW | {"when": {"amount": {"XXX": 1}}}]}, "is no currency of ISO 4217"),
        ({"rules": [REVIEW | {"when": {"amount": {"USD": 1.5}}}]}, "/rules/0/when/amount/USD: Input should"),
        ({"rules": [REVIEW | {"when": {"orders_of_customer": 1}}]}, "/rules/0/when/orders_of_customer: "),
        ({"rules": [REVIEW | {"then": "reject"}]}, "/rules/0/then: Input should be 'accept'"),
        ({"rules": [REVIEW, REVIEW]}, "more than one rule is called 'odd'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_by_its_place(tmp_path: Path, content: object, told: str) -> None:
    with pytest.raises(UnusableRiskPolicy) as refused:
        read_risk_policy(written(tmp_path, content))

    assert told in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableRiskPolicy, match=r"gone\.json: No such file"):
        read_risk_policy(tmp_path / "gone.json")


def test_the_policy_in_the_runbook_can_be_used(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```json\n(\{\s*\"window\".*?)```", RUNBOOK.read_text("utf-8"), flags=re.DOTALL)

    policy = read_risk_policy(written(tmp_path, shown))

    assert {rule.then for rule in policy.rules} == {Verdict.REVIEW, Verdict.DECLINED}
    assert policy.most_of_customer
    assert policy.most_to_address
