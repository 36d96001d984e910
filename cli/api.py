"""`oms api`: the HTTP API."""

import click

from cli.loading import loading
from cli.serving import serve


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
def api(host: str, port: int) -> None:
    """Serve the HTTP API until SIGTERM or Ctrl-C."""
    with loading():
        from api.app import create_app  # noqa: PLC0415  # so that `oms --help` is fast
        from config.settings import Settings  # noqa: PLC0415

        app = create_app(Settings())
    serve(app, host=host, port=port)
