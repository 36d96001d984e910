"""All offers for one order, location by location."""

from collections.abc import Mapping
from datetime import datetime

from routing.model.fulfillment import Verdict
from routing.model.network import Network, RoutingLocation
from routing.model.order import RoutingOrder
from routing.pricing.distance import haversine_km
from routing.pricing.menu import Course, Dish, Menu
from routing.pricing.offers import Offer
from routing.pricing.tariff import Tariff
from routing.pricing.transfers import COLLECT, TRANSFER, Transfers
from routing.timing.timetable import Timetable

_SHUT = Course((), served=True, has_breaks=False)


class Market:
    """Prices and dates every service of one location after the other."""

    def __init__(self, order: RoutingOrder, network: Network, now: datetime) -> None:
        self._order = order
        self._to = order.destination
        self._distances: Mapping[str, float] = network.distances or {}
        self._timetable = Timetable(network, now)
        self._transfers = Transfers(order, network, now) if order.pickup_location else None
        services = [one for one in network.services if order.method in one.methods]
        if order.method == "pickup" and not services:
            services = [COLLECT]
        level = order.service_level
        self._tariffs = tuple(
            Tariff(service, order, network)
            for service in sorted(services, key=lambda service: service.name)
            if level is None or service.service_level in (None, level)
        )
        self._zoned = tuple(tariff for tariff in self._tariffs if tariff.service.zones)
        self._menus: dict[object, Menu] = {}

    def km(self, location: RoutingLocation) -> float:
        """Kilometres from a location to the destination."""
        known = self._distances.get(location.id)
        if known is not None:
            return float(known)
        return haversine_km(location.lat, location.lng, self._to.lat, self._to.lng)

    def offers(
        self, location: RoutingLocation, available: Mapping[str, int]
    ) -> tuple[tuple[Offer, ...], Verdict | None]:
        """What a location offers for what it has, by service name; or why it offers nothing."""
        km = self.km(location)
        course = self._course(location, km)
        dishes = course.dishes
        if course.has_breaks:
            dishes = tuple(dish for dish in dishes if self._grams_over(dish, available) <= 0)
        found = tuple(
            [
                Offer(location, dish.service, km, dish.band, dish.freight, dish.ship_by, dish.deliver_by)
                for dish in dishes
            ]
        )
        return found, None if found else self._missing(location, km, course, available)

    def reaches(self, location: RoutingLocation) -> bool:
        """Whether any service goes from a location to the destination, whatever it has."""
        return self._course(location, self.km(location)).served

    def _course(self, location: RoutingLocation, km: float) -> Course:
        if self._transfers is not None and location.id != self._order.pickup_location:
            return self._transfer(location)
        return self._menu(location).at(km)

    def _menu(self, location: RoutingLocation) -> Menu:
        key = (
            location.time_zone,
            location.calendar,
            location.cutoff,
            location.processing,
            location.services,
            tuple([tariff.zone(location.postal_code) for tariff in self._zoned]),
        )
        menu = self._menus.get(key)
        if menu is None:
            menu = self._menus[key] = Menu(self._allowed(location), location, self._timetable)
        return menu

    def _allowed(self, location: RoutingLocation) -> tuple[Tariff, ...]:
        names = location.services
        return tuple(
            one
            for one in self._tariffs
            if names is None or one.service is COLLECT or one.service.name in names
        )

    def _transfer(self, location: RoutingLocation) -> Course:
        leg = self._transfers.leg(location.id) if self._transfers else None
        if leg is None:
            return Course((), served=False, has_breaks=False)
        dates = self._timetable.dates(location, TRANSFER, leg[0].transit_days)
        return Course((Dish(TRANSFER.name, *leg, *dates),), served=True, has_breaks=False) if dates else _SHUT

    def _grams_over(self, dish: Dish, available: Mapping[str, int]) -> int:
        """How much the lightest unit passes the heaviest break; at most 0 where it goes."""
        if not dish.freight.breaks:
            return 0
        return self._lightest(dish, available) - dish.freight.breaks[-1].max_g

    def _lightest(self, dish: Dish, available: Mapping[str, int]) -> int:
        weights = zip(self._order.lines, dish.freight.billable_g, strict=True)
        return min(grams for line, grams in weights if line.sku in available)

    def _missing(
        self, location: RoutingLocation, km: float, course: Course, available: Mapping[str, int]
    ) -> Verdict:
        """Name what kept a location from offering anything."""
        if course.dishes:
            nearest = min(course.dishes, key=lambda dish: self._grams_over(dish, available))
            grams, most = self._lightest(nearest, available), nearest.freight.breaks[-1].max_g
            return Verdict(location.id, "excluded", "too_heavy", grams, most)
        if course.served:
            return Verdict(location.id, "excluded", "never_open")
        if self._transfers is not None and location.id != self._order.pickup_location:
            return Verdict(location.id, "excluded", "no_transfer")
        allowed = self._allowed(location)
        if self._tariffs and not allowed:
            return Verdict(location.id, "excluded", "services", 0, len(self._tariffs))
        reach = max((tariff.reach for tariff in allowed), default=0.0)
        return Verdict(location.id, "excluded", "not_served", km, reach)
