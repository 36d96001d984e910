"""Which locations a rule or a term speaks of."""

from dataclasses import dataclass

from routing.model.network import LocationKind, RoutingLocation


@dataclass(frozen=True, slots=True)
class Places:
    """Locations by id, by group or by kind: one is meant that is named in any way."""

    ids: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    kinds: frozenset[LocationKind] = frozenset()

    def __contains__(self, place: RoutingLocation) -> bool:
        """Whether the location is meant."""
        return place.id in self.ids or place.kind in self.kinds or not self.groups.isdisjoint(place.groups)

    def __bool__(self) -> bool:
        """Whether anything is named."""
        return bool(self.ids or self.groups or self.kinds)


NOWHERE = Places()
