"""A stored version is parsed once, and equal texts of two versions are told apart."""

import json

from adapters.policies import from_json, from_plain, to_plain

PLAIN = {"name": "p", "scope": {"regions": ["US-CO"]}, "rules": [{"max_shipments": {"most": 2}}]}


def test_the_same_version_is_the_same_document() -> None:
    first = from_json(json.dumps(PLAIN), version=3)

    assert from_json(json.dumps(PLAIN), version=3) is first
    assert first == from_plain(PLAIN, version=3)
    assert to_plain(first) == to_plain(from_plain(PLAIN))


def test_another_version_of_the_same_text_has_its_own_number() -> None:
    assert [from_json(json.dumps(PLAIN), version=one).policy.version for one in (1, 2)] == [1, 2]
