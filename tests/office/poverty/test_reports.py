"""Reports of a round as officers see them: on the map of any day, with the households behind each number."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from lienthong.accounts.states import Role
from lienthong.infra.models import ReadRecord
from lienthong.poverty.models import CommuneReview, HouseholdReview
from lienthong.poverty.queries.reports import REPORTS, Rows
from lienthong.poverty.services.reporting import figures_of
from lienthong.poverty.states import CommuneState
from lienthong.units.queries import unit_on
from tests.poverty.reported_round import decided_commune, fill, round_of
from tests.screens import Browser, enter
from tests.world import COMMUNE, World

# Competent for poverty since 2025-03-01.
AGRICULTURE = "H55.SNNMT"
INDEX = "/office/poverty/reports/"
POOR, LIST = f"{INDEX}poor/", f"{INDEX}list-poor/"


@pytest.fixture
def communes(world: World) -> list[CommuneReview]:
    """Phan Đình Phùng, Gia Sàng and Sảng Mộc with 90 households that are decided."""
    round_ = round_of(2026)
    made = [decided_commune(round_, unit_on(code, date(2026, 9, 1))) for code in ("05443", "05467", "05719")]
    fill(made, 90)
    return made


@pytest.fixture
def specialist(world: World, communes: list[CommuneReview]) -> Browser:
    return enter(world.officer(Role.PROCESSOR, AGRICULTURE))


@pytest.fixture
def clerk(world: World, communes: list[CommuneReview]) -> Browser:
    return enter(world.officer(Role.PROCESSOR, COMMUNE))


def sheet_of(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.active is not None
    return list(book.active.values)


class TestIndex:
    def test_lists_every_report_with_a_line(self, specialist: Browser) -> None:
        page = specialist.open(INDEX)

        assert len(page.rows("Các báo cáo")) == len(REPORTS) == 15
        assert "3/3 xã, phường đã quyết định, 0 đã báo cáo" in page.lead

    def test_says_so_where_no_round_was_ever_opened(self, world: World) -> None:
        browser = enter(world.officer(Role.PROCESSOR, AGRICULTURE))

        for address in (INDEX, POOR, f"{INDEX}unplaced/"):
            assert "Chưa có đợt rà soát nào" in browser.open(address).words


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_every_report_opens_is_exported_and_printed(report: Any, specialist: Browser) -> None:
    page = specialist.open(f"{INDEX}{report.code}/")
    assert page.status == 200
    assert page.heading == str(report.title)
    for day in ("", "&day=2025-06-30"):
        rows = sheet_of(specialist.get(f"{INDEX}{report.code}/?format=xlsx{day}"))
        assert len(rows) > 1
        assert specialist.get(f"{INDEX}{report.code}/?format=pdf{day}").getvalue().startswith(b"%PDF")
    if report.rows == Rows.HOUSEHOLD:
        assert {"list", "export", "print"} <= set(ReadRecord.objects.order_by("pk").values_list("action", flat=True))


class TestTable:
    def test_has_a_row_for_each_commune_and_a_total(self, specialist: Browser, communes: list[CommuneReview]) -> None:
        page = specialist.open(POOR)

        found = {row[0].split(" 05")[0]: row[2] for row in page.rows("Kết quả rà soát hộ nghèo")}
        counted = {review.unit.name: str(review.households.filter(final_class="poor").count()) for review in communes}
        assert found == counted
        assert "Tổng cộng" in page.words

    def test_numbers_open_their_households(self, specialist: Browser, communes: list[CommuneReview]) -> None:
        page = specialist.open(POOR)
        count = page.rows("Kết quả rà soát hộ nghèo")[0][2]

        behind = page.follow(count)

        assert behind.lead.startswith(f"{count} hộ")
        assert len(behind.rows("Hộ")) == int(count)
        assert ReadRecord.objects.filter(action="list").exists()

    def test_is_sorted_by_the_address(self, specialist: Browser) -> None:
        counts = [int(row[2]) for row in specialist.open(f"{POOR}?sort=-poor").rows("Kết quả rà soát hộ nghèo")]
        assert counts == sorted(counts, reverse=True)

    def test_exports_numbers_as_numbers_and_codes_as_text(self, specialist: Browser) -> None:
        head, *rows = sheet_of(specialist.get(f"{POOR}?format=xlsx"))

        assert head[:5] == ("Mã xã", "Xã, phường", "Tổng số hộ", "Hộ nghèo", "Tỷ lệ (%)")
        assert rows[0][0] == "05467"
        assert isinstance(rows[0][3], int)
        assert rows[-1][1] == "Tổng cộng"
        assert rows[-1][3] == sum(row[3] for row in rows[:-1])

    def test_stands_on_the_map_of_another_day(self, specialist: Browser) -> None:
        page = specialist.open(f"{POOR}?day=30/06/2025")

        rows = page.rows("Kết quả rà soát hộ nghèo")
        assert "bản đồ hành chính ngày 30/06/2025" in page.lead
        assert "Phường Trưng Vương" in " ".join(row[0] for row in rows)
        assert rows[-1][0].startswith("Chưa rõ xã")
        assert "60 hộ chưa rõ thuộc xã nào" in page.words
        assert "Phường Gia Sàng (05467) được lập từ" in page.words
        assert len(page.follow("60 hộ chưa rõ").rows("Hộ")) == 50

    def test_a_day_that_is_none_is_said_and_changes_nothing(self, specialist: Browser) -> None:
        page = specialist.open(f"{POOR}?day=31/02/2025")

        assert "“31/02/2025” không phải một ngày" in page.words
        assert "bản đồ hành chính của đợt rà soát" in page.lead

    @pytest.mark.parametrize("asked", ["unit=99999999", "unit=x", "round=0", "basis=x", "sort=-x", "page=0", "day=x"])
    def test_nonsense_in_the_address_is_left_aside(self, asked: str, specialist: Browser) -> None:
        assert specialist.open(f"{POOR}?{asked}").status == 200
        assert specialist.open(f"{LIST}?{asked}").status == 200

    def test_says_what_does_not_add_up(self, specialist: Browser, communes: list[CommuneReview]) -> None:
        row = communes[0].households.filter(movement="new_poor").order_by("pk").first()
        assert row is not None
        HouseholdReview.objects.filter(pk=row.pk).update(movement="none")

        page = specialist.open(f"{INDEX}movement-poor/")

        assert "Bảng không cân" in page.words
        assert "không cân: lệch -1 hộ" in page.words

    def test_shows_what_was_reported_beside_what_stands_now(
        self, specialist: Browser, communes: list[CommuneReview]
    ) -> None:
        for review in communes:
            review.frozen, review.state = figures_of(review), CommuneState.REPORTED
            review.save()
        row = communes[0].households.filter(final_class="poor").order_by("pk").first()
        assert row is not None
        HouseholdReview.objects.filter(pk=row.pk).update(final_class="near_poor")

        page = specialist.open(POOR)

        assert "1 dòng có số đã báo cáo khác số hiện nay" in page.words
        assert "nay là" in page.words
        assert "đã báo cáo" in specialist.open(f"{POOR}?basis=now").words

    @pytest.mark.parametrize("address", [INDEX, POOR, f"{INDEX}movement-poor/", LIST])
    def test_asks_as_often_for_few_as_for_many(
        self, address: str, specialist: Browser, queries_of: Any, communes: list[CommuneReview]
    ) -> None:
        few = queries_of(specialist, address)
        fill(communes, 120, seed=9)

        assert queries_of(specialist, address) == few <= 22


class TestWhoSees:
    def test_a_commune_sees_its_own(self, clerk: Browser, communes: list[CommuneReview]) -> None:
        page = clerk.open(POOR)

        assert [row[0].split(" 05")[0] for row in page.rows("Kết quả rà soát hộ nghèo")] == ["Phường Phan Đình Phùng"]
        mine = communes[0].households.filter(final_class="poor").count()
        assert clerk.open(LIST).lead.startswith(f"{mine} hộ")

    def test_a_commune_never_sees_another(self, clerk: Browser, communes: list[CommuneReview]) -> None:
        other = communes[1].unit_id
        mine = communes[0].households.filter(final_class="poor").count()

        assert clerk.open(f"{POOR}households/?column=poor").lead.startswith(f"{mine} hộ")
        assert clerk.get(f"{POOR}households/?column=poor&unit={other}").status_code == 404
        assert len(sheet_of(clerk.get(f"{LIST}?format=xlsx&unit={other}"))) == mine + 1

    def test_others_see_nothing(self, world: World, communes: list[CommuneReview]) -> None:
        citizen = enter(world.citizen())
        for address in (INDEX, POOR, f"{POOR}households/?column=poor", f"{INDEX}unplaced/"):
            assert citizen.get(address).status_code == 404

    def test_what_is_no_report_or_no_number_is_not_there(self, specialist: Browser) -> None:
        for address in (f"{INDEX}x/", f"{LIST}households/", f"{POOR}households/?column=rate", f"{INDEX}x/households/"):
            assert specialist.get(address).status_code == 404
