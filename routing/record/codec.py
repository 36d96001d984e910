"""A dataclass as canonical JSON and back, from nothing but its declared fields.

Only what differs from a field's default is written, so a snapshot from before a field existed reads as if
the field had its default; a default may therefore never change once it is released. Things of one class
stand in columns, which is fast to write and compresses well. Reading is strict: a field or a kind that the
class does not have is refused, as an older version refuses a newer one's snapshot.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from routing.errors import RoutingInputError
from routing.record.forms import (
    SIMPLE,
    Form,
    Json,
    list_of,
    literal,
    mapping_of,
    optional,
    row_of,
    words_of,
)

COUNT: Final = "#"
KIND: Final = "is"
_NO_DEFAULT: Final = object()


def canonical(content: Json) -> bytes:
    """The one text of a JSON value: sorted names, no blanks, ASCII only."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


@cache
def form_of(hint: Any) -> Form:
    """How values of a declared type are written and read; raises TypeError for a type it does not know."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return _kinds(hint) if hint.__subclasses__() else _one_class(hint)
    return _composed(hint, get_origin(hint), get_args(hint))


def _composed(hint: Any, origin: Any, inner: tuple[Any, ...]) -> Form:
    if origin is Literal:
        return literal(hint)
    if origin in (Union, UnionType) and NoneType in inner:
        return optional(form_of(Union[*(one for one in inner if one is not NoneType)]))
    if origin is tuple:
        return _tuple(inner)
    if origin is frozenset:
        return words_of(form_of(inner[0]))
    if origin is not None and issubclass(origin, Mapping):
        return mapping_of(form_of(inner[0]), form_of(inner[1]))
    raise TypeError(f"a snapshot cannot hold a value of type {hint}")


def _tuple(inner: tuple[Any, ...]) -> Form:
    if inner[-1] is not ...:
        return row_of([form_of(one) for one in inner])
    kind = inner[0]
    if is_dataclass(kind) and isinstance(kind, type) and not kind.__subclasses__():
        columns = columns_of(kind)
        return Form.of(columns.write, columns.read)
    return list_of(form_of(kind))


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    form: Form
    default: Any

    def omitted(self, values: Sequence[Any]) -> bool:
        return self.default is not _NO_DEFAULT and values.count(self.default) == len(values)


class Columns:
    """Many things of one class, field by field; some fields may be left to another part."""

    def __init__(self, kind: type, *, without: frozenset[str] = frozenset()) -> None:
        hints = get_type_hints(kind)
        self._kind = kind
        self._columns = tuple(
            _Column(one.name, form_of(hints[one.name]), _default(one))
            for one in fields(kind)
            if one.init and one.name not in without
        )

    def write(self, things: Sequence[Any]) -> dict[str, Json]:
        """Return the columns that are not all default, and how many things there are."""
        return {COUNT: len(things), **self.fields_of(things)}

    def fields_of(self, things: Sequence[Any]) -> dict[str, Json]:
        """Return only the columns."""
        written = {}
        for column in self._columns:
            name = column.name
            values = list(map(attrgetter(name), things))
            if not column.omitted(values):
                written[name] = column.form.write_all(values)
        return written

    def read(self, content: Mapping[str, Json]) -> tuple[Any, ...]:
        """Build the things again; raises RoutingInputError for a field that the class does not have."""
        return build(self._kind, content[COUNT], self.values(content))

    def values(self, content: Mapping[str, Json]) -> dict[str, list[Any]]:
        """Return the columns that were written, as values."""
        known = {column.name: column.form for column in self._columns}
        if unknown := sorted(set(content) - {*known, COUNT}):
            raise RoutingInputError(f"{self._kind.__name__} has no field {', '.join(unknown)}")
        return {name: list(map(known[name].read, content[name])) for name in content if name != COUNT}


def build(kind: type, count: int, values: Mapping[str, Sequence[Any]]) -> tuple[Any, ...]:
    """Make so many things of a class, each of its row of values; other fields have their defaults."""
    rows = zip(*values.values(), strict=True) if values else iter([()] * count)
    things = tuple(kind(**dict(zip(values, row, strict=True))) for row in rows)
    if len(things) != count:
        raise RoutingInputError(f"{len(things)} of {count} {kind.__name__} are there")
    return things


@cache
def columns_of(kind: type) -> Columns:
    """The columns of a whole class."""
    return Columns(kind)


def _one_class(kind: type) -> Form:
    columns = columns_of(kind)

    def write(thing: Any) -> dict[str, Json]:
        if type(thing) is not kind:
            raise TypeError(f"{type(thing).__name__} stands where {kind.__name__} is declared")
        return {name: column[0] for name, column in columns.fields_of([thing]).items()}

    def read(content: Mapping[str, Json]) -> Any:
        (thing,) = columns.read({COUNT: 1, **{name: [value] for name, value in content.items()}})
        return thing

    return Form.of(write, read)


def _kinds(base: type) -> Form:
    """One of the classes that extend a base; each is known by the `name` that it declares."""
    kinds: dict[str, Any] = {kind.name: kind for kind in _extending(base)}

    def write(thing: Any) -> dict[str, Json]:
        name: str = thing.name
        if kinds.get(name) is not type(thing):
            raise TypeError(f"{thing!r} is no {base.__name__} that a snapshot can hold")
        return {KIND: name, **_one_class(kinds[name]).write(thing)}

    def read(content: Mapping[str, Json]) -> Any:
        if content[KIND] not in kinds:
            raise RoutingInputError(f"there is no {base.__name__} named {content[KIND]!r}")
        return _one_class(kinds[content[KIND]]).read(
            {name: value for name, value in content.items() if name != KIND}
        )

    return Form.of(write, read)


def _extending(base: Any) -> list[Any]:
    found: list[Any] = []
    for kind in base.__subclasses__():
        # A dataclass with slots is made twice, and the draft without them may not be collected yet.
        if "__slots__" in vars(kind):
            found += _extending(kind) or [kind]
    return found


def _default(one: "Field[Any]") -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else _NO_DEFAULT
