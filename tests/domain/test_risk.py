"""Rules decide in their order, by all that they ask for; addresses are the same however they are written."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.payment import Check, RiskLevel, Signals
from domain.risk import PROVIDERS_OWN, Decision, Facts, RiskPolicy, Rule, Verdict, address_digest, decide

CALM = Facts(Signals(), 1500, "USD", orders_of_customer=1, orders_to_address=1)
FAILED = frozenset({Check.FAILED})
HOME = {
    "line1": "12 Main Street", "line2": "Apt. 4", "city": "Orléans", "region": "NE",
    "postal_code": "80202-1234", "country": "US",
}  # fmt: skip

FACTS = st.builds(
    Facts,
    st.builds(Signals, st.sampled_from(RiskLevel), *[st.sampled_from(Check)] * 3),
    st.integers(0, 5000),
    st.sampled_from(["USD", "JPY"]),
    st.integers(1, 9),
    st.integers(1, 9),
)


def test_without_rules_of_ones_own_the_provider_is_believed() -> None:
    verdicts = {
        level: decide(RiskPolicy(), replace(CALM, signals=Signals(risk=level))).verdict for level in RiskLevel
    }

    assert verdicts == {
        RiskLevel.NORMAL: Verdict.ACCEPTED,
        RiskLevel.ELEVATED: Verdict.ACCEPTED,
        RiskLevel.REVIEW: Verdict.REVIEW,
        RiskLevel.HIGHEST: Verdict.DECLINED,
    }
    assert decide(RiskPolicy(), CALM) == Decision(Verdict.ACCEPTED, None)


def test_the_first_rule_that_applies_decides() -> None:
    known = Rule("passed 3-D Secure", Verdict.ACCEPTED, three_d_secure=frozenset({Check.PASSED}))
    policy = RiskPolicy((known, Rule("wrong code", Verdict.DECLINED, cvc=FAILED)))
    wrong = Signals(cvc=Check.FAILED)

    assert decide(policy, replace(CALM, signals=wrong)) == Decision(Verdict.DECLINED, "wrong code")
    passed = replace(wrong, three_d_secure=Check.PASSED)
    assert decide(policy, replace(CALM, signals=passed)) == Decision(Verdict.ACCEPTED, "passed 3-D Secure")


def test_a_rule_asks_for_everything_that_it_names() -> None:
    rule = Rule("large and odd", Verdict.REVIEW, avs=FAILED, amount={"USD": 1000, "JPY": 90_000})
    odd = replace(CALM, signals=Signals(avs=Check.FAILED))

    assert rule.applies(odd)
    assert rule.applies(replace(odd, amount=1000))
    assert not rule.applies(replace(odd, amount=999))
    assert not rule.applies(CALM)
    assert not rule.applies(replace(odd, currency="JPY"))
    assert not rule.applies(replace(odd, currency="EUR", amount=10**9))


def test_many_orders_are_counted_per_customer_and_per_address() -> None:
    rule = Rule("many", Verdict.REVIEW, orders_of_customer=3)
    other = Rule("crowded", Verdict.DECLINED, orders_to_address=5)
    policy = RiskPolicy((rule, other))

    assert (policy.most_of_customer, policy.most_to_address) == (3, 5)
    assert (RiskPolicy().most_of_customer, RiskPolicy().most_to_address) == (0, 0)
    assert not rule.applies(replace(CALM, orders_of_customer=2))
    assert rule.applies(replace(CALM, orders_of_customer=3))
    assert not rule.applies(replace(CALM, orders_of_customer=None))
    assert other.applies(replace(CALM, orders_to_address=5))


@given(FACTS)
def test_what_asks_for_nothing_applies_to_everything(facts: Facts) -> None:
    assert Rule("all", Verdict.REVIEW).applies(facts)


@given(FACTS, st.permutations(["a", "b", "c"]))
def test_a_decision_names_the_earliest_of_the_rules_that_apply(facts: Facts, names: list[str]) -> None:
    kinds = {
        "a": Rule("a", Verdict.REVIEW, cvc=FAILED),
        "b": Rule("b", Verdict.DECLINED, amount={"USD": 2500}),
        "c": Rule("c", Verdict.REVIEW, orders_of_customer=4),
    }
    applying = [name for name in names if kinds[name].applies(facts)]

    decision = decide(RiskPolicy(tuple(kinds[name] for name in names)), facts)

    assert decision.rule == (applying[0] if applying else None)


def test_the_same_address_has_the_same_digest_however_it_is_written() -> None:
    same = {
        "name": "Somebody Else", "line1": "12 MAIN street,", "line2": "apt 4", "city": "Orleans",
        "region": "ne", "postal_code": "80202", "country": "US",
    }  # fmt: skip
    one_line = {**HOME, "line1": "12 Main Street Apt 4", "line2": None}

    assert address_digest(HOME) == address_digest(same) == address_digest(one_line)


def test_another_address_has_another_digest() -> None:
    others = [
        HOME | {"line1": "13 Main Street"}, HOME | {"line2": "Apt. 5"}, HOME | {"city": "Paris"},
        HOME | {"postal_code": "80203"}, HOME | {"country": "FR"},
    ]  # fmt: skip

    assert len({address_digest(address) for address in (HOME, *others)}) == 6
    assert address_digest(HOME | {"country": "FR"}) != address_digest(
        HOME | {"country": "FR", "postal_code": "80202"}
    )


def test_before_a_provider_was_asked_only_rules_of_our_own_are() -> None:
    own = Rule("large", Verdict.REVIEW, amount={"USD": 50})
    both = Rule("large and wrong", Verdict.DECLINED, amount={"USD": 50}, cvc=frozenset({Check.NOT_MADE}))
    policy = RiskPolicy((*PROVIDERS_OWN, both, own))

    assert policy.without_signals.rules == (own,)
