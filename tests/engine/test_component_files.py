"""The directory of component files."""

from pathlib import Path

import pytest

from pilotwire.engine.component_files import component_files
from pilotwire.profiles.component_files import ComponentFile, Unreadable


def test_the_files_of_both_folders_are_given_in_order(tmp_path: Path) -> None:
    for name in ("standardized/B.json", "standardized/A.json", "custom/C.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "custom/notes.txt").write_text("")
    (tmp_path / "custom/.hidden.json").write_text("")
    assert list(component_files(tmp_path)) == [
        ComponentFile(name, name.encode())
        for name in ("standardized/A.json", "standardized/B.json", "custom/C.json")
    ]


def test_one_folder_is_enough_and_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="has neither a folder standardized nor a folder custom"):
        list(component_files(tmp_path))
    (tmp_path / "custom").mkdir()
    assert list(component_files(tmp_path)) == []


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "custom" / "A.json").mkdir(parents=True)
    with pytest.raises(Unreadable, match=r"custom/A\.json: cannot be read: Is a directory"):
        list(component_files(tmp_path))
