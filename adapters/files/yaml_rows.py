"""Rows of a YAML file: a list of what has the same names as a CSV file's columns."""

from collections.abc import Iterator, Sequence

import yaml

from adapters.files.rows import Refuse, Row
from adapters.plain_yaml import TAG, PlainLoader, not_yaml

_BETWEEN = ";"


class YamlRows:
    """A YAML file; a name that any row gives is a column, empty in the rows that do not give it."""

    header: Sequence[str]

    def __init__(self, text: str, refuse: Refuse) -> None:
        self._refuse = refuse
        self._rows = list(self._mappings(text))
        names = (key.value for row in self._rows for key, _ in row.value)
        self.header = list(dict.fromkeys(names))

    def below(self) -> Iterator[Row]:
        """Yield the rows; a list becomes a text with semicolons between, as in CSV."""
        for row in self._rows:
            line = row.start_mark.line + 1
            found: dict[str, tuple[str, int]] = {}
            for key, value in row.value:
                if key.value in found:
                    self._refuse(key.start_mark.line + 1, key.value, "stands twice")
                found[key.value] = (self._text(key.value, value), key.start_mark.line + 1)
            cells = [found.get(name, ("", line)) for name in self.header]
            yield Row(line, [text for text, _ in cells], [line for _, line in cells])

    def _mappings(self, text: str) -> Iterator[yaml.MappingNode]:
        try:
            document = PlainLoader(text).get_single_node()
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            what, line = not_yaml(error)
            self._refuse(line or 1, None, f"not YAML: {what}")
            return
        if not isinstance(document, yaml.SequenceNode):
            self._refuse(1, None, "a list is asked for, each row with a dash of its own")
            return
        above = 0
        for row in document.value:
            line = row.start_mark.line + 1
            if not isinstance(row, yaml.MappingNode) or not all(_is_name(key) for key, _ in row.value):
                self._refuse(line, None, "names and values are asked for, as in id: denver")
            elif line == above:
                self._refuse(line, None, "begins on the line of the row before it")
            else:
                yield row
            above = line

    def _text(self, name: str, value: yaml.Node) -> str:
        if isinstance(value, yaml.ScalarNode):
            return "" if value.tag == f"{TAG}null" else str(value.value).strip()
        parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
        line = value.start_mark.line + 1
        if not all(isinstance(part, yaml.ScalarNode) for part in parts):
            self._refuse(line, name, "a text, a number or a list of them is asked for")
        elif any(_BETWEEN in part.value for part in parts):
            self._refuse(line, name, f"a part of a list has no {_BETWEEN}")
        else:
            return _BETWEEN.join(part.value for part in parts) or "none"
        return ""


def _is_name(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode)
