"""Policies as YAML: numbers stay exact, faults know their line."""

from typing import Any, Final

import yaml

from adapters.plain_yaml import TAG, PlainLoader, not_yaml
from adapters.policies.document import Fault, Path, PolicyDocument, UnusablePolicy
from adapters.policies.plain import ExactText, from_plain, to_plain

_MOST_TEXT: Final = 1024 * 1024


class _Dumper(yaml.SafeDumper):
    """Fractions without quotes."""


_Dumper.add_representer(ExactText, lambda dumper, text: dumper.represent_scalar(f"{TAG}float", str(text)))


def from_yaml(text: str, *, name: str | None = None, version: int = 1) -> PolicyDocument:
    """Return the document; raises UnusablePolicy, each fault with its line."""
    parsed = _parsed(text)
    if len(parsed) > 1:
        raise UnusablePolicy((Fault((), "is a second policy; one is asked for", _line(parsed[1][0], ())),))
    node, plain = parsed[0] if parsed else (None, None)
    return _read(node, plain, name, version)


def many_from_yaml(text: str) -> tuple[PolicyDocument, ...]:
    """Return the documents of a file, separated by `---`; raises UnusablePolicy with the faults of all."""
    documents: list[PolicyDocument] = []
    faults: list[Fault] = []
    for node, plain in _parsed(text):
        try:
            documents.append(_read(node, plain, None, 1))
        except UnusablePolicy as error:
            faults += error.faults
    if faults:
        raise UnusablePolicy(tuple(faults))
    return tuple(documents)


def to_yaml(document: PolicyDocument) -> str:
    """Return what `from_yaml` reads back as an equal document."""
    return yaml.dump(to_plain(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def _parsed(text: str) -> list[tuple[yaml.Node, Any]]:
    """Every document of a text as its nodes, which know their lines, and as data."""
    if len(text) > _MOST_TEXT:
        raise UnusablePolicy((Fault((), "is longer than a policy can be"),))
    found = []
    try:
        loader = PlainLoader(text)
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                found.append((node, loader.construct_document(node)))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnusablePolicy((Fault((), *not_yaml(error)),)) from None
    return found


def _read(node: yaml.Node | None, plain: Any, name: str | None, version: int) -> PolicyDocument:
    try:
        return from_plain(plain, name=name, version=version)
    except UnusablePolicy as error:
        found = (Fault(fault.path, fault.message, _line(node, fault.path)) for fault in error.faults)
        raise UnusablePolicy(tuple(found)) from None


def _line(node: yaml.Node | None, path: Path) -> int:
    """Where the path leads, as far as the file has it."""
    at = node
    line = 1 if node is None else node.start_mark.line + 1
    for part in path:
        if isinstance(at, yaml.MappingNode):
            pair = next(((key, value) for key, value in at.value if key.value == part), None)
            if pair is None:
                break
            line, at = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(at, yaml.SequenceNode) and isinstance(part, int) and part < len(at.value):
            at = at.value[part]
            line = at.start_mark.line + 1
        else:
            break
    return line
