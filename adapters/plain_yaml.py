"""YAML as people write settings: plain words, no aliases, and nodes that know their lines."""

import re
from collections.abc import Hashable
from decimal import Decimal
from typing import Any, Final

import yaml

TAG: Final = "tag:yaml.org,2002:"
_FRACTION: Final = re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?$")
_WHOLE: Final = re.compile(r"^[-+]?[0-9]+$")
_NULL: Final = re.compile(r"^(?:~|null|)$")


class PlainLoader(yaml.SafeLoader):
    """YAML 1.2's plain words: NO is a country, 010 is ten, and a key stands once."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a node; raises ConstructorError for an alias."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "write it out: aliases are not read", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        """Make a mapping; raises ConstructorError for a key that stands twice."""
        keys = [key.value for key, _ in node.value]
        for at, (key, _) in enumerate(node.value):
            if key.value in keys[:at]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value} stands twice", key.start_mark
                )
        return super().construct_mapping(node, deep)


PlainLoader.yaml_implicit_resolvers = {}
PlainLoader.add_implicit_resolver(f"{TAG}bool", re.compile(r"^(?:true|false)$"), list("tf"))
PlainLoader.add_implicit_resolver(f"{TAG}null", _NULL, ["~", "n", ""])
PlainLoader.add_implicit_resolver(f"{TAG}int", _WHOLE, list("-+0123456789"))
PlainLoader.add_implicit_resolver(f"{TAG}float", _FRACTION, list("-+.0123456789"))
PlainLoader.add_constructor(f"{TAG}int", lambda _, node: int(node.value))
PlainLoader.add_constructor(f"{TAG}float", lambda _, node: Decimal(node.value))


def not_yaml(error: Exception) -> tuple[str, int | None]:
    """What is wrong with a text that is no YAML, and on which line, if that is known."""
    mark = getattr(error, "problem_mark", None)
    return getattr(error, "problem", None) or "is not YAML", mark.line + 1 if mark else None
