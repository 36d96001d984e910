"""All that a decision rests on, in parts that change at their own pace, so that each is stored once.

The asked part is the order, the moment and the search's limits. Locations and rates change when somebody
edits them; what is left of stock and capacity changes with every order; the policy with each new version.
Each part is canonical JSON: equal inputs have equal parts, in whatever sequence they were written down.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Final, Literal, cast, get_args

from routing.model.network import Network, RoutingLocation
from routing.model.order import RoutingOrder
from routing.model.policy import Policy
from routing.record.codec import COUNT, Columns, build, canonical, form_of
from routing.record.forms import Json

Part = Literal["asked", "locations", "rates", "stock", "policy"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)

_MOVING: Final = frozenset({"capacity", "offline", "cool_off_until"})
"""What changes of a location from one order to the next."""

_STOCKS: Final = frozenset({"stock", "positions", "inbound", "distances"})
"""What a network says for one order, or for one moment."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that `plan()` was given; the answer depends on nothing else."""

    order: RoutingOrder
    network: Network
    policy: Policy
    now: datetime
    explain: bool = True
    node_limit: int | None = None
    must_use: str | None = None


Parts = Mapping[Part, bytes]
"""Canonical JSON by part."""


@dataclass(frozen=True, slots=True)
class _Split:
    """Which fields stand in which part."""

    asked: Columns
    rates: Columns
    stocks: Columns
    settled: Columns
    moving: Columns


@cache
def _split() -> _Split:
    own = frozenset(one.name for one in fields(Network))
    of_place = frozenset(one.name for one in fields(RoutingLocation))
    return _Split(
        asked=Columns(Question, without=frozenset({"network", "policy"})),
        rates=Columns(Network, without=_STOCKS | {"locations"}),
        stocks=Columns(Network, without=own - _STOCKS),
        settled=Columns(RoutingLocation, without=_MOVING),
        moving=Columns(RoutingLocation, without=of_place - _MOVING),
    )


def parts_of(question: Question) -> Parts:
    """Write a question down; raises RoutingInputError for a moment that has no time zone."""
    split, network = _split(), _tidied(question.network)
    places = sorted(question.network.locations, key=attrgetter("id"))
    stock = {"network": split.stocks.write([network]), "locations": split.moving.write(places)}
    return {
        "asked": canonical(split.asked.write([question])),
        "locations": canonical(split.settled.write(places)),
        "rates": canonical(split.rates.write([network])),
        "stock": canonical(stock),
        "policy": canonical(form_of(Policy).write(question.policy)),
    }


def _tidied(network: Network) -> Network:
    """The network without its locations, all else in an order of its own."""
    services = sorted(network.services, key=attrgetter("name"))
    by_reach = (replace(one, bands=tuple(sorted(one.bands, key=attrgetter("max_km")))) for one in services)
    supply = sorted(network.inbound, key=attrgetter("location_id", "sku", "expected_at", "quantity"))
    legs = sorted(network.transfers, key=attrgetter("origin", "store"))
    return replace(
        network, locations=(), services=tuple(by_reach), inbound=tuple(supply), transfers=tuple(legs)
    )


def question_of(parts: Parts) -> Question:
    """Read a question back; raises RoutingInputError for what this version does not know."""
    split = _split()
    found: dict[Part, Json] = {part: json.loads(parts[part]) for part in PARTS}
    settled, stock = found["locations"], found["stock"]
    columns = split.settled.values(settled) | split.moving.values(stock["locations"])
    whole = {
        "locations": [build(RoutingLocation, settled[COUNT], columns)],
        **split.rates.values(found["rates"]),
        **split.stocks.values(stock["network"]),
    }
    (network,) = build(Network, 1, whole)
    policy = form_of(Policy).read(found["policy"])
    asked = split.asked.values(found["asked"])
    (question,) = build(Question, 1, {**asked, "network": [network], "policy": [policy]})
    return cast("Question", question)


def hashes_of(parts: Parts) -> dict[Part, str]:
    """SHA-256 of each part, in hex: the name under which it is stored."""
    return {part: sha256(parts[part]).hexdigest() for part in PARTS}


def input_hash(hashes: Mapping[Part, str]) -> str:
    """SHA-256, in hex, over the parts' hashes: equal exactly where all parts are equal."""
    return sha256("\n".join(f"{part} {hashes[part]}" for part in PARTS).encode()).hexdigest()
