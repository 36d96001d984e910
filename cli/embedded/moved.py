"""A home outside the data folder, for a cluster whose account cannot enter the data folder.

Each such home names the data folder it belongs to; when that folder is gone, the next cluster that
needs a home deletes it.
"""

import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from cli.embedded.processes import running_with

_PREFIX: Final = "throughline-data-"
_BELONGS_TO: Final = "belongs_to"
_BEING_MADE_SECONDS: Final = 60.0
"""A home is named in its data folder only once its cluster is complete."""
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 (a folder of each cluster's own is made in it)
_ROOM_BYTES: Final = 4 * 1024**3


def quickest_parent() -> Path:
    """Return where a throwaway cluster is made: in memory where there is room, else in the temporary folder.

    A database has hundreds of files; to delete those of a test run took a disk half a minute.
    """
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        return _MEMORY
    return Path(tempfile.gettempdir())


def new_home(data_dir: Path, parent: Path) -> Path:
    """Make a folder below `parent` that every account can pass through."""
    _sweep(parent)
    home = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    home.chmod(0o711)
    (home / _BELONGS_TO).write_text(str(data_dir))
    return home


def _sweep(parent: Path) -> None:
    for home in parent.glob(f"{_PREFIX}*"):
        if _is_abandoned(home):
            shutil.rmtree(home, ignore_errors=True)


def _is_abandoned(home: Path) -> bool:
    try:
        status = home.lstat()
        if status.st_uid != os.geteuid() or time.time() - status.st_mtime < _BEING_MADE_SECONDS:
            return False
        data_dir = Path((home / _BELONGS_TO).read_text())
        record = json.loads((data_dir / "postgres.json").read_text())
    except FileNotFoundError:
        return not running_with(str(home))
    moved_to: str | None = record["moved_to"]
    return moved_to != str(home / "postgres")
