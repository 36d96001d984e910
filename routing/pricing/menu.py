"""What all locations that keep the same hours, and lie in the same zones, can choose from."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from routing.model.network import RoutingLocation
from routing.model.rates import Band
from routing.pricing.freight import Freight
from routing.pricing.tariff import Tariff
from routing.timing.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Dish:
    """A service at one distance: its band, its price, and its dates."""

    service: str
    band: Band
    freight: Freight
    ship_by: datetime
    deliver_by: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """What there is at one distance; `served` tells whether a service reaches but has no day to go."""

    dishes: tuple[Dish, ...]
    served: bool
    has_breaks: bool


@dataclass(slots=True)
class Menu:
    """What there is at every distance: a course for each stretch between two bands' ends."""

    tariffs: Sequence[Tariff]
    sample: RoutingLocation
    timetable: Timetable
    _ends: list[float] = field(init=False)
    _courses: dict[int, Course] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        tables = [tariff.table(self.sample.postal_code) for tariff in self.tariffs]
        self._ends = sorted({reach for table in tables for reach in table.reaches})

    def at(self, km: float) -> Course:
        """What can be had so many kilometres away."""
        stretch = bisect_left(self._ends, km)
        course = self._courses.get(stretch)
        if course is None:
            course = self._courses[stretch] = self._course(km)
        return course

    def _course(self, km: float) -> Course:
        dishes, served = [], False
        for tariff in self.tariffs:
            band = tariff.table(self.sample.postal_code).at(km)
            if band is None:
                continue
            served = True
            dates = self.timetable.dates(self.sample, tariff.service, band.transit_days)
            if dates:
                dishes.append(Dish(tariff.service.name, band, tariff.freight(band), *dates))
        return Course(tuple(dishes), served, any(dish.freight.breaks for dish in dishes))
