"""docker-compose.yml as its readers need it: services, variables, and what defaults make of them."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[1]
FILE: Final = ROOT / "docker-compose.yml"
_VARIABLE: Final = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


@cache
def services() -> dict[str, dict[str, Any]]:
    """Every service as it is written, anchors merged."""
    content: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))["services"]
    return content


def ours() -> dict[str, dict[str, Any]]:
    """The services that run this program."""
    return {name: service for name, service in services().items() if "build" in service}


def one_shots() -> set[str]:
    """The services that do one thing and end."""
    return {name for name, service in services().items() if service["restart"].startswith("on-failure")}


def variables() -> dict[str, set[str]]:
    """What the file asks its environment for: name -> `?` (must be set), `-` (has a default) or nothing."""
    asked: dict[str, set[str]] = {}
    for found in _VARIABLE.finditer(FILE.read_text("utf-8")):
        asked.setdefault(found["name"], set()).add(found["kind"] or "")
    return asked


def filled(text: object) -> str:
    """A value with its variables at their defaults; those that must be set become their own name."""

    def value(found: re.Match[str]) -> str:
        return str(found["rest"] if found["kind"] == "-" else found["name"])

    return _VARIABLE.sub(value, str(text)).replace("$$", "$")


def replicas(service: dict[str, Any]) -> int:
    """How many containers a service has by default."""
    return int(filled(service.get("deploy", {}).get("replicas", 1)))
