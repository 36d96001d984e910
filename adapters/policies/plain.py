"""A policy document as plain data, as JSON and YAML have it, and back: exact both ways."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from adapters.policies.contradictions import contradictions
from adapters.policies.document import ANY_ORDER, Fault, Path, PolicyDocument, UnusablePolicy
from adapters.policies.forms import RULE_FORMS, SCOPE_FORM, TERM_FORMS, PartForm
from routing import RoutingInputError
from routing.model.policy import COST, Policy

_MOST_PARTS = 100
_Part = str | dict[str, Any]


class ExactText(str):
    """A fraction in digits: a text in JSON, so that nobody rounds it, and a number in YAML."""

    __slots__ = ()


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    description: Annotated[str, Field(max_length=2000)] = ""
    scope: dict[str, Any] | None = None
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None
    rules: Annotated[list[_Part], Field(max_length=_MOST_PARTS)] = []
    terms: Annotated[list[_Part], Field(max_length=_MOST_PARTS)] | None = None
    backorder_penalty: Annotated[Decimal, Field(ge=0, le=10**15, allow_inf_nan=False)] | None = None


def from_plain(plain: object, *, name: str | None = None, version: int = 1) -> PolicyDocument:
    """Return the document; `name` fills in, or must equal, the one that it gives.

    Raises UnusablePolicy with every fault of its form or, if that is right, of its sense.
    """
    faults: list[Fault] = []
    if name is not None and isinstance(plain, dict):
        if plain.get("name", name) != name:
            faults.append(Fault(("name",), f"is not the name that it is put under, {name!r}"))
        plain = {**plain, "name": name}
    try:
        form = _Document.model_validate(plain)
    except ValidationError as error:
        raise UnusablePolicy((*faults, *_faults((), error))) from None
    scope = ANY_ORDER
    if form.scope is not None:
        scope = _read(SCOPE_FORM, form.scope, ("scope",), faults) or ANY_ORDER
    rules = list(_parts("rules", form.rules, RULE_FORMS, faults))
    terms = COST if form.terms is None else tuple(_parts("terms", form.terms, TERM_FORMS, faults))
    if faults:
        raise UnusablePolicy(tuple(faults))
    policy = Policy(form.name, version, tuple(rules), terms, backorder_penalty=form.backorder_penalty)
    document = PolicyDocument(policy, form.description, scope, form.valid_from, form.valid_to)
    if found := contradictions(document):
        raise UnusablePolicy(found)
    return document


@lru_cache(maxsize=1000)
def from_json(text: str, *, version: int) -> PolicyDocument:
    """Return the document of a stored version; versions never change, so each is read once.

    Raises UnusablePolicy for one that an older release took and this one does not.
    """
    return from_plain(json.loads(text), version=version)


def to_plain(document: PolicyDocument) -> dict[str, Any]:
    """Return what `from_plain` reads; what stands at its default is left out, a fraction is a text."""
    policy = document.policy
    plain: dict[str, Any] = {"name": policy.name}
    if document.description:
        plain["description"] = document.description
    if document.scope != ANY_ORDER:
        plain["scope"] = _fields_of(document.scope)
    for moment in ("valid_from", "valid_to"):
        if (value := getattr(document, moment)) is not None:
            plain[moment] = _value_of(value)
    plain["rules"] = [_part_of(rule) for rule in policy.rules]
    plain["terms"] = [_part_of(term) for term in policy.terms]
    if policy.backorder_penalty is not None:
        plain["backorder_penalty"] = _value_of(policy.backorder_penalty)
    return plain


def _parts(
    where: str, parts: Iterable[_Part], forms: Mapping[str, PartForm], faults: list[Fault]
) -> Iterable[Any]:
    for at, part in enumerate(parts):
        named = {part: {}} if isinstance(part, str) else part
        if len(named) != 1:
            faults.append(Fault((where, at), "must be one name with its fields"))
            continue
        ((name, values),) = named.items()
        if name not in forms:
            known = ", ".join(sorted(forms))
            faults.append(Fault((where, at), f"there is no such one; there are {known}"))
            continue
        made = _read(forms[name], {} if values is None else values, (where, at, name), faults)
        if made is not None:
            yield made


def _read(form: PartForm, value: object, path: Path, faults: list[Fault]) -> Any:
    try:
        return form.read(value)
    except ValidationError as error:
        faults += _faults(path, error)
    except RoutingInputError as error:
        faults.append(Fault(path, str(error)))
    return None


def _faults(path: Path, error: ValidationError) -> list[Fault]:
    return [
        Fault((*path, *fault["loc"]), fault["msg"].removeprefix("Value error, "))
        for fault in error.errors(include_url=False)
    ]


def _part_of(part: Any) -> Any:
    given = _fields_of(part)
    return {part.name: given} if given else part.name


def _fields_of(data: Any) -> dict[str, Any]:
    values = ((one, getattr(data, one.name)) for one in fields(data))
    return {
        one.name: _value_of(value) for one, value in values if one.default is MISSING or value != one.default
    }


def _value_of(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _fields_of(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else ExactText(f"{value:f}".rstrip("0"))
    return value
