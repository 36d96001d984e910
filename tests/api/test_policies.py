"""Routing policies over HTTP: put in versions, read as JSON and YAML, refused with the reason."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

URL = "/v1/routing/policies"
ONE = {"rules": [{"max_shipments": {"most": 1, "soft": True}}], "terms": ["shipping", "handling"]}
TWO = ONE | {"rules": [{"max_shipments": {"most": 2}}]}


@pytest.fixture
def name() -> str:
    """Each test's own policy, for a channel of its own, so that none ties with another."""
    return f"p-{uuid4().hex}"


def of(name: str, content: dict[str, Any]) -> dict[str, Any]:
    return content | {"scope": {"channels": [name]}}


async def test_every_change_is_a_version_and_old_ones_are_kept(ops: httpx.AsyncClient, name: str) -> None:
    first = await ops.put(f"{URL}/{name}", json=of(name, ONE))
    again = await ops.put(f"{URL}/{name}", json=of(name, ONE))
    second = await ops.put(f"{URL}/{name}", json=of(name, TWO))

    assert [answer.json()["version"] for answer in (first, again, second)] == [1, 1, 2]
    assert (await ops.get(f"{URL}/{name}")).json() == second.json()
    assert (await ops.get(f"{URL}/{name}?version=1")).json() == first.json()
    assert first.json()["policy"] == of(name, ONE) | {"name": name}
    assert first.json()["put_by"].startswith("ops:")


async def test_a_policy_is_yaml_where_it_says_so(ops: httpx.AsyncClient, name: str) -> None:
    text = f"scope: {{channels: [{name}]}}\nrules:\n  - whole_lines\nterms:\n  - shipping: {{weight: 0.1}}\n"

    put = await ops.put(f"{URL}/{name}", content=text, headers={"Content-Type": "application/yaml"})
    read = await ops.get(f"{URL}/{name}", headers={"Accept": "application/yaml"})
    back = await ops.put(f"{URL}/{name}", content=read.content, headers={"Content-Type": "application/yaml"})

    assert put.json()["policy"]["terms"] == [{"shipping": {"weight": "0.1"}}]
    assert read.headers["content-type"].startswith("application/yaml")
    assert read.text.startswith(f"# version 1\nname: {name}\n")
    assert back.json() == put.json()


async def test_who_replaces_another_version_than_he_saw_is_refused(ops: httpx.AsyncClient, name: str) -> None:
    first = await ops.put(f"{URL}/{name}?replaces=0", json=of(name, ONE))
    late = await ops.put(f"{URL}/{name}?replaces=0", json=of(name, TWO))
    second = await ops.put(f"{URL}/{name}?replaces=1", json=of(name, TWO))

    assert [first.status_code, late.status_code, second.status_code] == [200, 409, 200]
    assert late.json()["type"] == "/problems/policy-changed"


async def test_policies_are_listed_in_their_newest_versions(ops: httpx.AsyncClient, name: str) -> None:
    for content in (ONE, TWO):
        await ops.put(f"{URL}/{name}", json=of(name, content))

    listed = await ops.get(URL, params={"limit": 200})

    assert [one["version"] for one in listed.json()["data"] if one["name"] == name] == [2]


async def test_a_preset_is_read_and_not_put(ops: httpx.AsyncClient) -> None:
    read = await ops.get(f"{URL}/lowest_cost")
    put = await ops.put(f"{URL}/lowest_cost", json=ONE)

    assert read.json()["preset"] is True
    assert read.json()["policy"] == {"name": "lowest_cost", "rules": [], "terms": ["shipping", "handling"]}
    assert put.status_code == 422


async def test_what_is_not_there_is_404(ops: httpx.AsyncClient, name: str) -> None:
    await ops.put(f"{URL}/{name}", json=of(name, ONE))

    assert (await ops.get(f"{URL}/{name}x")).status_code == 404
    assert (await ops.get(f"{URL}/{name}?version=2")).status_code == 404


async def test_policies_that_would_tie_are_refused_at_the_time_at_which_they_do(
    ops: httpx.AsyncClient, name: str
) -> None:
    ends = of(name, ONE) | {"valid_to": "2999-01-01T00:00:00+00:00"}
    assert (await ops.put(f"{URL}/{name}", json=ends)).status_code == 200

    tied = await ops.put(f"{URL}/{name}-b", json=of(name, TWO))
    after = of(name, TWO) | {"valid_from": "2999-01-01T00:00:00+00:00"}
    later = await ops.put(f"{URL}/{name}-b", json=after)
    narrower = TWO | {"scope": {"channels": [name], "regions": ["US"]}}

    assert tied.status_code == 409
    assert tied.json()["type"] == "/problems/policy-ambiguous"
    assert name in tied.json()["detail"]
    assert later.status_code == 200
    assert (await ops.put(f"{URL}/{name}-c", json=narrower)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"rules": [{"max_shipments": {"most": 0}}]}, "/rules/0/max_shipments"),
        ({"rules": [{"max_shipments": {}}]}, "/rules/0/max_shipments/most"),
        ({"rules": ["no_such_rule"]}, "/rules/0"),
        ({"terms": []}, "/terms"),
        ({"scope": {"channels": []}}, "/scope/channels"),
        ({"valid_to": "2001-01-01T00:00:00Z"}, "/valid_to"),
        ({"name": "another"}, "/name"),
        ({"colour": "red"}, "/colour"),
        ([], ""),
    ],
)
async def test_a_policy_that_cannot_be_is_refused_with_the_place(
    ops: httpx.AsyncClient, name: str, body: Any, pointer: str
) -> None:
    answer = await ops.put(f"{URL}/{name}", json=body)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_yaml_that_is_wrong_is_refused_with_the_line(ops: httpx.AsyncClient, name: str) -> None:
    text = "terms:\n  - shipping\nrules:\n  - whole_lines\n  - whole_lines\n"

    answer = await ops.put(f"{URL}/{name}", content=text, headers={"Content-Type": "application/yaml"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/rules/1/whole_lines", "message": "line 5: stands twice"}]


async def test_another_kind_of_content_is_415(ops: httpx.AsyncClient, name: str) -> None:
    answer = await ops.put(f"{URL}/{name}", content="x", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415


async def test_a_storefront_neither_reads_nor_puts_policies(storefront: httpx.AsyncClient, name: str) -> None:
    assert (await storefront.get(f"{URL}/lowest_cost")).status_code == 403
    assert (await storefront.put(f"{URL}/{name}", json=ONE)).status_code == 403
