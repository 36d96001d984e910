"""`oms psp`: the sandbox payment provider, a real HTTP service with books of its own."""

import click

from cli.serving import serve


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8090, show_default=True)
def psp(host: str, port: int) -> None:
    """Serve the sandbox payment provider until SIGTERM or Ctrl-C."""
    from adapters.payments.sandbox_service.app import create_app  # noqa: PLC0415
    from config.settings import Settings  # noqa: PLC0415

    serve(create_app(Settings().database_url), host=host, port=port)
