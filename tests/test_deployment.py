"""What production is started with: docker-compose.yml asks for what the program can do, and for no more."""

import re
import subprocess
import sys
import tomllib
from datetime import timedelta
from typing import Any, Final

import click
import pytest

from cli.main import main
from cli.serving import GRACE_SECONDS
from config.settings import Settings
from tests.compose_file import FILE, ROOT, filled, one_shots, ours, replicas, services, variables

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RELAY_CONNECTIONS: Final = 1
SPARE_CONNECTIONS: Final = 20
"""For migrations, `oms keys`, backups and a person with psql."""


def settings_by_variable() -> set[str]:
    return {
        str(field.validation_alias or f"OMS_{name.upper()}") for name, field in Settings.model_fields.items()
    }


def understood(words: list[str]) -> click.Context:
    """What `oms` makes of these words, without running them; raises a UsageError if it knows them not."""
    command: click.Command = main
    context, rest = click.Context(main), list(words)
    while isinstance(command, click.Group):
        name = rest.pop(0)
        found = command.get_command(context, name)
        if found is None:
            raise click.UsageError(f"no such command: {name}")
        command, context = found, click.Context(found, parent=context)
    return command.make_context(command.name, rest)


def seconds(duration: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([sm])", duration).groups()  # type: ignore[union-attr]
    return int(number) * {"s": 1, "m": 60}[unit]


def waited_for(condition: str) -> set[str]:
    return {
        name
        for service in services().values()
        for name, wait in service.get("depends_on", {}).items()
        if wait["condition"] == condition
    }


def test_the_compose_file_fits_the_schema_of_compose() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout


def test_every_image_is_pinned_to_a_version() -> None:
    images = {name: str(service["image"]) for name, service in services().items()}

    assert {name: image for name, image in images.items() if not re.search(r":\d+\.\d+", image)} == {}
    assert {images[name] for name in ours()} == {f"throughline:{PROJECT['project']['version']}"}


def test_temporals_server_and_its_tools_are_of_one_version() -> None:
    images = {str(service["image"]) for service in services().values()}

    assert len({image.split(":")[1] for image in images if image.startswith("temporalio/")}) == 1


@pytest.mark.parametrize("name", ours())
def test_every_command_is_one_of_oms(name: str) -> None:
    words = ours()[name]["command"]

    assert understood(words).info_name == words[0]


def test_a_command_that_oms_does_not_know_would_be_seen() -> None:
    with pytest.raises(click.UsageError):
        understood(["worker", "--role", "everything"])


@pytest.mark.parametrize("name", ours())
def test_every_variable_that_is_set_for_us_is_a_setting(name: str) -> None:
    assert set(ours()[name]["environment"]) <= settings_by_variable()


def test_no_password_has_a_default() -> None:
    secret = {name: kinds for name, kinds in variables().items() if "PASSWORD" in name}

    assert secret
    assert set.union(*secret.values()) == {"?"}


def test_what_others_wait_for_says_when_it_is_ready() -> None:
    healthy = {name for name, service in services().items() if "healthcheck" in service}

    assert waited_for("service_healthy") <= healthy
    assert waited_for("service_completed_successfully") == one_shots()
    assert waited_for("service_started") == set()


def test_only_workers_run_on_without_a_health_check() -> None:
    unchecked = {name for name, service in services().items() if "healthcheck" not in service} - one_shots()

    assert {ours()[name]["command"][0] for name in unchecked} == {"worker"}


def test_the_api_is_healthy_when_it_can_take_orders() -> None:
    assert "/readyz?for=intake" in ours()["api"]["healthcheck"]["test"][-1]


def test_nothing_but_the_api_has_a_port_and_that_on_loopback() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}

    assert set(published) == {"api"}
    assert all(port.startswith("127.0.0.1:") for port in published["api"])


def test_every_replica_of_the_api_finds_a_port() -> None:
    first, last = map(int, re.findall(r":(\d+)-(\d+):", ours()["api"]["ports"][0])[0])

    assert last - first + 1 >= replicas(ours()["api"])


def test_the_sandbox_provider_runs_only_when_it_is_asked_for() -> None:
    assert {name for name, service in services().items() if service.get("profiles")} == {"psp"}
    assert services()["psp"]["profiles"] == ["sandbox"]


def test_every_container_is_given_longer_to_stop_than_its_program_takes() -> None:
    longest = max(Settings().worker_grace, timedelta(seconds=GRACE_SECONDS))

    assert all(seconds(service["stop_grace_period"]) > longest.total_seconds() for service in ours().values())


def test_every_pool_fits_into_the_database() -> None:
    option = services()["postgres"]["command"][-1]
    processes = sum(replicas(service) for name, service in ours().items() if name not in one_shots())

    most = processes * (2 * Settings().database_pool_size + RELAY_CONNECTIONS)

    assert most + SPARE_CONNECTIONS <= int(option.removeprefix("max_connections="))


def test_every_container_that_stays_has_limits() -> None:
    limited = {
        name
        for name, service in services().items()
        if {"cpus", "memory"} <= service.get("deploy", {}).get("resources", {}).get("limits", {}).keys()
    }

    assert limited == set(services()) - one_shots()


def test_our_containers_can_change_nothing_but_the_database() -> None:
    for service in ours().values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_workflow_and_activity_workers_are_apart() -> None:
    roles = {
        understood(service["command"]).params["role"]
        for service in ours().values()
        if service["command"][0] == "worker"
    }

    assert roles == {"workflows", "activities"}


def test_the_guide_explains_every_variable_of_the_compose_file() -> None:
    guide = (ROOT / "docs/deployment.md").read_text("utf-8")

    assert [name for name in variables() if f"`{name}`" not in guide] == []


def test_the_guide_runs_services_and_commands_that_exist() -> None:
    guide = (ROOT / "docs/deployment.md").read_text("utf-8").replace("\\\n", " ")
    runs = re.findall(r'docker compose run --rm (?:--volume "[^"]+" )?(\S+) ([^\n|>`]+)', guide)

    assert runs
    for service, words in runs:
        assert service in ours()
        parsed = re.sub(r"/files/\S+", str(FILE), words).split()
        assert understood(parsed).info_name in parsed


def test_the_filled_file_names_no_variable() -> None:
    assert filled("${A:-1} ${B:?set it} $$c") == "1 B $c"
