"""`oms import`: locations, products, stock, rate cards, postal areas, tax rates, orders from CSV files.

Every file is read to its end before anything is written, and all of it is written or nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.csv.kinds import MoneyUnit
from adapters.csv.locations import read_locations
from adapters.csv.orders import OrderTerms
from adapters.csv.orders import read_orders as read_order_file
from adapters.csv.postal import read_postal_areas
from adapters.csv.problems import UnusableFile
from adapters.csv.products import read_products
from adapters.csv.rate_cards import read_rate_card
from adapters.csv.stock import read_stock
from adapters.csv.tax_rates import read_tax_rates
from adapters.db.engine import lost_connection
from cli.post_orders import Posted, post_orders
from cli.taking_over import (
    in_one_transaction,
    take_over_locations,
    take_over_postal_areas,
    take_over_products,
    take_over_rate_card,
    take_over_stock,
    take_over_tax_rates,
)
from config.settings import Settings
from domain.iso_codes import CURRENCIES

T = TypeVar("T")

_FILE: Final = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_MONEY: Final = click.option(
    "--money",
    type=click.Choice(["major", "minor"]),
    default="major",
    show_default=True,
    help="How the file writes money: 1.50 (major) or 150 (minor).",
)


@click.group("import")
def import_() -> None:
    """Take over locations, products, stock, rate cards, postal areas, tax rates and orders from CSV files.

    A file with errors changes nothing; every error is shown as file:line: column: what is wrong. Importing
    a file again changes nothing either. Columns that are not read may be there. The database is the one at
    DATABASE_URL; orders go to the API.
    """


@import_.command()
@_FILE
@_MONEY
def locations(file: Path, money: MoneyUnit) -> None:
    """Import places that ship: location_id, kind, lat, lng and what else is known of them.

    kind: dc, store, 3pl or supplier. Also read: name (or city and state), time_zone, handling_cost,
    handling_per_unit, daily_capacity (or daily_order_capacity), capacity_unit (orders or units), active.
    """
    parsed = _read(lambda: read_locations(str(file), file.read_bytes(), money))
    _write(lambda connection: take_over_locations(connection, parsed))
    click.echo(f"{len(parsed.rows)} locations")


@import_.command()
@_FILE
def products(file: Path) -> None:
    """Import what is sold: sku, weight_g, name and tax_category. A file of orders with these will do."""
    parsed = _read(lambda: read_products(str(file), file.read_bytes()))
    _write(lambda connection: take_over_products(connection, parsed))
    click.echo(f"{len(parsed.rows)} products")


@import_.command()
@_FILE
@click.option("--as-of", type=click.DateTime(), help="When it was counted, in UTC; now if not given.")
@click.option("--skip-unknown-skus", is_flag=True, help="Leave out SKUs that are no products.")
def stock(file: Path, as_of: datetime | None, *, skip_unknown_skus: bool) -> None:
    """Import counted stock: location_id, sku and on_hand. Cells that the file does not name stay."""
    counted_at = None if as_of is None else as_of.replace(tzinfo=UTC)
    if counted_at is not None and counted_at > datetime.now(UTC):
        raise click.BadParameter("nobody has counted in the future", param_hint="--as-of")
    parsed = _read(lambda: read_stock(str(file), file.read_bytes()))
    written = _write(
        lambda connection: take_over_stock(
            connection, parsed, counted_at=counted_at, skip_unknown_skus=skip_unknown_skus
        )
    )
    skipped = len(parsed.rows) - written
    click.echo(f"{written} stock levels" + (f", {skipped} of unknown SKUs left out" if skipped else ""))


@import_.command("rate-card")
@_FILE
@_MONEY
@click.option(
    "--service-level",
    type=click.Choice(["standard", "expedited", "same_day"]),
    default="standard",
    show_default=True,
)
@click.option("--service", help="The service's name where the file has no such column; else its level.")
def rate_card(file: Path, money: MoneyUnit, service_level: str, service: str | None) -> None:
    """Import what carriers charge: max_km, base, per_kg and transit_days, one row per distance band.

    The bands replace the former ones of the services that the file names.
    """
    parsed = _read(lambda: read_rate_card(str(file), file.read_bytes(), money, service or service_level))
    _write(lambda connection: take_over_rate_card(connection, parsed, service_level))
    click.echo(f"{len(parsed.rows)} bands")


@import_.command()
@_FILE
@click.option("--country", default="US", show_default=True, help="Where the file has no such column.")
def postal(file: Path, country: str) -> None:
    """Import where postal codes lie: postal_code (or a prefix), lat, lng and country."""
    parsed = _read(lambda: read_postal_areas(str(file), file.read_bytes(), country))
    _write(lambda connection: take_over_postal_areas(connection, parsed))
    click.echo(f"{len(parsed.rows)} postal areas")


@import_.command("tax-rates")
@_FILE
def tax_rates(file: Path) -> None:
    """Import tax rates: country, percent and, where they are, region, postal_prefix, category, included.

    Also read: on_shipping, valid_from and valid_to (the last day). They replace the former rates of the
    countries that the file names.
    """
    parsed = _read(lambda: read_tax_rates(str(file), file.read_bytes()))
    _write(lambda connection: take_over_tax_rates(connection, parsed))
    click.echo(f"{len(parsed.rows)} tax rates")


@import_.command()
@_FILE
@_MONEY
@click.option("--api", required=True, help="Base URL of the API, as http://127.0.0.1:8000.")
@click.option("--key", required=True, envvar="OMS_API_KEY", help="A storefront key; or in OMS_API_KEY.")
@click.option("--channel", default="web", show_default=True)
@click.option("--currency", default="USD", metavar="CODE", type=click.Choice(sorted(CURRENCIES)))
@click.option("--country", default="US", show_default=True, help="Where the file has no such column.")
@click.option("--payment-token", default="tok_ok", show_default=True, help="The sandbox provider's.")
@click.option("--at-once", type=click.IntRange(1, 64), default=8, show_default=True)
def orders(file: Path, api: str, key: str, at_once: int, **terms: str) -> None:
    """Send orders to the API, one row per order and SKU; an order that is there already is left alone.

    Read: order_number (or order_id), sku, quantity, unit_price, customer, postal_code and, where they are,
    placed_at, shipping_price (or freight_paid per row), names, address, lat, lng, service_level.
    """
    parsed = _read(lambda: read_order_file(str(file), file.read_bytes(), OrderTerms(**terms)))  # type: ignore[arg-type]
    posted = asyncio.run(post_orders(parsed, api=api, key=key, at_once=at_once))
    click.echo(_told(posted) or "0 orders")
    if posted.refused:
        _give_up(UnusableFile(posted.refused))


def _told(posted: Posted) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(posted.counts.items()))


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except UnusableFile as error:
        _give_up(error)


def _write(work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    try:
        return asyncio.run(in_one_transaction(Settings(), work))
    except UnusableFile as error:
        _give_up(error)
    except (SQLAlchemyError, OSError) as error:
        if lost_connection(error):
            raise click.ClickException("the database at DATABASE_URL cannot be reached") from error
        raise


def _give_up(error: UnusableFile) -> NoReturn:
    click.echo(str(error), err=True)
    raise SystemExit(1)
