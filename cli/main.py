"""The `oms` group: it knows every command by name and imports the one that is called."""

from importlib import import_module
from typing import Final, NamedTuple

import click


class Entry(NamedTuple):
    """Where a command lives (`module:attribute`) and its line in `oms --help`."""

    target: str
    summary: str


COMMANDS: Final[dict[str, Entry]] = {
    "dev": Entry("cli.dev:dev", "Run the whole service on this machine."),
    "demo": Entry("cli.demo:demo", "Run orders from the POST to the door, and audit every one."),
    "import": Entry("cli.import_:import_", "Take over a network, stock and orders from CSV files."),
    "api": Entry("cli.api:api", "Serve the HTTP API."),
    "worker": Entry("cli.worker:worker", "Work on orders."),
    "psp": Entry("cli.psp:psp", "Serve the sandbox payment provider."),
    "settle": Entry("cli.settle:settle", "Compare a day of the ledger with the providers' books."),
    "route": Entry("cli.route:route", "Print a routing plan with the map of its candidates."),
    "replay-routing": Entry("cli.replay_routing:replay_routing", "Plan stored routing decisions again."),
    "keys": Entry("cli.keys:keys", "Create, rotate, revoke and list API keys."),
    "migrate": Entry("cli.migrate:migrate", "Bring the database schema to this version."),
    "bench": Entry("cli.bench:bench", "Run a benchmark."),
}
"""Add a command by adding a line here."""

HIDDEN: Final[dict[str, str]] = {"setup": "cli.setup:setup"}
"""Commands that `oms dev` calls and nobody types."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that help and errors are fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None when there is no such command."""
        del ctx
        target = COMMANDS[cmd_name].target if cmd_name in COMMANDS else HIDDEN.get(cmd_name)
        if target is None:
            return None
        module, attribute = target.split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command list from the table, without importing any command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Throughline: an order lifecycle service, every order one durable workflow."""
