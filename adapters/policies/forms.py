"""The form of every rule and term, made from its own fields, so that no two lists can differ."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Annotated, Any, get_args, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from routing.model.scope import Scope
from routing.rules import RULES
from routing.terms import TERMS

_MOST_NAMES = 10_000


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError("must be a number")  # noqa: TRY004 - the form's own error
    return value


_Name = Annotated[str, Field(min_length=1, max_length=200, strict=True)]
_Exact = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=-(10**15), le=10**15, max_digits=50, decimal_places=34, allow_inf_nan=False),
]
_PLAIN: Mapping[Any, Any] = {
    int: Annotated[int, Field(strict=True, ge=-(10**9), le=10**9)],
    bool: Annotated[bool, Field(strict=True)],
    Decimal: _Exact,
    frozenset[str]: Annotated[frozenset[_Name], Field(max_length=_MOST_NAMES)],
    tuple[str, ...]: Annotated[tuple[_Name, ...], Field(max_length=_MOST_NAMES)],
}


@dataclass(frozen=True, slots=True)
class PartForm:
    """How one rule or term is read: into the model, and from there into its own class."""

    made: type
    model: type[BaseModel]

    def read(self, value: object) -> Any:
        """Check the fields and build the part; raises ValidationError, or the part's own error."""
        return _built(self.made, self.model.model_validate(value))


def _form_of(made: type) -> type[BaseModel]:
    hints = get_type_hints(made)
    shape: dict[str, Any] = {
        one.name: (_typed(hints[one.name]), ... if one.default is MISSING else _wire(one.default))
        for one in fields(made)
    }
    return create_model(made.__name__, __base__=_Form, **shape)


def _typed(hint: Any) -> Any:
    inner = [kind for kind in get_args(hint) if kind is not type(None)]
    if type(None) in get_args(hint):
        return _typed(inner[0]) | None
    if is_dataclass(hint):
        return _form_of(hint)  # type: ignore[arg-type]
    return _PLAIN.get(hint, hint)


def _wire(default: Any) -> Any:
    if is_dataclass(default) and not isinstance(default, type):
        return _form_of(type(default))()
    return default


def _built(made: type, form: BaseModel) -> Any:
    hints = get_type_hints(made)
    values = {}
    for one in fields(made):
        value = getattr(form, one.name)
        if isinstance(value, BaseModel):
            value = _built(_dataclass_of(hints[one.name]), value)
        values[one.name] = value
    return made(**values)


def _dataclass_of(hint: Any) -> type:
    kinds = (hint, *get_args(hint))
    return next(kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind))


RULE_FORMS: Mapping[str, PartForm] = {name: PartForm(made, _form_of(made)) for name, made in RULES.items()}
TERM_FORMS: Mapping[str, PartForm] = {name: PartForm(made, _form_of(made)) for name, made in TERMS.items()}
SCOPE_FORM = PartForm(Scope, _form_of(Scope))
