"""Routing policies as they are written: in YAML by people, in JSON over HTTP and in the database."""

from adapters.policies.contradictions import contradictions
from adapters.policies.document import Fault, PolicyDocument, UnusablePolicy
from adapters.policies.plain import from_json, from_plain, to_plain
from adapters.policies.yaml_form import from_yaml, many_from_yaml, to_yaml

__all__ = [
    "Fault",
    "PolicyDocument",
    "UnusablePolicy",
    "contradictions",
    "from_json",
    "from_plain",
    "from_yaml",
    "many_from_yaml",
    "to_plain",
    "to_yaml",
]
