"""`oms psp`: the sandbox payment provider, a real HTTP service with books of its own."""

from typing import TYPE_CHECKING

import click

from cli.serving import serve

if TYPE_CHECKING:
    from adapters.payments.sandbox_service import Terms
    from config.settings import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8090, show_default=True)
def psp(host: str, port: int) -> None:
    """Serve the sandbox payment provider until SIGTERM or Ctrl-C."""
    from adapters.payments.sandbox_service import create_app  # noqa: PLC0415
    from config.settings import Settings  # noqa: PLC0415

    settings = Settings()
    serve(create_app(settings.database_url, _terms(settings)), host=host, port=port)


def _terms(settings: "Settings") -> "Terms":
    from adapters.payments.sandbox_service import FeeRule, NoticeAddress, Terms  # noqa: PLC0415

    url, secret = settings.psp_notice_url, settings.psp_notice_secret
    return Terms(
        fees=FeeRule(settings.psp_fee_per_mille, settings.psp_fee_fixed),
        notices=NoticeAddress(url, secret.get_secret_value()) if url and secret else None,
    )
