"""Settings as the environment gives them: text."""

from datetime import timedelta

import pytest

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


def test_other_settings_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "17")

    assert Settings().temporal_namespace == "17"
