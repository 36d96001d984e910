"""`oms import`: locations, products, stock, rate cards, postal areas, tax rates, orders, policies from files.

Every file is read to its end before anything is written, and all of it is written or nothing.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from adapters.files.calendars import read_calendars_file
from adapters.files.kinds import MoneyUnit
from adapters.files.locations import read_locations
from adapters.files.orders import OrderTerms
from adapters.files.orders import read_orders as read_order_file
from adapters.files.postal import read_postal_areas
from adapters.files.problems import UnusableFile
from adapters.files.products import read_products
from adapters.files.stock import read_stock
from adapters.files.stock_targets import read_stock_targets
from adapters.files.tax_rates import read_tax_rates
from cli.import_rates import RATES
from cli.importing import FILE, MONEY, give_up, read, write
from cli.post_orders import Posted, post_orders
from cli.taking_over import (
    take_over_calendars,
    take_over_locations,
    take_over_postal_areas,
    take_over_products,
    take_over_stock,
    take_over_stock_targets,
    take_over_tax_rates,
)
from cli.taking_over_policies import read_policies, take_over_policies
from domain.iso_codes import CURRENCIES


@click.group("import")
def import_() -> None:
    """Take over locations, calendars, products, stock, rates, tax, orders and routing policies from files.

    A file with errors changes nothing; every error is shown as file:line: column: what is wrong. Importing
    a file again changes nothing either. Columns that are not read may be there. The database is the one at
    DATABASE_URL; orders go to the API.

    A file is CSV with a header; or YAML, where its name ends in .yaml or .yml: a list of rows with the same
    names, and real lists where CSV has semicolons. Policies are YAML only.
    """


for _command in RATES:
    import_.add_command(_command)


@import_.command()
@FILE
@MONEY
def locations(file: Path, money: MoneyUnit) -> None:
    """Import places that ship: location_id, kind, lat, lng and what else is known of them.

    kind: dc, store, 3pl or supplier. Also read: name (or city and state), time_zone, handling_cost,
    handling_per_unit, daily_capacity (or daily_order_capacity), capacity_unit (orders or units), active,
    postal_code, calendar, cutoff (14:30), processing_minutes, groups, services, methods, handles,
    countries, regions, postal_prefixes, not_countries, not_regions, not_postal_prefixes (lists have
    semicolons between; none is an empty one),
    offline, priority and cool_off_until (empty ends a rest).
    """
    parsed = read(lambda: read_locations(str(file), file.read_bytes(), money))
    write(lambda connection: take_over_locations(connection, parsed))
    click.echo(f"{len(parsed.rows)} locations")


@import_.command()
@FILE
def calendars(file: Path) -> None:
    """Import working days: name, open_weekdays (mon;tue;…), holidays, closed and extra_open dates.

    holidays: a country, as DE, or a part of it, as DE-BY. Lists have semicolons between.
    """
    parsed = read(lambda: read_calendars_file(str(file), file.read_bytes()))
    write(lambda connection: take_over_calendars(connection, parsed))
    click.echo(f"{len(parsed.rows)} calendars")


@import_.command()
@FILE
def products(file: Path) -> None:
    """Import what is sold: sku, weight_g, name and tax_category. A file of orders with these will do.

    Also read: length_mm, width_mm and height_mm, flags (with semicolons between) and category.
    """
    parsed = read(lambda: read_products(str(file), file.read_bytes()))
    write(lambda connection: take_over_products(connection, parsed))
    click.echo(f"{len(parsed.rows)} products")


@import_.command("stock-targets")
@FILE
def stock_targets(file: Path) -> None:
    """Import what locations should hold: location_id, sku, and what of the rest is wanted.

    Also read: safety_stock (promised to nobody), maximum, least_cover_days and most_cover_days. A row sets
    all of its cell: what it leaves out is none. Cells that the file does not name stay.
    """
    parsed = read(lambda: read_stock_targets(str(file), file.read_bytes()))
    write(lambda connection: take_over_stock_targets(connection, parsed))
    click.echo(f"{len(parsed.rows)} stock targets")


@import_.command()
@FILE
@click.option("--as-of", type=click.DateTime(), help="When it was counted, in UTC; now if not given.")
@click.option("--skip-unknown-skus", is_flag=True, help="Leave out SKUs that are no products.")
def stock(file: Path, as_of: datetime | None, *, skip_unknown_skus: bool) -> None:
    """Import counted stock: location_id, sku and on_hand. Cells that the file does not name stay."""
    counted_at = None if as_of is None else as_of.replace(tzinfo=UTC)
    if counted_at is not None and counted_at > datetime.now(UTC):
        raise click.BadParameter("nobody has counted in the future", param_hint="--as-of")
    parsed = read(lambda: read_stock(str(file), file.read_bytes()))
    written = write(
        lambda connection: take_over_stock(
            connection, parsed, counted_at=counted_at, skip_unknown_skus=skip_unknown_skus
        )
    )
    skipped = len(parsed.rows) - written
    click.echo(f"{written} stock levels" + (f", {skipped} of unknown SKUs left out" if skipped else ""))


@import_.command()
@FILE
@click.option("--country", default="US", show_default=True, help="Where the file has no such column.")
def postal(file: Path, country: str) -> None:
    """Import where postal codes lie: postal_code (or a prefix), lat, lng and country."""
    parsed = read(lambda: read_postal_areas(str(file), file.read_bytes(), country))
    write(lambda connection: take_over_postal_areas(connection, parsed))
    click.echo(f"{len(parsed.rows)} postal areas")


@import_.command("tax-rates")
@FILE
def tax_rates(file: Path) -> None:
    """Import tax rates: country, percent and, where they are, region, postal_prefix, category, included.

    Also read: on_shipping, valid_from and valid_to (the last day). They replace the former rates of the
    countries that the file names.
    """
    parsed = read(lambda: read_tax_rates(str(file), file.read_bytes()))
    write(lambda connection: take_over_tax_rates(connection, parsed))
    click.echo(f"{len(parsed.rows)} tax rates")


@import_.command()
@FILE
def policies(file: Path) -> None:
    """Put routing policies from a YAML file, one after the other, separated by ---.

    Each becomes the next version of its name, unless the newest one says the same already.
    """
    parsed = read(lambda: read_policies(str(file), file.read_bytes()))
    versions = write(lambda connection: take_over_policies(connection, str(file), parsed))
    for name, version in versions:
        click.echo(f"{name} version {version}")


@import_.command()
@FILE
@MONEY
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
    placed_at, shipping_price (or freight_paid per row), names, address, lat, lng, residential, service_level,
    deliver_by and customer_tier.
    """
    parsed = read(lambda: read_order_file(str(file), file.read_bytes(), OrderTerms(**terms)))  # type: ignore[arg-type]
    posted = asyncio.run(post_orders(parsed, api=api, key=key, at_once=at_once))
    click.echo(_told(posted) or "0 orders")
    if posted.refused:
        give_up(UnusableFile(posted.refused))


def _told(posted: Posted) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(posted.counts.items()))
