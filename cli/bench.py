"""`oms bench`: the benchmarks. They are development tools: only this module knows of them, by name."""

from importlib import import_module
from typing import Final

import click

from cli.main import Entry

BENCHMARKS: Final[dict[str, Entry]] = {
    "routing": Entry("bench.routing:main", "Time the DOM beside HiGHS."),
    "promise": Entry("bench.promise:main", "Time promises and availability over HTTP."),
    "presets": Entry("bench.presets:main", "Real orders under every preset, side by side."),
    "commands": Entry("bench.commands:main", "Time a command as a transaction, and as a Temporal Update."),
    "orders": Entry("bench.orders:main", "Orders per second of the whole service."),
    "properties": Entry(
        "bench.properties:main", "Random lives of orders, and every invariant after each step."
    ),
}
"""Add a benchmark by adding a line here."""


class Benchmarks(click.Group):
    """A group whose benchmarks are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the benchmarks in the order of the table."""
        del ctx
        return list(BENCHMARKS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one benchmark; None when there is no such one."""
        del ctx
        if cmd_name not in BENCHMARKS:
            return None
        module, attribute = BENCHMARKS[cmd_name].target.split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from the table, without importing any benchmark."""
        del ctx
        with formatter.section("Benchmarks"):
            formatter.write_dl([(name, entry.summary) for name, entry in BENCHMARKS.items()])


@click.group(cls=Benchmarks, subcommand_metavar="NAME [OPTIONS]")
def bench() -> None:
    """Run a benchmark: it starts what it needs in a temporary folder and prints its table."""
