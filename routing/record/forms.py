"""How one value is written as JSON and read back: by its declared type, exactly, and one way only.

Equal values have equal forms: Decimals lose their trailing zeros, moments stand in UTC, sets are sorted.
A type that is not known here raises TypeError when the model is first written, not when it is read back.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, get_args

from routing.errors import RoutingInputError

Json = Any
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Form:
    """A type's two directions. `write_all` writes many values at once, which is what makes it fast."""

    write: Callable[[Any], Json]
    read: Callable[[Json], Any]
    write_all: Callable[[Sequence[Any]], list[Json]]

    @classmethod
    def of(cls, write: Callable[[Any], Json], read: Callable[[Json], Any]) -> "Form":
        """A form that writes many values one by one."""
        return cls(write, read, lambda values: [write(value) for value in values])


def as_is(kind: type) -> Form:
    """Values that JSON has: strings, whole numbers, truth values."""
    only = {kind}

    def write_all(values: Sequence[Any]) -> list[Json]:
        if set(map(type, values)) <= only:
            return list(values)
        return [check(value) for value in values]

    def check(value: Any) -> Any:
        if type(value) is kind:
            return value
        if isinstance(value, kind) and not isinstance(value, bool):  # a StrEnum or an IntEnum
            return kind(value)
        raise RoutingInputError(f"{value!r} is not of type {kind.__name__}")

    return Form(check, check, write_all)


def literal(hint: Any) -> Form:
    """One of a few words."""
    words = frozenset(get_args(hint))

    def check(value: Any) -> Any:
        if value in words:
            return value
        raise RoutingInputError(f"{value!r} is none of {', '.join(sorted(map(str, words)))}")

    def write_all(values: Sequence[Any]) -> list[Json]:
        return list(values) if words.issuperset(values) else [check(value) for value in values]

    return Form(check, check, write_all)


def optional(inner: Form) -> Form:
    """A value or null."""

    def write_all(values: Sequence[Any]) -> list[Json]:
        return [None if value is None else inner.write(value) for value in values]

    return Form(
        lambda value: None if value is None else inner.write(value),
        lambda found: None if found is None else inner.read(found),
        write_all,
    )


@lru_cache(maxsize=65_536)
def exact_text(value: Decimal) -> str:
    """Write a Decimal so that 1, 1.0 and 1E+0 are the same text and nothing is rounded."""
    if not value.is_finite():
        return str(value)
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _write_decimal(value: Decimal | float) -> str:
    # Some callers pass whole numbers, and a reach may be binary: a Decimal holds both exactly.
    return exact_text(value if isinstance(value, Decimal) else Decimal(value))


def _write_float(value: float) -> Json:
    plain = float(value) + 0.0  # -0.0 equals 0.0 and must read the same
    return "inf" if plain == math.inf else plain


def _write_floats(values: Sequence[float]) -> list[Json]:
    written: list[Json] = [float(value) + 0.0 for value in values]
    return [_write_float(value) for value in written] if math.inf in written else written


def _read_float(found: Json) -> float:
    return float(found)  # JSON has no endless number: it is the word "inf"


def _write_moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise RoutingInputError(f"{value} has no time zone")
    return value.astimezone(UTC).isoformat()


SIMPLE: Mapping[Any, Form] = {
    str: as_is(str),
    int: as_is(int),
    bool: as_is(bool),
    float: Form(_write_float, _read_float, _write_floats),
    Decimal: Form.of(_write_decimal, Decimal),
    Decimal | float: Form.of(_write_decimal, Decimal),
    Fraction: Form.of(str, Fraction),
    datetime: Form.of(_write_moment, datetime.fromisoformat),
    date: Form.of(date.isoformat, date.fromisoformat),
    time: Form.of(time.isoformat, time.fromisoformat),
    timedelta: Form.of(lambda value: value // _MICROSECOND, lambda found: found * _MICROSECOND),
}
"""What is written without looking further; a time span is whole microseconds."""


def words_of(inner: Form) -> Form:
    """A set, sorted."""
    return Form.of(
        lambda values: sorted(inner.write_all(list(values))),
        lambda found: frozenset(map(inner.read, found)),
    )


def list_of(inner: Form) -> Form:
    """A tuple of any length, in its own order."""
    return Form.of(inner.write_all, lambda found: tuple(map(inner.read, found)))


def row_of(inner: Sequence[Form]) -> Form:
    """A tuple of fixed length."""

    def write(values: Iterable[Any]) -> list[Json]:
        return [form.write(value) for form, value in zip(inner, values, strict=True)]

    def read(found: Iterable[Json]) -> tuple[Any, ...]:
        return tuple(form.read(value) for form, value in zip(inner, found, strict=True))

    def write_all(values: Sequence[Iterable[Any]]) -> list[Json]:
        places = zip(*values, strict=True)
        columns = (form.write_all(place) for form, place in zip(inner, places, strict=True))
        return [list(row) for row in zip(*columns, strict=True)] if values else []

    return Form(write, read, write_all)


def mapping_of(key: Form, value: Form) -> Form:
    """A mapping as two columns, sorted by key."""

    def write(found: Mapping[Any, Any]) -> list[Json]:
        names = sorted(found)
        return [key.write_all(names), value.write_all([found[name] for name in names])]

    def read(found: Sequence[Sequence[Json]]) -> dict[Any, Any]:
        return dict(zip(map(key.read, found[0]), map(value.read, found[1]), strict=True))

    return Form.of(write, read)
