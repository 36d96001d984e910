"""Values of every type that the model declares, made from the declarations alone."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tests.routing.routing_cases import NOW

PARTICULAR: dict[tuple[str, str], list[Any]] = {
    ("RoutingLocation", "time_zone"): ["Europe/Berlin", "America/Denver"],
    ("RoutingLocation", "methods"): [frozenset({"ship"}), frozenset({"pickup"})],
    ("Service", "methods"): [frozenset({"pickup"}), frozenset({"ship", "pickup"})],
    ("Surcharge", "kind"): ["residential", "oversize"],
    ("TransferLeg", "store"): ["b", "c"],
}
"""Fields that take only some values of their type."""

TOGETHER: dict[tuple[str, str], dict[str, Any]] = {
    ("RoutingOrder", "pickup_location"): {"method": "pickup"},
    ("Surcharge", "kind"): {"flag": "bulky"},
}
"""Fields that make sense only beside another."""


def classes_within(hint: Any) -> frozenset[type[Any]]:
    """Every dataclass that can stand inside a value of a type."""
    if not (isinstance(hint, type) and is_dataclass(hint)):
        return frozenset[type[Any]]().union(*map(classes_within, get_args(hint)))
    inside = [get_type_hints(hint)[one.name] for one in fields(hint)]
    extending = frozenset[type[Any]]().union(*map(classes_within, kinds_of(hint)))
    return extending.union({hint}, *map(classes_within, inside))


def samples(hint: Any) -> list[Any]:
    """Two different values of a type."""
    simple: dict[Any, list[Any]] = {
        str: ["a", "b ü"],
        int: [1, 2],
        bool: [False, True],
        float: [0.1, 1.5],
        Decimal: [Decimal(1), Decimal("0.3")],
        Fraction: [Fraction(1, 3), Fraction(2)],
        datetime: [NOW, NOW + timedelta(microseconds=1)],
        date: [date(2025, 1, 6), date(2025, 1, 7)],
        time: [time(9), time(17, 30)],
        timedelta: [timedelta(hours=1), timedelta(microseconds=1)],
    }
    if hint in simple:
        return simple[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        return things(hint)
    return _composed(get_origin(hint), get_args(hint))


def _composed(origin: Any, inner: tuple[Any, ...]) -> list[Any]:
    if origin is Literal:
        return list(inner)[-2:] if len(inner) > 1 else list(inner) * 2
    first = samples(next(one for one in inner if one is not NoneType))
    if origin in (Union, UnionType):
        return first
    if origin is tuple and inner[-1] is ...:
        return [tuple(first[:1]), tuple(first[1:2])]
    if origin is tuple:
        return [tuple(samples(one)[at] for one in inner) for at in (0, 1)]
    if origin is frozenset:
        return [frozenset(first[:1]), frozenset(first)]
    return [{key: value} for key, value in zip(first, samples(inner[1]), strict=False)]


def things(kind: type[Any]) -> list[Any]:
    """A thing with only what it must have, and for each field one that differs in it where it may."""
    if extending := kinds_of(kind):
        return [thing for one in extending for thing in things(one)[:1]][:2]
    hints = get_type_hints(kind)
    must = {
        one.name: values_of(kind, one.name, hints)[0]
        for one in fields(kind)
        if one.default is MISSING and one.default_factory is MISSING
    }
    return [kind(**must), *_differing(kind, must, hints)]


def kinds_of(base: type[Any]) -> list[type[Any]]:
    """The classes that extend a base, without the drafts that `slots=True` leaves behind."""
    return [kind for kind in base.__subclasses__() if "__slots__" in vars(kind)]


def values_of(kind: type[Any], name: str, hints: dict[str, Any]) -> list[Any]:
    """Two different values of a field."""
    return PARTICULAR.get((kind.__name__, name)) or samples(hints[name])


def _differing(kind: type[Any], must: dict[str, Any], hints: dict[str, Any]) -> list[Any]:
    plain = kind(**must)
    found = []
    for one in fields(kind):
        own = getattr(plain, one.name)
        value = next(value for value in values_of(kind, one.name, hints)[::-1] if value != own)
        beside = TOGETHER.get((kind.__name__, one.name), {})
        found.append(kind(**{**must, **beside, one.name: value}))
    return found
