"""Survey forms on screen: which is in use, what it asks, and a changed one that is looked at before it is put in use."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.poverty.models import FormSource, FormVersion
from lienthong.poverty.services.forms import PublishForm, publish_form, publish_shipped_forms
from lienthong.poverty.survey.workbooks import LARGEST_FILE_BYTES, as_xlsx, shipped_source
from tests.factories.poverty import STANDARD, FormVersionFactory, SubmissionFactory
from tests.factories.poverty_standards import PointsTableVersionFactory
from tests.poverty.filled import Field, set_field
from tests.screens import Browser, Page, enter, plain
from tests.world import COMMUNE, World

FORMS = "/office/poverty/forms/"
UPLOAD = f"{FORMS}upload/"
DEPARTMENT = "H55.SNNMT"
FORM_B = shipped_source("phieu-b")


@pytest.fixture
def field(world: World) -> Field:
    return set_field(world)


@pytest.fixture
def officer(world: World) -> Browser:
    return enter(world.officer(Role.PROCESSOR, DEPARTMENT))


def file(content: bytes | str, name: str = "phiếu b sửa.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else as_xlsx(content))


def changed(old: str = "| Tường |", new: str = "| Tường bao quanh |") -> str:
    assert old in FORM_B
    return FORM_B.replace(old, new, 1)


def tried(browser: Browser, content: bytes | str, *, standard: str = STANDARD, name: str = "phiếu b sửa.xlsx") -> Page:
    page = browser.open(UPLOAD)
    return page.press("Đọc thử phiếu", file=file(content, name), standard_id=standard)


def facts(page: Page) -> dict[str, str]:
    return {plain(row.dt): plain(row.dd) for row in page.main.select(".govuk-summary-list__row")}


class TestTheList:
    def test_says_of_each_form_which_version_is_in_use_since_when_by_whom_and_how_often(
        self, officer: Browser, field: Field
    ) -> None:
        phone = field.phone()
        for device in (phone.device, phone.device, None):
            SubmissionFactory(form_version=field.form(), device=device)

        page = officer.open("/office/poverty/standards/").follow("Phiếu khảo sát")

        rows = {row[0]: row for row in page.rows("Phiên bản mà máy")}
        form_b = next(row for name, row in rows.items() if name.startswith("Phiếu B"))
        assert len(rows) == 3
        assert f"phiên bản {field.form().version}" in form_b[0]
        assert form_b[1].endswith("hệ thống")
        assert form_b[2:] == ["Phiếu có sẵn Bảng điểm thử", "3 từ 1 máy"]

    def test_tells_the_versions_before_and_when_they_were_replaced(self, officer: Browser, field: Field) -> None:
        before = field.form()
        field.newer_form()

        page = officer.open(FORMS)

        assert page.rows("Phiếu đã điền theo")[0][0].startswith(before.version)
        assert "Tệp sửa.xlsx" in page.words
        assert "Chưa phiên bản nào bị thay" not in page.words

    def test_says_what_to_do_where_there_is_none(self, officer: Browser) -> None:
        page = officer.open(f"{FORMS}?standard=2027-2030")

        assert "Chưa có phiếu nào cho chuẩn này" in page.words
        assert page.follow("Phiếu A").status == 200
        assert page.link("Mở đợt rà soát") == "/office/poverty/rounds/"

    def test_shows_a_form_that_was_never_published_among_others(self, officer: Browser) -> None:
        FormVersionFactory()

        assert officer.open(FORMS).words.count("chưa phát hành") == 2

    def test_asks_no_more_for_more_versions(self, officer: Browser, field: Field, queries_of: Any) -> None:
        few = queries_of(officer, FORMS)
        for number in range(5):
            FormVersionFactory(version=f"202601010{number}", replaced_at=field.now)

        assert queries_of(officer, FORMS) <= few

    def test_is_read_by_communes_and_changed_by_nobody_there(self, world: World, field: Field) -> None:
        browser = enter(world.officer(Role.PROCESSOR, COMMUNE))

        page = browser.open(FORMS)

        assert len(page.rows("Phiên bản mà máy")) == 3
        assert "Tải phiếu đã sửa lên" not in page.links()
        assert browser.open(UPLOAD).status == 404
        assert browser.send(UPLOAD, {"held": "x"}).status == 404


class TestAVersion:
    def test_tells_its_questions_under_their_parts_with_choices_and_what_it_works_out(
        self, officer: Browser, field: Field
    ) -> None:
        page = officer.open(FORMS).follow("Phiếu B")

        assert page.heading.endswith("Phiếu B – Khảo sát hộ gia đình")
        assert ["Giới tính sex", "Chọn một Nam; Nữ"] in page.rows("Nhân khẩu")
        assert ["Chọn hộ household", "Chọn trong danh sách trên máy"] in page.rows("Hộ được khảo sát")
        assert ["Tivi màu", "a_color_tv"] not in page.rows("Phiếu tự tính")
        assert "Tổng điểm B1" in [label for label, _name in page.rows("Phiếu tự tính")]
        assert "visit_number" in page.words

    def test_is_given_as_a_workbook_to_change_and_as_devices_take_it(self, officer: Browser, field: Field) -> None:
        page = officer.open(FORMS).follow("Phiếu B")
        workbook = officer.get(page.link("XLSX"))
        xform = officer.get(page.link("XForm"))

        book = openpyxl.load_workbook(io.BytesIO(workbook.content))
        assert book.sheetnames == ["survey", "choices", "settings"]
        assert f"phieu-b-{field.form().version}.xlsx" in workbook["Content-Disposition"]
        assert xform.content.decode() == field.form().xml
        assert xform["Content-Type"].startswith("text/xml")

    def test_is_compared_with_the_version_before(self, officer: Browser, field: Field) -> None:
        field.newer_form()

        page = officer.open(FORMS).follow("Phiếu B")

        assert page.rows("Các chỗ khác") == [["Tường bao quanh", "Hỏi khác", "Trước: Tường"]]

    def test_of_before_files_were_kept_says_so_and_offers_the_form_of_the_house(self, officer: Browser) -> None:
        version = FormVersionFactory()

        page = officer.open(f"{FORMS}phieu-b/{version.version}/")

        assert "Tệp nguồn của phiên bản này không được giữ" in page.words
        assert page.follow("Tải phiếu để sửa").status == 200
        assert officer.open(f"{FORMS}phieu-b/{version.version}/?format=xlsx").status == 200

    @pytest.mark.parametrize("address", ["phieu-b/1999010101/", "phieu-x/2026090101/", "phieu-x.xlsx"])
    def test_that_does_not_exist_is_not_there(self, officer: Browser, address: str) -> None:
        FormVersionFactory()

        assert officer.open(f"{FORMS}{address}").status == 404


class TestAPreview:
    def test_shows_what_the_file_asks_and_how_it_differs_and_stores_nothing(
        self, officer: Browser, field: Field
    ) -> None:
        before, events = FormVersion.objects.count(), Event.objects.count()

        page = tried(officer, changed())

        assert page.status == 200
        assert "Khác phiên bản" in page.lead
        assert page.rows("Các chỗ khác") == [["Tường bao quanh", "Hỏi khác", "Trước: Tường"]]
        assert facts(page)["Tệp"] == "phiếu b sửa.xlsx"
        assert facts(page)["Bảng điểm"] == "Bảng điểm thử"
        assert ["Tường bao quanh wall", "Chọn một Bền chắc; Không bền chắc"] in page.rows("Nhà ở và sinh hoạt")
        assert "vẫn được nhận và chấm điểm" in page.words
        assert (FormVersion.objects.count(), Event.objects.count()) == (before, events)

    def test_tells_what_is_asked_more_or_no_more_and_other_choices(self, officer: Browser, field: Field) -> None:
        source = changed("| waste | Rác thải của hộ |", "| rubbish | Rác của hộ để ở đâu? |")
        source = source.replace("| water | rain | Nước mưa |", "| water | rain | Nước mưa trong bể |")

        rows = tried(officer, source).rows("Các chỗ khác")

        assert ["Rác của hộ để ở đâu?", "Hỏi thêm", "–"] in rows
        assert ["Rác thải của hộ", "Bỏ câu hỏi", "–"] in rows
        assert ["Nguồn nước sinh hoạt chính", "Lựa chọn khác", "Nước mưa → Nước mưa trong bể"] in rows

    def test_tells_what_the_compiler_found_odd(self, officer: Browser, field: Field) -> None:
        note = "| | note | roster_note |"
        source = changed().replace(note, f"| | | | | chú thích của tỉnh |\n{note}")

        page = tried(officer, source)

        assert "Công cụ biên dịch có lưu ý" in page.words
        version = page.press("Đưa vào dùng")
        assert "Công cụ biên dịch có lưu ý" in version.words

    def test_without_a_points_table_says_that_b1_is_not_counted(self, officer: Browser) -> None:
        page = tried(officer, changed())

        assert "Chưa có phiên bản nào đang dùng" in page.lead
        assert facts(page)["Bảng điểm"].startswith("Chưa có bảng điểm được duyệt")


class TestAFileThatIsRefused:
    def test_names_the_sheet_and_the_row(self, officer: Browser, field: Field) -> None:
        page = tried(officer, changed("select_one toilet |", "select_one toilets |"))

        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(FORM_B)))
        row = next(cells[0].row for cells in book["survey"].iter_rows() if cells[1].value == "toilet")
        assert page.status == 422
        assert f"trang “survey”, dòng {row}:" in page.error_beside("file")

    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"%PDF-1.4", "phieu.xlsx", "không phải bảng tính XLSX"),
            (b"%PDF-1.4", "phieu.pdf", "Hãy gửi một trong các loại: XLSX"),
            (b"\0" * (LARGEST_FILE_BYTES + 1), "phieu.xlsx", "Tệp phiếu nặng hơn 2 MB"),
            (FORM_B.replace("| phieu-b |", "| phieu-x |"), "phieu.xlsx", "cột form_id: mã “phieu-x”"),
            (FORM_B, "phieu.xlsx", "Không có gì mới"),
        ],
        ids=["no workbook", "another kind", "heavy", "another form", "the same"],
    )
    def test_says_why(self, officer: Browser, field: Field, content: bytes | str, name: str, words: str) -> None:
        before = FormVersion.objects.count()

        page = tried(officer, content, name=name)

        assert page.status == 422
        assert words in page.error_beside("file")
        assert FormVersion.objects.count() == before

    def test_asks_for_the_file(self, officer: Browser) -> None:
        page = officer.open(UPLOAD).press("Đọc thử phiếu")

        assert page.status == 422
        assert "Chưa có tệp" in page.error_beside("file")


class TestPuttingInUse:
    def test_publishes_what_was_shown_and_keeps_its_file(self, officer: Browser, field: Field) -> None:
        before, content = field.form(), as_xlsx(changed())

        page = tried(officer, content).press("Đưa vào dùng")

        version = field.form()
        assert page.path == f"{FORMS}phieu-b/{version.version}/"
        assert "Máy khảo sát nhận ở lần cập nhật phiếu sau" in page.notices
        assert (version.source_name, version.points_table) == ("phiếu b sửa.xlsx", field.table)
        assert bytes(FormSource.objects.get(form_version=version).content) == content
        assert Event.objects.filter(stream="survey-form:phieu-b", name="FormPublished").count() >= 1
        before.refresh_from_db()
        assert before.replaced_at is not None

    def test_twice_publishes_once_and_says_so(self, officer: Browser, field: Field) -> None:
        preview = tried(officer, changed())
        preview.press("Đưa vào dùng")
        count = FormVersion.objects.count()

        page = preview.press("Đưa vào dùng")

        assert "Không có gì mới" in page.notices
        assert page.path == f"{FORMS}phieu-b/{field.form().version}/"
        assert FormVersion.objects.count() == count

    def test_shows_first_what_another_published_meanwhile(self, officer: Browser, field: Field) -> None:
        preview = tried(officer, changed("| Mái |", "| Mái nhà |"))
        meanwhile = field.newer_form()

        page = preview.press("Đưa vào dùng")

        assert page.status == 422
        assert "đã được đưa vào dùng; chưa phát hành gì" in page.words
        assert ["Tường", "Hỏi khác", "Trước: Tường bao quanh"] in page.rows("Các chỗ khác")
        assert field.form() == meanwhile
        assert page.press("Đưa vào dùng").status == 200
        assert field.form() != meanwhile

    def test_shows_first_what_another_points_table_changes(self, officer: Browser, field: Field) -> None:
        preview = tried(officer, changed())
        table = PointsTableVersionFactory(name="Bảng điểm mới")

        page = preview.press("Đưa vào dùng")

        assert "bảng điểm đang dùng đã khác; chưa phát hành gì" in page.words
        page.press("Đưa vào dùng")
        assert field.form().points_table == table

    def test_takes_nothing_that_was_shown_to_somebody_else(self, world: World, officer: Browser, field: Field) -> None:
        preview = tried(officer, changed())
        address, data = preview.form("Đưa vào dùng")
        another = enter(world.officer(Role.LEADER, DEPARTMENT))

        for sent in (data, {"held": data["held"][0][:-1]}, {"held": ""}):
            page = another.send(address, sent)

            assert page.status == 422
            assert "Trang xem trước đã cũ" in page.words
        assert field.form().source_name == ""

    def test_what_was_filled_on_the_version_before_is_still_taken_in(self, officer: Browser, field: Field) -> None:
        xml = field.xml()
        tried(officer, changed()).press("Đưa vào dùng")

        received = field.send(xml)

        assert received.submission.form_version.replaced_at is not None
        assert received.is_complete

    def test_a_form_that_was_changed_is_given_back_to_be_changed_again(self, officer: Browser, field: Field) -> None:
        tried(officer, changed()).press("Đưa vào dùng")

        given = officer.get(f"{FORMS}phieu-b.xlsx?standard={STANDARD}").content

        again = tried(officer, given)
        assert "Không có gì mới" in again.error_beside("file")

    def test_keeps_what_the_office_asks_when_a_round_takes_another_table(self, officer: Browser, field: Field) -> None:
        tried(officer, changed()).press("Đưa vào dùng")
        table = PointsTableVersionFactory(name="Bảng điểm mới")

        publish_shipped_forms(standard_id=STANDARD, points_table=table, now=field.now)

        assert field.form().points_table == table
        assert "Tường bao quanh" in field.form().xml

    def test_a_form_of_before_can_be_taken_back(self, officer: Browser, field: Field) -> None:
        tried(officer, changed()).press("Đưa vào dùng")
        publish_form(
            PublishForm(form_id="phieu-b", standard_id=STANDARD, points_table=field.table), acting_user=None, now=field.now
        )  # fmt: skip

        assert "Tường bao quanh" not in field.form().xml
