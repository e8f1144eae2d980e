"""Filled forms read as they were asked."""

from __future__ import annotations

from functools import cache
from typing import Any

from lienthong.poverty.survey.compiling import compile_form
from lienthong.poverty.survey.wording import FormWords, changes_between, number_in_words, told, words_of
from lienthong.poverty.survey.workbooks import shipped_source
from lienthong.rules.poverty.standards import standard


@cache
def form(form_id: str = "phieu-b") -> FormWords:
    return words_of(_xml(shipped_source(form_id)))


def _xml(source: str) -> str:
    return compile_form(source, standard=standard("2022-2026"), version="1").xml


def rows(answers: dict[str, Any], form_id: str = "phieu-b") -> dict[str, dict[str, str]]:
    return {part.title: dict(part.rows) for part in told(form(form_id), answers)}


class TestTelling:
    def test_says_choices_in_the_words_of_the_form(self) -> None:
        said = rows({"wall": "not_durable", "devices": "tv phone"})

        assert said["Nhà ở và sinh hoạt"] == {
            "Tường": "Không bền chắc",
            "Phương tiện tiếp cận thông tin hộ đang có": "Tivi, Điện thoại",
        }

    def test_gives_every_member_their_own_heading(self) -> None:
        said = rows({"members": [{"full_name": "Ma Văn Sình", "sex": "male"}, {"full_name": "Ma Thị Ỷ"}]})

        assert list(said) == ["Nhân khẩu 1: Ma Văn Sình", "Nhân khẩu 2: Ma Thị Ỷ"]
        assert said["Nhân khẩu 1: Ma Văn Sình"]["Giới tính"] == "Nam"

    def test_writes_days_numbers_and_places_as_people_here_do(self) -> None:
        said = rows(
            {
                "visited_on": "2026-10-05",
                "housing_area_m2": "40.50",
                "income_per_person": "1500000",
                "location": "21.59 105.84 40 8",
            }
        )

        assert said["Hộ được khảo sát"]["Ngày đến hộ"] == "05/10/2026"
        assert said["Nhà ở và sinh hoạt"]["Diện tích ở (m²)"] == "40,5"
        assert "1.500.000" in said["Thu nhập"].values()
        assert "21,59; 105,84 (± 8 m)" in said["Ảnh và vị trí"].values()

    def test_leaves_a_year_a_year(self) -> None:
        assert number_in_words("1985") == "1985"

    def test_leaves_out_notes_and_what_was_not_answered(self) -> None:
        assert rows({"roster_note": "x"}) == {}

    def test_keeps_what_the_form_does_not_ask(self) -> None:
        assert rows({"color": "xanh"}) == {"": {"color": "xanh"}}

    def test_does_not_fall_over_what_is_no_form(self) -> None:
        assert words_of("<html").questions == ()
        assert [part.rows for part in told(words_of("<html/>"), {"a": "1"})] == [(("a", "1"),)]

    def test_reads_every_form_of_the_house(self) -> None:
        for form_id in ("phieu-a", "phieu-b", "phieu-c"):
            assert all(one.label and one.label != one.name for one in form(form_id).questions)


class TestComparingVersions:
    def test_the_same_form_has_no_changes(self) -> None:
        assert not changes_between(form(), form())

    def test_names_what_was_added_taken_away_reworded_and_chosen_from(self) -> None:
        source = shipped_source("phieu-b")
        source = source.replace("| Tường |", "| Tường bao quanh |")
        source = source.replace("| waste | Rác thải của hộ |", "| rubbish | Rác của hộ để ở đâu? |")
        source = source.replace("| water | rain | Nước mưa |", "| water | rain | Nước mưa chứa trong bể |")

        found = changes_between(form(), words_of(_xml(source)))

        assert found.added == ("Rác của hộ để ở đâu?",)
        assert found.removed == ("Rác thải của hộ",)
        assert ("Tường", "Tường bao quanh") in found.reworded
        assert ("Nguồn nước sinh hoạt chính", "Nước mưa → Nước mưa chứa trong bể") in found.other_choices
