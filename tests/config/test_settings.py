"""Settings as the environment gives them: text."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from adapters.db.payment_policy import payment_policy
from config.settings import Settings


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90", timedelta(seconds=90)),
        ("0", timedelta(0)),
        ("PT90S", timedelta(seconds=90)),
        ("P30D", timedelta(days=30)),
    ],
)
def test_a_duration_is_iso_8601_or_seconds(
    monkeypatch: pytest.MonkeyPatch, text: str, duration: timedelta
) -> None:
    monkeypatch.setenv("OMS_ACCEPT_WITHIN", text)

    assert Settings().accept_within == duration


def test_a_schedule_is_durations_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMS_SOFT_DECLINE_SCHEDULE", "60, PT1H,P1D")

    schedule = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
    assert Settings().soft_decline_schedule == schedule
    assert payment_policy(Settings()).retries == schedule


def test_without_a_schedule_soft_declines_are_tried_again_at_one_pace() -> None:
    settings = Settings(soft_declines=4, soft_decline_retry=timedelta(seconds=9))

    assert payment_policy(settings).retries == (timedelta(seconds=9),) * 3


def test_payment_is_postponed_only_where_somebody_says_how_near_supply_has_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert payment_policy(Settings()).authorize_within is None
    monkeypatch.setenv("OMS_AUTHORIZE_WITHIN", "604800")

    assert payment_policy(Settings()).authorize_within == timedelta(days=7)
    monkeypatch.setenv("OMS_AUTHORIZE_WITHIN", "-1")
    with pytest.raises(ValidationError):
        Settings()


def test_a_cap_is_said_by_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMS_APPEASEMENT_CAPS", '{"ops": {"USD": 5000, "JPY": 700}}')
    assert Settings().appeasement_caps == {"ops": {"USD": 5000, "JPY": 700}}

    for wrong in ('{"ops": 5000}', '{"ops": {"usd": 1}}', '{"ops": {"USD": -1}}'):
        monkeypatch.setenv("OMS_APPEASEMENT_CAPS", wrong)
        with pytest.raises(ValidationError):
            Settings()


def test_other_settings_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "17")

    assert Settings().temporal_namespace == "17"
