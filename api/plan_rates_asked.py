"""The carrier services that a plan is asked with, as bodies."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from api.bodies import Body, Count, Exact, Identifier
from api.plan_building import Clock, Millimetres, attempted, built
from routing import Band, Service, Surcharge, WeightBreak, ZoneMap, ZoneRow
from routing.model.rates import DeliveryMethod, SurchargeKind

_MOST_ZONES: Final = 10_000
_ENDLESS: Final = Decimal("Infinity")


class BreakAsked(Body):
    """The price of a shipment of up to `max_kg` billable."""

    max_kg: Annotated[Exact, Field(gt=0)]
    base: Exact
    per_kg: Exact | None = None


class BandAsked(Body):
    """The price of a service up to a distance, or within a zone; with `breaks` by weight."""

    max_km: Exact | None = Field(default=None, description="None: any distance")
    base: Exact | None = None
    per_kg: Exact | None = None
    transit_days: Exact
    zone: Identifier | None = None
    breaks: Annotated[tuple[BreakAsked, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _priced(self) -> Self:
        if not self.breaks and (self.base is None or self.per_kg is None):
            raise ValueError("base and per_kg are needed where there are no breaks")
        return self

    def band(self, pointer: str) -> Band:
        """Return the band in routing's terms."""
        breaks = tuple(
            built(WeightBreak, one, f"{pointer}/breaks/{at}") for at, one in enumerate(self.breaks)
        )
        own = {"base": self.base or Decimal(0), "per_kg": self.per_kg or Decimal(0), "breaks": breaks}
        reach = _ENDLESS if self.max_km is None else self.max_km
        return built(Band, self, pointer, own={"max_km": reach, **own})


def _ascending(bands: Sequence[BandAsked]) -> Sequence[BandAsked]:
    reaches: dict[str | None, list[Decimal]] = {}
    for band in bands:
        reaches.setdefault(band.zone, []).append(_ENDLESS if band.max_km is None else band.max_km)
    if any(further <= nearer for rising in reaches.values() for nearer, further in pairwise(rising)):
        raise ValueError("bands of one zone must stand in ascending order of max_km, each once")
    return bands


class ZoneAsked(Body):
    """From postal codes that begin so to those that begin so, which zone; "" is any."""

    origin: Annotated[str, Field(strict=True, max_length=20)] = ""
    destination: Annotated[str, Field(strict=True, max_length=20)] = ""
    zone: Identifier
    country: Identifier | None = None


class SurchargeAsked(Body):
    """An amount on top: oversize and flag for each such unit, residential once a shipment."""

    name: Identifier
    kind: SurchargeKind
    amount: Exact
    longest_mm: Millimetres | None = None
    length_and_girth_mm: Millimetres | None = None
    weight_g: Count | None = None
    flag: Identifier | None = None


class ServiceAsked(Body):
    """A carrier service that every location offers; the first band that reaches applies.

    `dim_divisor` is cm³ per kg; `pickups` are times, local at the location, and none = at any time.
    """

    name: Identifier
    bands: Annotated[tuple[BandAsked, ...], Field(max_length=100), AfterValidator(_ascending)]
    service_level: Identifier | None = None
    methods: Annotated[tuple[DeliveryMethod, ...], Field(max_length=2)] | None = None
    dim_divisor: Annotated[Exact, Field(gt=0)] | None = None
    surcharges: Annotated[tuple[SurchargeAsked, ...], Field(max_length=50)] = ()
    calendar: Identifier | None = None
    pickups: Annotated[tuple[Clock, ...], Field(max_length=24)] = ()
    zones: Annotated[tuple[ZoneAsked, ...], Field(max_length=_MOST_ZONES)] | None = None
    currency: Identifier | None = None

    def service(self, pointer: str) -> Service:
        """Return the service in routing's terms."""
        zones = None
        if self.zones is not None:
            rows = tuple(ZoneRow(one.origin, one.destination, one.zone, one.country) for one in self.zones)
            zones = attempted(lambda: ZoneMap(rows), f"{pointer}/zones")
        extra = (
            built(Surcharge, one, f"{pointer}/surcharges/{at}") for at, one in enumerate(self.surcharges)
        )
        own = {
            "bands": tuple(band.band(f"{pointer}/bands/{at}") for at, band in enumerate(self.bands)),
            "surcharges": tuple(extra),
            "pickups": tuple(map(time.fromisoformat, self.pickups)),
            "zones": zones,
        }
        return built(Service, self, pointer, own=own)
