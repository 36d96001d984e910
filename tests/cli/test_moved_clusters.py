import json
import os
from pathlib import Path

from cli.embedded.moved import new_home


def with_cluster(home: Path, data_dir: Path) -> Path:
    (home / "postgres").mkdir()
    data_dir.mkdir()
    (data_dir / "postgres.json").write_text(json.dumps({"moved_to": str(home / "postgres")}))
    return home


def test_a_home_can_be_passed_through_by_every_account(tmp_path: Path) -> None:
    assert new_home(tmp_path / "data", tmp_path).stat().st_mode & 0o777 == 0o711


def test_a_home_stays_as_long_as_its_data_folder(tmp_path: Path) -> None:
    home = with_cluster(new_home(tmp_path / "data", tmp_path), tmp_path / "data")

    os.utime(home, (0, 0))

    new_home(tmp_path / "other", tmp_path)

    assert home.is_dir()


def test_the_home_of_a_deleted_data_folder_is_deleted_by_the_next_one(tmp_path: Path) -> None:
    home = with_cluster(new_home(tmp_path / "data", tmp_path), tmp_path / "data")
    (tmp_path / "data" / "postgres.json").unlink()
    (tmp_path / "data").rmdir()

    os.utime(home, (0, 0))

    new_home(tmp_path / "other", tmp_path)

    assert not home.exists()


def test_a_home_that_is_being_made_is_left_alone(tmp_path: Path) -> None:
    being_made = new_home(tmp_path / "data", tmp_path)

    new_home(tmp_path / "other", tmp_path)

    assert being_made.is_dir()
