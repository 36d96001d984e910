"""The risk policy as a file: rules in JSON, read once at the root, refused with every fault named."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.iso_codes import CURRENCIES
from domain.payment import Check, RiskLevel
from domain.risk import RiskPolicy, Rule, Verdict

_VERDICTS: Final = {"accept": Verdict.ACCEPTED, "review": Verdict.REVIEW, "decline": Verdict.DECLINED}


class UnusableRiskPolicy(ValueError):  # noqa: N818 (names what cannot be used)
    """The file is no risk policy; the text says where and why."""


def _known(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is no currency of ISO 4217")
    return code


_Currency = Annotated[str, AfterValidator(_known)]
_Amount = Annotated[int, Field(strict=True, gt=0)]
_Count = Annotated[int, Field(strict=True, ge=2, le=1000)]
_Name = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _When(_Form):
    risk: frozenset[RiskLevel] = frozenset()
    avs: frozenset[Check] = frozenset()
    cvc: frozenset[Check] = frozenset()
    three_d_secure: frozenset[Check] = frozenset()
    amount: dict[_Currency, _Amount] = Field(default_factory=dict)
    orders_of_customer: _Count | None = None
    orders_to_address: _Count | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not any(value for _, value in self):
            raise ValueError("asks for nothing, and would apply to every order")
        return self


class _Rule(_Form):
    name: _Name
    when: _When
    then: Literal["accept", "review", "decline"]


class _Policy(_Form):
    window: timedelta = Field(default=timedelta(hours=24), gt=timedelta(0), le=timedelta(days=30))
    rules: tuple[_Rule, ...] = Field(max_length=100)

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        twice = [name for name, count in Counter(rule.name for rule in self.rules).items() if count > 1]
        if twice:
            raise ValueError(f"more than one rule is called {twice[0]!r}")
        return self


def read_risk_policy(file: Path | None) -> RiskPolicy:
    """Return the policy of a file, or the provider's own for None.

    Raises UnusableRiskPolicy with one line for each fault: its place as a JSON pointer, and what is wrong.
    """
    if file is None:
        return RiskPolicy()
    try:
        form = _Policy.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UnusableRiskPolicy(f"{file}: {error.strerror}") from None
    except ValidationError as error:
        faults = [
            f"{file}: {''.join(f'/{part}' for part in fault['loc']) or '/'}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        ]
        raise UnusableRiskPolicy("\n".join(faults)) from None
    return RiskPolicy(tuple(_rule(one) for one in form.rules), form.window)


def _rule(form: _Rule) -> Rule:
    return Rule(form.name, _VERDICTS[form.then], **dict(form.when))
