"""Real orders under every preset keep what the presets promise."""

import pytest

from bench.olist import PLACE, NotThere, read_network, read_orders
from bench.presets import alone, broken_promises
from routing import PRESETS

EVERY = 15  # of the orders, so that the suite stays quick; `oms bench presets` takes them all


def test_the_cheapest_preset_is_the_cheapest_and_the_one_of_fewest_shipments_has_the_fewest() -> None:
    try:
        orders, network = read_orders(PLACE)[::EVERY], read_network(PLACE)
    except NotThere as absent:
        pytest.skip(str(absent))

    tallies = {name: alone(orders, network, policy) for name, policy in PRESETS.items()}

    assert broken_promises(tallies) == []
    assert {name: tally.unproven for name, tally in tallies.items()} == dict.fromkeys(PRESETS, 0)
    assert tallies["lowest_cost"].shipments >= tallies["fewest_shipments"].shipments
