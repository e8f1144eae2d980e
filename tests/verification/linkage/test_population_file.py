"""A prepared population that is kept and read back; and files that are none."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from lienthong.verification.linkage import Population, Register, link
from tests.verification.linkage.small import NO_PLACES, register_of, village


def test_a_population_that_was_kept_gives_the_same_verdicts(tmp_path: Path) -> None:
    register = register_of(village(), range(0, 400, 3))
    made = Population.prepare(village(), places=NO_PLACES)
    straight = link(Register.prepare(register, population=made, places=NO_PLACES), made).verdicts

    made.save(tmp_path / "population")
    kept = Population.load(tmp_path / "population")
    again = link(Register.prepare(register, population=kept, places=NO_PLACES), kept).verdicts

    assert again.equals(straight)
    assert [path.name for path in tmp_path.iterdir()] == ["population"]


def test_what_a_run_counted_is_not_kept(tmp_path: Path) -> None:
    made = Population.prepare(village(), places=NO_PLACES)
    made.save(tmp_path / "fresh")
    link(Register.prepare(register_of(village(), range(50)), population=made, places=NO_PLACES), made)
    made.save(tmp_path / "used")

    assert (tmp_path / "used").stat().st_size < 1.5 * (tmp_path / "fresh").stat().st_size


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(pickle.dumps({"number": 1}))

    with pytest.raises(TypeError, match="no prepared population"):
        Population.load(other)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "họ tên,ngày sinh\n".encode()])
def test_a_file_that_is_no_such_file_is_refused(content: bytes, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)

    with pytest.raises((EOFError, pickle.UnpicklingError, TypeError)):
        Population.load(other)


def test_saving_over_an_older_one_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "population"
    Population.prepare(village(), places=NO_PLACES).save(path)
    before = path.read_bytes()

    def fails(*_arguments: object, **_options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pickle, "dump", fails)
    with pytest.raises(OSError, match="disk full"):
        Population.prepare(village(50), places=NO_PLACES).save(path)

    assert path.read_bytes() == before
