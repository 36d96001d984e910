"""What the DOM is asked over HTTP, checked and turned into routing's own terms."""

from dataclasses import replace
from itertools import takewhile
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Discriminator, Field, Tag

from adapters.policies import UnusablePolicy, from_plain
from api.bodies import Body, Count, Exact, Identifier, Latitude, Longitude, Moment, Quantity
from api.faults import nameable, pointer_of
from api.plan_building import Millimetres, Names, built
from api.plan_network_asked import NetworkAsked
from domain.errors import InvalidContent
from routing import PRESETS, Destination, Policy, RoutingLine, RoutingOrder
from routing.model.rates import DeliveryMethod
from routing.rules import MaxShipments, Rule
from routing.terms import SplitPenalty, Term

_Part = str | dict[str, Any]
_EXAMPLE: Final[dict[str, Any]] = {
    "lines": [{"sku": "MUG", "quantity": 2, "weight_g": 350}],
    "destination": {"lat": 40.71, "lng": -74.01, "postal_code": "10007"},
    "policy": "lowest_cost",
    "network": {
        "locations": [{"id": "dc-east", "kind": "dc", "lat": 40.0, "lng": -75.1, "handling_cost": 120}],
        "stock": [{"location_id": "dc-east", "sku": "MUG", "available": 40}],
        "services": [
            {
                "name": "ground",
                "bands": [{"max_km": 500, "base": 450, "per_kg": 80.5, "transit_days": 2}],
            }
        ],
    },
}


class LineAsked(Body):
    """Units of one product; weight (grams), sides, flags and value (minor units) are of one unit.

    Lines with one `keep_together` travel in one shipment where the policy keeps groups together.
    """

    sku: Identifier
    quantity: Quantity
    weight_g: Count
    dims_mm: tuple[Millimetres, Millimetres, Millimetres] | None = None
    flags: Names = ()
    keep_together: Identifier | None = None
    category: Identifier | None = None
    value: Exact | None = None


class DestinationAsked(Body):
    """Where it goes, in degrees; country and region are codes."""

    lat: Latitude
    lng: Longitude
    postal_code: Identifier | None = None
    country: Identifier | None = None
    region: Identifier | None = None
    residential: Annotated[bool, Field(strict=True)] = False


class PolicyAsked(Body):
    """A policy of the caller's own: rules and terms as stored policies have them, or by the short names.

    `exclude_locations`, `include_locations`, `max_shipments` and `shipment_penalty` (a shipment, in minor
    units) stand for the rules and the term of that sense.
    """

    max_shipments: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    exclude_locations: Annotated[tuple[Identifier, ...], Field(max_length=10_000)] = ()
    include_locations: Annotated[tuple[Identifier, ...], Field(max_length=10_000)] | None = None
    shipment_penalty: Exact | None = None
    rules: Annotated[tuple[_Part, ...], Field(max_length=100)] = ()
    terms: Annotated[tuple[_Part, ...], Field(max_length=100)] | None = None
    backorder_penalty: Exact | None = None

    def policy(self) -> Policy:
        """Return the policy in routing's terms; raises InvalidContent, saying where."""
        written: dict[str, Any] = {"rules": list(self.rules), "backorder_penalty": self.backorder_penalty}
        if self.terms is not None:
            written["terms"] = list(self.terms)
        try:
            policy = from_plain(written, name="custom").policy
        except UnusablePolicy as error:
            fault = error.faults[0]
            path = takewhile(lambda part: isinstance(part, int) or nameable(part), fault.path)
            at = pointer_of(["policy", *path])
            raise InvalidContent(f"The policy cannot be used: {fault.message}.", at) from None
        more: list[Rule] = [MaxShipments(self.max_shipments)] if self.max_shipments is not None else []
        terms: list[Term] = [SplitPenalty(self.shipment_penalty)] if self.shipment_penalty else []
        policy = replace(policy, rules=(*policy.rules, *more), terms=(*policy.terms, *terms))
        policy = policy.never(self.exclude_locations)
        return policy if self.include_locations is None else policy.only(self.include_locations)


def _name_or_object(value: Any) -> str:
    return "name" if isinstance(value, str) else "object"


PolicyName = Annotated[Identifier, Field(examples=sorted(PRESETS))]
PolicyChoice = Annotated[
    Annotated[PolicyName, Tag("name")] | Annotated[PolicyAsked, Tag("object")], Discriminator(_name_or_object)
]


class PlanAsked(Body):
    """Lines, where they go, how to choose (a preset, a stored policy, or one spelled out), and where from.

    Without `network` it is the live one. `deliver_by` and the words about the order count where the policy
    or the network asks for them.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    lines: Annotated[tuple[LineAsked, ...], Field(min_length=1, max_length=200)]
    destination: DestinationAsked
    policy: PolicyChoice = "lowest_cost"
    network: NetworkAsked | None = None
    method: DeliveryMethod = "ship"
    service_level: Identifier | None = None
    deliver_by: Moment | None = None
    channel: Identifier | None = None
    customer_tier: Identifier | None = None
    pickup_location: Identifier | None = None
    rejects: Annotated[dict[Identifier, Count], Field(max_length=1_000)] | None = Field(
        default=None, description="How often each location failed the order before"
    )
    must_use: Identifier | None = Field(
        default=None, description="What if this location had to ship: the best plan that sends a unit from it"
    )
    changes: bool = Field(
        default=False, strict=True, description="Also what would have made each other location ship"
    )

    def order(self) -> RoutingOrder:
        """Return the order in routing's terms; raises InvalidContent, saying where."""
        lines = tuple(
            built(RoutingLine, line, f"/lines/{at}", own={"line_id": str(at + 1)})
            for at, line in enumerate(self.lines)
        )
        own = {"lines": lines, "destination": built(Destination, self.destination, "/destination")}
        return built(RoutingOrder, self, "", without=("policy", "network", "must_use", "changes"), own=own)
