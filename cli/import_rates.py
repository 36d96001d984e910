"""`oms import` of what carriers keep to and charge: services, zones, rate cards, surcharges, transfers."""

from pathlib import Path

import click

from adapters.files.kinds import MoneyUnit
from adapters.files.rate_cards import read_rate_card
from adapters.files.services import SERVICE_LEVELS, read_services_file, read_surcharges, read_zones
from adapters.files.transfers import read_exchange_file, read_transfers_file
from cli.importing import FILE, MONEY, read, write
from cli.taking_over import (
    take_over_exchange_rates,
    take_over_rate_card,
    take_over_services,
    take_over_surcharges,
    take_over_transfers,
    take_over_zones,
)


@click.command()
@FILE
def services(file: Path) -> None:
    """Import what carriers' services keep to: name and service_level (standard, expedited, same_day).

    Also read: active, dim_divisor (cm³ that count as a kilogram), calendar (the carrier's working days) and
    pickups (local times, as 14:30;17:00), and currency (of its prices, which needs an exchange rate). A
    service is offered once it has a rate card.
    """
    parsed = read(lambda: read_services_file(str(file), file.read_bytes()))
    write(lambda connection: take_over_services(connection, parsed))
    click.echo(f"{len(parsed.rows)} services")


@click.command()
@FILE
def zones(file: Path) -> None:
    """Import zone maps: service, zone, destination (how postal codes begin; empty: all).

    Also read: origin (the same of the location's code) and country. The longest origin that matches goes
    first, then the longest destination. They replace the former maps of the services that the file names.
    """
    parsed = read(lambda: read_zones(str(file), file.read_bytes()))
    write(lambda connection: take_over_zones(connection, parsed))
    click.echo(f"{len(parsed.rows)} rows of zones")


@click.command()
@FILE
@MONEY
def surcharges(file: Path, money: MoneyUnit) -> None:
    """Import surcharges: service, name, kind (oversize, flag or residential) and amount.

    Also read: longest_mm, length_and_girth_mm and weight_g (what is oversize), and flag. They replace the
    former ones of the services that the file names.
    """
    parsed = read(lambda: read_surcharges(str(file), file.read_bytes(), money))
    write(lambda connection: take_over_surcharges(connection, parsed))
    click.echo(f"{len(parsed.rows)} surcharges")


@click.command("exchange-rates")
@FILE
def exchange_rates(file: Path) -> None:
    """Import what currencies are worth: currency, and rate: a minor unit of it in minor units of ours.

    Currencies that the file does not name stay as they are.
    """
    parsed = read(lambda: read_exchange_file(str(file), file.read_bytes()))
    write(lambda connection: take_over_exchange_rates(connection, parsed))
    click.echo(f"{len(parsed.rows)} exchange rates")


@click.command()
@FILE
@MONEY
def transfers(file: Path, money: MoneyUnit) -> None:
    """Import how locations bring units to stores: origin, store and base, the price of one such trip.

    Also read: per_unit, per_kg and days. They replace the former ones to the stores that the file names.
    """
    parsed = read(lambda: read_transfers_file(str(file), file.read_bytes(), money))
    write(lambda connection: take_over_transfers(connection, parsed))
    click.echo(f"{len(parsed.rows)} transfers")


@click.command("rate-card")
@FILE
@MONEY
@click.option(
    "--service-level",
    type=click.Choice(SERVICE_LEVELS),
    help="Of the services that the file names; else as it is, standard for new ones.",
)
@click.option("--service", help="The service's name where the file has no such column; else its level.")
def rate_card(file: Path, money: MoneyUnit, service_level: str | None, service: str | None) -> None:
    """Import what carriers charge: max_km, base, per_kg and transit_days, one row per distance band.

    With max_kg, one row per band and weight break: what is heavier than its last break does not go. With
    postal_zone, for that zone of the service's map. Also read: service, and min_km to check for gaps.

    The bands replace the former ones of the services that the file names.
    """
    name = service or service_level or "standard"
    parsed = read(lambda: read_rate_card(str(file), file.read_bytes(), money, name))
    write(lambda connection: take_over_rate_card(connection, parsed, service_level))
    click.echo(f"{len(parsed.rows)} bands")


RATES = (services, zones, exchange_rates, transfers, rate_card, surcharges)
