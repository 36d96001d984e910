"""Form-encoded parameters: nested by brackets, every name known, every value of its type."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.adapters.payments.stripe_shaped.refusal import impossible

Reader = Callable[[str, Any], Any]
_NAME: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def parse(text: str) -> dict[str, Any]:
    """Read `a[b]=1&c[]=2&c[0]=2` into mappings; a list is a mapping from its indexes."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        match = _NAME.fullmatch(name)
        if match is None:
            raise impossible(f"Invalid parameter name: {name}", param=name)
        inner = re.findall(r"\[([^\[\]]*)\]", match[2])
        place = found
        path = [match[1], *inner]
        for part in path[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise impossible(f"Invalid object: {name}", param=match[1])
        place[path[-1] or str(len(place))] = value
    return found


def accept(given: Mapping[str, Any], known: Mapping[str, Reader], within: str = "") -> dict[str, Any]:
    """Return the parameters read; refused are names that are not known and values of another type."""
    full = {name: f"{within}[{name}]" if within else name for name in given}
    for name in given:
        if name not in known:
            shown = full[name]
            raise impossible(f"Received unknown parameter: {shown}", code="parameter_unknown", param=shown)
    return {name: known[name](full[name], value) for name, value in given.items()}


def text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise impossible(f"Invalid string: {name}", code="parameter_invalid_empty", param=name)
    return value


def integer(name: str, value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,12}", value):
        raise impossible(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
    return int(value)


def boolean(name: str, value: Any) -> bool:
    if value not in ("true", "false"):
        raise impossible(f"Invalid boolean: {value}", param=name)
    return bool(value == "true")


def one_of(*allowed: str) -> Reader:
    def read(name: str, value: Any) -> str:
        if value not in allowed:
            raise impossible(f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
        return str(value)

    return read


def listed(reader: Reader) -> Reader:
    def read(name: str, value: Any) -> list[Any]:
        if not isinstance(value, dict) or not all(index.isdecimal() for index in value):
            raise impossible(f"Invalid array: {name}", param=name)
        return [reader(name, one) for one in value.values()]

    return read


def nested(known: Mapping[str, Reader]) -> Reader:
    def read(name: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise impossible(f"Invalid object: {name}", param=name)
        return accept(value, known, name)

    return read


def metadata(name: str, value: Any) -> dict[str, str]:
    """Up to 50 entries, names up to 40 characters, values up to 500."""
    if not isinstance(value, dict) or not all(isinstance(entry, str) for entry in value.values()):
        raise impossible("Invalid metadata", param=name)
    if any(len(key) > 40 or len(entry) > 500 for key, entry in value.items()):
        raise impossible("Metadata names have up to 40 characters, values up to 500", param=name)
    return dict(value)


def merge(current: dict[str, str], added: Mapping[str, str]) -> None:
    """Add metadata; an empty value takes an entry away."""
    merged = {key: entry for key, entry in {**current, **added}.items() if entry}
    if len(merged) > 50:
        raise impossible("Metadata can have up to 50 entries", param="metadata")
    current.clear()
    current.update(merged)
