"""The two marks in a data folder: which base data it holds, and whether its people are invented."""

from pathlib import Path
from typing import Any

import pytest

from lienthong.ops import base_data, demo_mark


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "src" / "lienthong" / "units").mkdir(parents=True)
    (tmp_path / "src" / "lienthong" / "units" / "communes.csv").write_text("code\n05716\n")
    settings.CHECKOUT = tmp_path
    settings.DATA_DIR = tmp_path
    settings.DEMO_MODE = False


def test_base_data_are_loaded_once() -> None:
    assert not base_data.is_current()
    base_data.note_loaded()
    assert base_data.is_current()


def test_base_data_are_loaded_again_when_a_file_has_changed(tmp_path: Path) -> None:
    base_data.note_loaded()
    (tmp_path / "src" / "lienthong" / "units" / "communes.csv").write_text("code\n05719\n")
    assert not base_data.is_current()


def test_base_data_are_loaded_again_after_a_restore() -> None:
    base_data.note_loaded()
    base_data.forget()
    assert not base_data.is_current()


def test_a_broken_off_load_is_known_in_its_own_database_alone(settings: Any) -> None:
    demo_mark.begin_loading()
    assert demo_mark.is_half_loaded()
    settings.DATABASE_URL = "postgresql://somebody@elsewhere/real"
    assert not demo_mark.is_half_loaded()


def test_a_complete_province_is_not_taken_for_half_of_one() -> None:
    demo_mark.begin_loading()
    demo_mark.end_loading()
    assert demo_mark.is_set()
    assert not demo_mark.is_half_loaded()
    demo_mark.remove()
    demo_mark.put()
    assert not demo_mark.is_half_loaded()


def test_a_demo_province_says_so_at_once_and_until_the_mark_is_gone(settings: Any) -> None:
    demo_mark.put()
    assert demo_mark.is_set()
    assert settings.DEMO_MODE
    demo_mark.remove()
    assert not demo_mark.is_set()
    assert not settings.DEMO_MODE
