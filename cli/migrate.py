"""`oms migrate`: the schema, brought to this version."""

from importlib.resources import files

import click


def upgrade() -> None:
    """Run every migration that the database at `DATABASE_URL` has not seen yet."""
    from alembic import command  # noqa: PLC0415  # a second of imports, only this command needs it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    script_location = str(files("migrations").joinpath("")).replace("%", "%%")
    config.set_main_option("script_location", script_location)
    command.upgrade(config, "head")


@click.command()
def migrate() -> None:
    """Bring the database schema to this version."""
    upgrade()
