"""Lists, newest first and in pages; search; and what `expand` puts in the place of an id."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Final

from tests.adapters.payments.stripe_shaped import forms
from tests.adapters.payments.stripe_shaped.account import Account, Object
from tests.adapters.payments.stripe_shaped.refusal import impossible, unknown

_EXPANDABLE: Final = {"balance_transaction", "charge", "latest_charge", "payment_intent", "source"}
_DEEPEST: Final = 4
_PAGED: Final[dict[str, forms.Reader]] = {
    "created": forms.nested(dict.fromkeys(("gt", "gte", "lt", "lte"), forms.integer)),
    "limit": forms.integer,
    "starting_after": forms.text,
}
LISTS: Final[dict[str, tuple[str, dict[str, forms.Reader]]]] = {
    "/v1/payment_intents": ("payment_intent", {**_PAGED, "customer": forms.text}),
    "/v1/charges": ("charge", {**_PAGED, "payment_intent": forms.text}),
    "/v1/refunds": ("refund", {**_PAGED, "payment_intent": forms.text, "charge": forms.text}),
    "/v1/balance_transactions": (
        "balance_transaction",
        {**_PAGED, "type": forms.text, "source": forms.text},
    ),
}
SEARCH: Final[dict[str, forms.Reader]] = {"query": forms.text, "limit": forms.integer, "page": forms.text}

_COMPARE: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
}


def page(account: Account, path: str, given: dict[str, Any], expand: list[str]) -> Object:
    """Return one page of a list."""
    noun, _ = LISTS[path]
    limit = _limit(given)
    spans, after = given.pop("created", {}), given.pop("starting_after", None)
    found = [
        one
        for one in account.of_kind(noun)
        if all(_COMPARE[name](one["created"], bound) for name, bound in spans.items())
        and all(one.get(name) == value for name, value in given.items())
    ]
    if after is not None:
        places = [place for place, one in enumerate(found) if one["id"] == after]
        if not places:
            raise unknown(noun, after, "starting_after")
        found = found[places[0] + 1 :]
    inner = [path.removeprefix("data.") for path in expand]
    data = [expanded(account, one, inner) for one in found[:limit]]
    return {"object": "list", "url": path, "has_more": len(found) > limit, "data": data}


def search(account: Account, given: dict[str, Any], expand: list[str]) -> Object:
    """Find intents by one entry of their metadata; what is new is not found yet."""
    asked = re.fullmatch(r"""metadata\[["'](.+)["']\]:["'](.+)["']""", given.get("query", ""))
    if asked is None:
        raise impossible("We were unable to parse your search query.", param="query")
    known_by = account.now() - account.search_trails
    found = [
        one
        for one in account.of_kind("payment_intent")
        if one["metadata"].get(asked[1]) == asked[2] and one["created"] <= known_by
    ]
    inner = [path.removeprefix("data.") for path in expand]
    data = [expanded(account, one, inner) for one in found[: _limit(given)]]
    return {"object": "search_result", "url": "/v1/payment_intents/search", "has_more": False, "data": data}


def expanded(account: Account, found: Object, paths: list[str]) -> Object:
    """Return a copy with objects in the place of the ids that the paths lead to."""
    whole = deepcopy(found)
    for path in paths:
        names, place = path.split("."), whole
        if len(names) > _DEEPEST:
            raise impossible("You cannot expand more than 4 levels.", param="expand")
        for name in names:
            if name not in _EXPANDABLE or name not in place:
                raise impossible(f"This property cannot be expanded ({name}).", param="expand")
            if isinstance(place[name], str):
                place[name] = deepcopy(account.objects[place[name]])
            if place[name] is None:
                break
            place = place[name]
    return whole


def _limit(given: dict[str, Any]) -> int:
    limit = int(given.pop("limit", 10))
    if not 1 <= limit <= 100:
        raise impossible("A limit is 1 to 100", param="limit")
    return limit
