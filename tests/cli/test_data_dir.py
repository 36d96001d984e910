from pathlib import Path

import pytest

from cli.embedded.data_dir import DataDirError, held


def test_a_data_folder_is_held_by_one_stack_at_a_time(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(DataDirError, match="in use by process"), held(tmp_path):
        pass


def test_a_data_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with held(tmp_path / "new"):
            pass


def test_a_data_folder_that_cannot_be_made_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DataDirError, match="cannot write to the data folder"), held(tmp_path / "file"):
        pass
