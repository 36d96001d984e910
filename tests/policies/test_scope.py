"""Which orders a policy is for, and which policy is the more specific."""

from dataclasses import replace

import pytest

from routing import Destination, RoutingLine, RoutingOrder
from routing.model.scope import Scope

ORDER = RoutingOrder(
    lines=(
        RoutingLine("1", "MUG", 1, 400, category="kitchen"),
        RoutingLine("2", "POT", 1, 900, category="kitchen"),
    ),
    destination=Destination(40.7, -74.0, country="US", region="NY"),
    channel="web",
    customer_tier="gold",
    service_level="express",
)


def of(**given: str) -> Scope:
    return Scope(**{name: frozenset(value.split()) for name, value in given.items()})


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope(), True),
        (of(channels="web app"), True),
        (of(channels="app"), False),
        (of(regions="US"), True),
        (of(regions="US-NY"), True),
        (of(regions="US-CA"), False),
        (of(customer_tiers="gold", service_levels="express"), True),
        (of(customer_tiers="gold", service_levels="standard"), False),
        (of(categories="kitchen garden"), True),
        (of(categories="garden"), False),
    ],
)
def test_an_order_fits_when_it_fits_every_field_given(scope: Scope, covered: bool) -> None:  # noqa: FBT001
    assert scope.covers(ORDER) is covered


def test_one_line_of_another_category_takes_the_order_out() -> None:
    mixed = replace(ORDER, lines=(*ORDER.lines, RoutingLine("3", "HOSE", 1, 900, category="garden")))

    assert not of(categories="kitchen").covers(mixed)


def test_more_fields_are_more_specific_and_of_as_many_tier_goes_first() -> None:
    ranked = [
        Scope(),
        of(regions="US"),
        of(channels="web"),
        of(categories="kitchen"),
        of(service_levels="express"),
        of(customer_tiers="gold"),
        of(regions="US", channels="web"),
        of(regions="US", customer_tiers="gold"),
    ]

    assert sorted(ranked, key=lambda scope: scope.specificity) == ranked


def test_scopes_overlap_when_an_order_could_fit_both_and_neither_is_more_specific() -> None:
    assert Scope().overlaps(Scope())
    assert of(channels="web app").overlaps(of(channels="app pos"))
    assert not of(channels="web").overlaps(of(channels="app"))
    assert not of(channels="web").overlaps(of(regions="US"))
    assert not of(channels="web").overlaps(of(channels="web", regions="US"))
