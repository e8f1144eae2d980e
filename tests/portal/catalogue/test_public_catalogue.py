"""What anybody finds, reads and takes along, without an account and without scripts."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import yaml
from bs4 import BeautifulSoup
from django.test import Client

from lienthong.catalogue.definition import FeeData
from lienthong.catalogue.states import Confidence
from lienthong.rules.deadlines import Allowance, Unit
from tests.factories.catalogue import (
    ITEMS,
    FieldFactory,
    ProcedureFactory,
    VersionFactory,
    joint_version_data,
    version_data,
)
from tests.factories.units import WorkCalendarVersionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CHANGE = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _monday_23_november_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def page(address: str, status: int = 200) -> BeautifulSoup:
    answer = Client().get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return BeautifulSoup(answer.content, "html.parser")


def words(address: str, status: int = 200) -> str:
    main = page(address, status).main
    assert main is not None
    return " ".join(main.get_text(" ").split())


class TestFinding:
    def test_finds_by_words_without_diacritics(self) -> None:
        VersionFactory(procedure__code="1.001731")
        VersionFactory(says=version_data(name="Cấp giấy phép lao động", who="", gives="", results=()))
        told = words("/procedures/?q=tro+cap+mai+tang")
        assert "Có 1 thủ tục cho “tro cap mai tang”." in told
        assert "5 ngày làm việc · Không mất phí · Bộ phận một cửa cấp tỉnh" in told

    def test_keeps_filters_in_the_address_of_every_link(self) -> None:
        VersionFactory()
        shown = page("/procedures/?q=mai+tang&applicant=citizen&level=province")
        links = [one["href"] for one in shown.select(".filters a")]
        assert any(
            "q=mai+tang" in str(link) and "online=full" in str(link) and "level=province" in str(link) for link in links
        )
        hidden = {one["name"]: one["value"] for one in shown.select("form.finder input[type=hidden]")}
        assert hidden == {"applicant": "citizen", "level": "province"}

    def test_the_part_that_htmx_takes_is_the_same_as_on_a_fresh_page(self) -> None:
        VersionFactory()
        form = page("/procedures/").select_one("form.finder")
        assert form is not None
        assert (form["hx-select"], form["hx-target"]) == ("#found", "#found")
        by_htmx = Client().get("/procedures/?q=mai+tang", headers={"HX-Request": "true"})
        fresh = page("/procedures/?q=mai+tang").select_one("#found")
        assert str(BeautifulSoup(by_htmx.content, "html.parser").select_one("#found")) == str(fresh)

    def test_says_that_it_guesses(self) -> None:
        VersionFactory()
        assert "viết gần giống" in words("/procedures/?q=maitang")

    def test_says_what_to_do_where_nothing_is_found(self) -> None:
        VersionFactory()
        told = words("/procedures/?q=zzzzqqq&field=social-protection")
        assert "Chưa tìm thấy thủ tục nào" in told
        assert "Tìm lại trong tất cả thủ tục" in told

    @pytest.mark.parametrize(
        "query",
        ["page=0", "page=-5", "page=abc", "page=99999999999", "level=moon", "applicant=%27", "online=x", "field=%22%3E", "q=" + "a" * 5000, "q=%F0%9F%99%82"],
    )  # fmt: skip
    def test_survives_strange_addresses(self, query: str) -> None:
        VersionFactory()
        assert Client().get(f"/procedures/?{query}").status_code == 200

    def test_refuses_a_nul_byte(self) -> None:
        assert Client().get("/procedures/?q=a%00b").status_code == 400

    def test_shows_drafts_to_nobody(self) -> None:
        VersionFactory(procedure__code="1.1", draft=True)
        assert "Có 0 thủ tục" in words("/procedures/")
        for address in (
            "/procedures/1.1/",
            "/procedures/1.1/print/",
            "/procedures/1.1/file.yaml",
            "/procedures/1.1/file.svg",
        ):
            assert Client().get(address).status_code == 404

    def test_asks_a_number_of_queries_that_does_not_grow(self, django_assert_num_queries: Any) -> None:
        for count in (1, 25):
            VersionFactory.create_batch(count)
            with django_assert_num_queries(4):
                assert Client().get("/procedures/").status_code == 200
            with django_assert_num_queries(6):
                assert Client().get("/procedures/?q=mai+tang").status_code == 200


class TestReading:
    @pytest.fixture(autouse=True)
    def _calendar(self) -> None:
        WorkCalendarVersionFactory()

    def test_says_who_what_how_long_what_it_costs_and_the_day_if_filed_today(self) -> None:
        VersionFactory(procedure__code="1.001731")
        told = words("/procedures/1.001731/")
        for sentence in (
            "Nộp đủ giấy tờ hôm nay thì có kết quả chậm nhất 17:00 thứ Ba 01/12/2026",
            "Thời hạn 5 ngày làm việc",
            "Phí, lệ phí Không mất phí",
            "Nơi nộp Bộ phận một cửa cấp tỉnh",
            "Người lo mai táng cho đối tượng bảo trợ xã hội.",
            "Tờ khai đề nghị (mẫu 04) 1 bản chính",
            "Căn cước mang theo để đối chiếu, được trả lại ngay",
            "20/2021/NĐ-CP, Điều 11",
            "Quyết định 108/QĐ-LĐTBXH ngày 25/06/2021 của Bộ Lao động",
            "đã đối chiếu với văn bản",
        ):
            assert sentence in told, told
        assert "Ngày trả kết quả được tính thế nào" in told

    def test_counts_parts_that_follow_each_other_one_after_the_other(self) -> None:
        VersionFactory(procedure__code="1.010805", joint=True)
        told = words("/procedures/1.010805/")
        assert "5 ngày làm việc, rồi 12 ngày" in told
        assert "chậm nhất 17:00 thứ Hai 14/12/2026" in told

    def test_draws_the_process_and_says_the_same_as_a_table(self) -> None:
        VersionFactory(procedure__code="1.010805", joint=True)
        shown = page("/procedures/1.010805/")
        drawing, table = shown.select_one("svg.process"), shown.select_one(".process-table table")
        assert drawing is not None and table is not None
        for step in joint_version_data().steps:
            assert step.name in " ".join(drawing.get_text(" ").split())
            assert step.name in table.get_text(" ")

    def test_reads_as_it_was_on_a_day(self) -> None:
        procedure = ProcedureFactory(code="1.001731")
        VersionFactory(procedure=procedure, says=version_data(valid_until=CHANGE, who="Câu cũ."))
        VersionFactory(procedure=procedure, number=2, says=version_data(valid_from=CHANGE, who="Câu mới."))
        assert "Câu mới." in words("/procedures/1.001731/")
        for address in ("?on=2025-06-30", "?on=30/06/2025", "?on_day=30&on_month=6&on_year=2025"):
            old = words(f"/procedures/1.001731/{address}")
            assert "Câu cũ." in old
            assert "Bạn đang đọc bản có hiệu lực ngày 30/06/2025" in old
            assert "Nộp trực tuyến" not in old
            assert "Nộp đủ giấy tờ hôm nay" not in old

    @pytest.mark.parametrize("day", ["31/02/2024", "x", "9999-99-99", "0000-01-01", "1/1/1"])
    def test_says_what_is_wrong_with_a_day_and_shows_today(self, day: str) -> None:
        VersionFactory(procedure__code="1.001731")
        told = words(f"/procedures/1.001731/?on={day}")
        assert "Hãy" in told
        assert "Nộp đủ giấy tờ hôm nay" in told

    def test_a_day_before_the_first_says_when_it_begins(self) -> None:
        VersionFactory(procedure__code="1.001731")
        assert "có hiệu lực từ 01/07/2021, chưa nộp được" in words("/procedures/1.001731/?on=2020-01-01")
        assert words("/procedures/1.001731/?on=3000-01-01")

    def test_says_honestly_how_sure_it_is(self) -> None:
        VersionFactory(procedure__code="1.1", says=version_data(confidence=Confidence.MEMORY))
        VersionFactory(procedure__code="LT.BTXH.01", says=version_data(confidence=Confidence.SECONDARY, decision=None))
        unconfirmed = words("/procedures/1.1/")
        papers, warning = "Tờ khai đề nghị", "Hãy hỏi bộ phận một cửa trước khi chuẩn bị giấy tờ"
        assert unconfirmed.index(warning) < unconfirmed.index(papers)
        told = words("/procedures/LT.BTXH.01/")
        assert "nguồn thứ cấp" in told
        assert "chưa tra được mã quốc gia" in told

    def test_does_not_guess_what_nobody_knows(self) -> None:
        bare = version_data(
            fees=(), allowance=(), allowance_text="", items=(), results=(), gives="", steps=(), legal_basis=()
        )
        VersionFactory(procedure__code="1.1", says=bare)
        told = words("/procedures/1.1/")
        for sentence in ("Chưa rõ thời hạn", "Chưa rõ mức phí", "Chưa có danh sách giấy tờ", "Chưa có căn cứ"):
            assert sentence in told

    def test_shows_the_way_to_an_agency_outside_and_no_button(self) -> None:
        VersionFactory(procedure__code="1.1", says=version_data(handled_by="Bảo hiểm xã hội tỉnh Thái Nguyên"))
        told = words("/procedures/1.1/")
        assert "Thủ tục này do Bảo hiểm xã hội tỉnh Thái Nguyên giải quyết" in told
        assert "Nộp trực tuyến" not in told

    def test_lists_fees_where_the_case_decides(self) -> None:
        fees = (
            FeeData(amount=600_000, note="cấp mới", valid_from=CHANGE),
            FeeData(amount=450_000, note="cấp lại", valid_from=CHANGE),
        )
        VersionFactory(procedure__code="1.1", says=version_data(fees=fees))
        told = words("/procedures/1.1/").replace("\xa0", " ")
        assert "450.000 ₫ đến 600.000 ₫, tùy trường hợp" in told
        assert "600.000 ₫ – cấp mới" in told

    def test_prints_with_boxes_to_tick(self) -> None:
        VersionFactory(procedure__code="1.001731")
        told = words("/procedures/1.001731/print/")
        assert "bản có hiệu lực ngày 23/11/2026" in told
        assert len(page("/procedures/1.001731/print/").select(".papers__item")) == 3

    def test_survives_the_longest_names_and_odd_letters(self) -> None:
        odd = "Ộ Ữ Ẳ Ỵ <script>alert(1)</script> & “nháy” 🙂 " + "dài " * 130
        says = version_data(
            name=odd[:600].strip(), items=(replace(ITEMS[0], name=odd, condition=odd[:400]),), who=odd[:400]
        )
        VersionFactory(procedure__code="1.1", says=says)
        answer = Client().get("/procedures/1.1/")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()

    def test_asks_a_number_of_queries_that_does_not_grow(self, django_assert_max_num_queries: Any) -> None:
        for count in (1, 20):
            VersionFactory.create_batch(count)
            VersionFactory(procedure__code=f"1.{count}", joint=True)
            with django_assert_max_num_queries(13):
                assert Client().get(f"/procedures/1.{count}/").status_code == 200

    @pytest.mark.parametrize(
        "address", ["/procedures/7.7/", "/procedures/%F0%9F%99%82/", "/procedures/..%2f/", "/procedures/7.7/print/"]
    )
    def test_what_is_not_there_is_not_found(self, address: str) -> None:
        assert Client().get(address).status_code == 404

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_only_reads(self, method: str) -> None:
        assert getattr(Client(), method)("/procedures/").status_code == 405


def test_works_before_any_calendar_was_published() -> None:
    VersionFactory(procedure__code="1.001731")
    told = words("/procedures/1.001731/")
    assert "5 ngày làm việc" in told
    assert "Nộp đủ giấy tờ hôm nay" not in told


class TestTakingAlong:
    @pytest.fixture(autouse=True)
    def _procedure(self) -> None:
        VersionFactory(procedure__code="1.001731")

    def test_as_yaml(self) -> None:
        answer = Client().get("/procedures/1.001731/file.yaml")
        assert yaml.safe_load(answer.content)["code"] == "1.001731"
        assert answer["Content-Disposition"] == 'attachment; filename="1.001731.yaml"'

    def test_as_a_workbook(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(Client().get("/procedures/1.001731/file.xlsx").content))
        assert book["Thủ tục"]["A2"].value == "1.001731"

    @pytest.mark.parametrize("kind", ["svg", "bpmn"])
    def test_as_a_drawing_and_as_bpmn(self, kind: str) -> None:
        answer = Client().get(f"/procedures/1.001731/file.{kind}")
        ET.fromstring(answer.content)
        assert answer["Content-Disposition"].startswith("attachment")

    @pytest.mark.parametrize("kind", ["yaml", "xlsx"])
    def test_the_whole_catalogue_without_drafts(self, kind: str) -> None:
        VersionFactory(procedure__code="2.2", draft=True)
        answer = Client().get(f"/procedures/all.{kind}")
        assert answer.status_code == 200
        if kind == "yaml":
            assert [one["code"] for one in yaml.safe_load_all(answer.content)] == ["1.001731"]

    @pytest.mark.parametrize(
        "address", ["/procedures/1.001731/file.exe", "/procedures/all.pdf", "/procedures/7.7/file.yaml"]
    )
    def test_nothing_else(self, address: str) -> None:
        assert Client().get(address).status_code == 404


class TestDecisions:
    def test_lists_decisions_and_what_each_published(self) -> None:
        VersionFactory(procedure__code="1.001731")
        assert "108/QĐ-LĐTBXH 25/06/2021 Bộ Lao động 1" in words("/decisions/")
        told = words("/decisions/?number=108/Q%C4%90-L%C4%90TBXH")
        assert "Công bố 1 thủ tục." in told
        assert "Hỗ trợ chi phí mai táng" in told

    def test_says_why_there_is_none(self) -> None:
        FieldFactory()
        assert "Chưa có quyết định nào" in words("/decisions/")
        assert "Không có thủ tục nào công bố theo quyết định này" in words("/decisions/?number=zzz")


def test_the_time_of_a_joint_procedure_is_never_added_up_across_units() -> None:
    from lienthong.catalogue.wording import limit_in_words

    chain = [Allowance(3, Unit.WORKING_DAY), Allowance(2, Unit.WORKING_DAY), Allowance(12, Unit.CALENDAR_DAY)]
    assert limit_in_words(chain) == "5 ngày làm việc, rồi 12 ngày"
    assert limit_in_words([Allowance(5, Unit.CALENDAR_DAY), Allowance(5, Unit.CALENDAR_DAY)]) == "5 ngày, rồi 5 ngày"
