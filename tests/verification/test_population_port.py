"""Whoever holds the population data keeps to one contract: a copy that lies here, the police by files, and the fake of the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lienthong.kernel.text import fold
from lienthong.verification import linkage
from lienthong.verification.adapters.local_copy import LocalCopy, changed_people, difference, digests_of
from lienthong.verification.adapters.police_exchange import PoliceExchange, write_outgoing
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.ports import ANSWER_SCHEMA, PopulationPort, Since
from lienthong.verification.services.copies import prepare_copy
from lienthong.verification.tables import read_table
from tests.verification.fakes import FakePopulation
from tests.verification.linkage.small import COMMUNES, register_of, village

PEOPLE = pl.DataFrame(
    [
        ("019160000001", None, "Ma Thị Lan", "19600705", "Nữ", "Tày", "05443", "H1", True, "song"),
        ("019055000002", None, "Nông Văn Hùng", "19550000", "Nam", "Nùng", "05443", "H2", True, "chet"),
        ("019170000003", None, "Lý Thị Mai", "19700201", "Nữ", "Dao", "05446", "H3", True, "song"),
        ("019090000004", None, "Hoàng Văn Thắng", "19900305", "Nam", "Kinh", "05446", "H4", True, "song"),
    ],
    schema=[
        "number", "old_number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "is_head",
        "life_status",
    ],
    schema_overrides={"old_number": pl.String},
    orient="row",
)  # fmt: skip
REGISTER = pl.DataFrame(
    [
        ("R1", "019160000001", "Ma Thị Lan", "05/07/1960", "Nữ", "Tày", "05443", "H1", "Ma Thị Lan"),
        ("R2", "019055000002", "NÔNG VĂN HÙNG", "1955", "Nam", "Nùng", "05443", "H2", "Nông Văn Hùng"),
        ("R3", "019170000003", "Lý Thị Mai", "01/02/1970", "Nữ", "Dao", "05446", "H3", "Lý Thị Mai"),
    ],
    schema=[
        "record_id", "number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "head_name",
    ],
    orient="row",
)  # fmt: skip
PLACES = pl.DataFrame({"old": ["05443", "05446"], "new": ["05443", "05446"]})


def local_copy(folder: Path) -> PopulationPort:
    if not hasattr(linkage, "link"):
        pytest.skip("the engine is not here yet")
    (folder / "copy").mkdir()
    prepare_copy(PEOPLE, PLACES, folder / "copy")
    return LocalCopy(folder / "copy", copies=folder)


def police(_folder: Path) -> PopulationPort:
    returned = REGISTER.select(
        "record_id",
        pl.lit("đã tìm thấy").alias("result"),
        pl.col("number").alias("found_number"),
        pl.col("full_name").str.to_uppercase().alias("found_name"),
        pl.Series("found_birth", ["19600705", "1955", "19700201"]),
        pl.col("sex").alias("found_sex"),
        pl.col("ethnicity").alias("found_ethnicity"),
        pl.col("commune_code").alias("found_commune"),
        pl.Series("found_life", ["sống", "Đã chết", "sống"]),
    )
    return PoliceExchange(returned)


def fake(_folder: Path) -> PopulationPort:
    return FakePopulation()


MAKERS: dict[type, Callable[[Path], PopulationPort]] = {
    LocalCopy: local_copy,
    PoliceExchange: police,
    FakePopulation: fake,
}


@pytest.mark.parametrize("port", [LocalCopy, PoliceExchange, FakePopulation])
class TestContract:
    def test_answers_each_record_once_in_the_order_asked_and_in_the_columns_of_the_port(
        self, port: type, tmp_path: Path
    ) -> None:
        answer = MAKERS[port](tmp_path).ask(REGISTER)

        assert dict(answer.verdicts.schema) == ANSWER_SCHEMA
        assert answer.verdicts["record_id"].to_list() == ["R1", "R2", "R3"]
        assert set(answer.verdicts["status"]) <= set(Status)
        assert answer.verdicts["probability"].is_between(0, 1).all()

    def test_asked_again_in_another_order_it_says_the_same(self, port: type, tmp_path: Path) -> None:
        asked = MAKERS[port](tmp_path)

        one = asked.ask(REGISTER).verdicts.sort("record_id")
        other = asked.ask(REGISTER.reverse()).verdicts.sort("record_id")

        assert one.drop("probability").equals(other.drop("probability"))

    def test_asked_about_nobody_it_says_nothing(self, port: type, tmp_path: Path) -> None:
        assert MAKERS[port](tmp_path).ask(REGISTER.clear()).verdicts.height == 0


def test_the_police_answer_only_what_came_back_and_the_last_word_counts() -> None:
    returned = pl.DataFrame(
        [("R1", None, "Ma Thị Lan"), ("R1", "019160000001", "Ma Thị Lan"), ("R9", "019000000000", "Ai đó")],
        schema=["record_id", "found_number", "found_name"], orient="row",
    )  # fmt: skip

    verdicts = PoliceExchange(returned).ask(REGISTER).verdicts

    assert verdicts["record_id"].to_list() == ["R1"]
    assert verdicts["number"].to_list() == ["019160000001"]


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ({"found_life": "Đã chết"}, Status.DEAD),
        ({"found_name": "Ma Thị Lán"}, Status.NAME_DIFFERS),
        ({"found_name": "Mã Thị Hoa"}, Status.NAME_DIFFERS),
        ({"found_birth": "19610705"}, Status.BIRTH_DIFFERS),
        ({"found_birth": "1960-07-05"}, Status.VERIFIED),
        ({"found_sex": "Nam"}, Status.SEX_DIFFERS),
        ({"found_number": "019160000077"}, Status.NUMBER_WRONG),
        ({"found_number": "19160000001"}, Status.VERIFIED),
        ({"found_number": None, "found_birth": None, "found_sex": None}, Status.VERIFIED),
        ({"found_ethnicity": "Nùng"}, Status.ETHNICITY_DIFFERS),
        ({"found_commune": "05446"}, Status.MOVED),
        ({"result": "Không tìm thấy", "found_number": None, "found_name": None}, Status.NOT_FOUND),
    ],
)
def test_what_the_police_write_becomes_the_officers_word(found: dict[str, str | None], status: Status) -> None:
    known = {
        "record_id": "R1", "result": "Tìm thấy", "found_number": "019160000001", "found_name": "MA THỊ LAN",
        "found_birth": "05/07/1960", "found_sex": "Nữ", "found_ethnicity": "Tày", "found_commune": "05443",
        "found_life": "sống",
    }  # fmt: skip
    returned = pl.DataFrame([{**known, **found}])

    verdict = PoliceExchange(returned).ask(REGISTER.head(1)).verdicts.row(0, named=True)

    assert verdict["status"] == status
    assert verdict["explanation"]


def test_the_police_and_a_copy_that_lies_here_give_the_same_record_the_same_word(tmp_path: Path) -> None:
    # Commune 05440 of before the mergers went into two.
    places = pl.DataFrame({"old": ["05440", "05440", *COMMUNES], "new": ["05443", "05446", *COMMUNES]})
    people = village().with_columns(
        pl.when(pl.int_range(pl.len()) == 12).then(pl.lit("chet")).otherwise("life_status").alias("life_status")
    )
    asked = register_of(people, range(40))
    numbered = pl.int_range(pl.len())
    asked = asked.with_columns(
        commune_code=pl.when(numbered < 6).then(pl.lit("05440"))
        .when(numbered == 6).then(pl.lit(COMMUNES[-1])).otherwise("commune_code"),
        full_name=pl.when(numbered.is_between(7, 9)).then(pl.col("full_name").map_elements(_without_marks, pl.String))
        .when(numbered == 10).then(pl.col("full_name").str.to_uppercase()).otherwise("full_name"),
        birth_date=pl.when(numbered == 14).then(pl.col("birth_date").str.slice(6)).when(numbered == 15)
        .then(pl.lit("1.1.1901")).otherwise("birth_date"),
        number=pl.when(numbered == 16).then(pl.lit(None)).when(numbered == 17).then(pl.col("number").str.slice(1))
        .when(numbered == 18).then(pl.lit(asked["number"][19])).otherwise("number"),
        sex=pl.when(numbered == 20).then(pl.lit("Nam")).when(numbered == 21).then(pl.lit("Nữ")).otherwise("sex"),
        ethnicity=pl.when(numbered.is_between(22, 25)).then(pl.lit("Tày")).otherwise("ethnicity"),
    )  # fmt: skip
    (tmp_path / "copy").mkdir()
    prepare_copy(people, places, tmp_path / "copy")
    here = LocalCopy(tmp_path / "copy", copies=tmp_path).ask(asked).verdicts
    theirs = here["snapshot"].struct.unnest()
    returned = pl.DataFrame(
        {"record_id": here["record_id"], "result": ["Tìm thấy"] * here.height}
        | {f"found_{name}": theirs[column] for name, column in {
            "number": "number", "name": "full_name", "birth": "birth_date", "sex": "sex", "ethnicity": "ethnicity",
            "commune": "commune_code", "life": "life_status",
        }.items()}
    )  # fmt: skip

    there = PoliceExchange(returned, places=places).ask(asked).verdicts

    fields = [f"{name}_verdict" for name in ("number", "name", "birth", "sex", "ethnicity", "commune")]
    assert here["is_linked"].all()
    assert here["status"].n_unique() > 6
    assert (
        there.select("record_id", "status", "tags", "number", *fields).to_dicts()
        == here.select("record_id", "status", "tags", "number", *fields).to_dicts()
    )


def _without_marks(name: str) -> str:
    return fold(name).title()


@pytest.mark.parametrize("as_csv", [True, False])
def test_the_outgoing_file_keeps_zeros_and_has_columns_for_the_answer(as_csv: bool, tmp_path: Path) -> None:
    path = tmp_path / ("gui.csv" if as_csv else "gui.xlsx")
    write_outgoing(REGISTER.with_columns(pl.lit("2026-0001-7").alias("key")), path, as_csv=as_csv)

    table = read_table(path)

    assert table.heads[:3] == ("Khóa đối chiếu", "Số định danh", "Họ và tên")
    assert "Số định danh theo CSDL" in table.heads
    assert table.frame["Số định danh"].to_list()[0] == "019160000001"


def test_a_copy_says_whom_it_adds_changes_and_takes_away(tmp_path: Path) -> None:
    after = PEOPLE.with_columns(
        pl.when(pl.col("number") == "019170000003")
        .then(pl.lit("05443"))
        .otherwise("commune_code")
        .alias("commune_code")
    )[1:]
    new = PEOPLE[:1].with_columns(number=pl.lit("019160000099"))
    after = pl.concat([after, new])

    told = difference(digests_of(after), digests_of(PEOPLE))

    assert (told.added, told.changed, told.removed) == (1, 1, 1)
    for name, frame in (("before", PEOPLE), ("after", after)):
        (tmp_path / name).mkdir()
        digests_of(frame).write_parquet(tmp_path / name / "digests.parquet")
    assert changed_people(tmp_path / "after", tmp_path / "before").tolist() == [False, True, False, True]


def test_a_part_answers_as_the_whole_does_and_asks_again_only_where_something_changed(tmp_path: Path) -> None:
    places = pl.DataFrame({"old": list(COMMUNES), "new": list(COMMUNES)})
    before = village()
    now = before.with_columns(
        pl.when(pl.int_range(pl.len()) == 10).then(pl.lit("chet")).otherwise("life_status").alias("life_status")
    )
    for name, frame in (("before", before), ("now", now)):
        (tmp_path / name).mkdir()
        prepare_copy(frame, places, tmp_path / name)
    asked = register_of(before, range(0, 300, 2))
    first = LocalCopy(tmp_path / "before", copies=tmp_path).ask(asked)
    again = asked.with_columns(pl.when(pl.col("record_id") == "P40").then(pl.lit("Nữ")).otherwise("sex").alias("sex"))
    since = Since("before", first.verdicts, frozenset(["P40"]), first.model)

    part = LocalCopy(tmp_path / "now", copies=tmp_path).ask(again, since=since)
    nothing = LocalCopy(tmp_path / "before", copies=tmp_path).ask(
        asked, since=Since("before", first.verdicts, frozenset(), first.model)
    )

    answered = {row["record_id"]: row["status"] for row in part.verdicts.iter_rows(named=True)}
    assert answered["P10"] == Status.DEAD
    assert answered["P40"] == Status.SEX_DIFFERS
    assert len(answered) < 30
    assert nothing.verdicts.height == 0
