"""An installation that does not know a carrier's secret takes nobody's word for being that carrier."""

from pathlib import Path

import pytest

from config.settings import Settings
from tests.api.serving import client_of, serving


@pytest.mark.parametrize("content", [None, "{}", '{"carriers": {"ups": {"credential": "c"}}}'])
async def test_without_a_secret_every_event_is_refused(
    database_url: str, tmp_path: Path, content: str | None
) -> None:
    secrets = tmp_path / "carriers.json"
    if content is not None:
        secrets.write_text(content)
    settings = Settings(database_url=database_url, carrier_secrets_file=secrets if content else None)

    async with serving(settings) as app, client_of(app) as client:
        signed = {"webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "v1,x"}
        answer = await client.post("/v1/carriers/generic/events", content=b"{}", headers=signed)

    assert answer.status_code == 401
    assert answer.json()["type"].endswith("bad-proof")
