"""Every refusal stands beside its field, says what to do, and keeps everything else."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from lienthong.dossiers.checklist import checklist_of
from lienthong.infra.models import Event
from tests.documents import specimens
from tests.portal.applicants import DECEASED, UNCLEAR, begin, citizen, draft_of, fill, pdf, send
from tests.screens import Page, enter
from tests.world import World

pytestmark = pytest.mark.django_db

LONG_NAME = "Nguyễn " * 43
MEGABYTE = 1024 * 1024


@pytest.fixture
def parts(world: World) -> Page:
    return begin(enter(citizen(world)))


class TestWhere:
    def test_asks_for_the_commune_of_whoever_goes_elsewhere(self, parts: Page) -> None:
        page = parts.follow("Nơi nộp hồ sơ").press("Tiếp tục", place="elsewhere")

        assert page.status == 422
        assert "Chưa chọn xã, phường" in page.error_beside("commune")

    @pytest.mark.parametrize("chosen", ["999999999999", "x", "-1"])
    def test_takes_no_agency_that_is_not_in_the_list(self, parts: Page, chosen: str) -> None:
        page = parts.follow("Nơi nộp hồ sơ").press("Tiếp tục", place=chosen)

        assert page.status == 422
        assert "không còn trong danh sách" in page.error_beside("place")


class TestWho:
    def contact(self, parts: Page) -> Page:
        return parts.follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục")

    def test_says_what_is_wrong_with_a_number_and_keeps_what_was_typed(self, parts: Page) -> None:
        page = self.contact(parts).press("Tiếp tục", phone="912 345 678", email="ten@", address="Tổ 3")

        assert page.status == 422
        assert "Kiểm tra số 0 ở đầu" in page.error_beside("phone")
        assert "ten@vidu.vn" in page.error_beside("email")
        assert page.main.find(attrs={"name": "address"})["value"] == "Tổ 3"  # type: ignore[index]
        assert page.title.startswith("Lỗi:")

    @pytest.mark.parametrize("typed", [".", "123"])
    def test_takes_no_name_without_letters(self, parts: Page, typed: str) -> None:
        who = parts.follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục", whom="person")

        page = who.press("Tiếp tục", name=typed, number="019050001111", address="Tổ 3")

        assert page.status == 422
        assert "cần ít nhất hai chữ cái" in page.error_beside("name")

    def test_asks_for_what_is_needed_to_reach_the_applicant(self, parts: Page) -> None:
        page = self.contact(parts).press("Tiếp tục", phone="", address="")

        assert len(page.errors) == 2
        assert "Chưa có “Số điện thoại”" in page.error_beside("phone")

    def test_takes_a_tax_code_for_what_it_is(self, world: World) -> None:
        parts = begin(enter(citizen(world)), "1.001823")

        page = parts.follow("Chủ hồ sơ và cách liên hệ").press(
            "Tiếp tục", name="Công ty Chè", number="0100233489", address="Xã La Bằng"
        )

        assert "Chữ số thứ 10 không khớp" in page.error_beside("number")

    @pytest.mark.parametrize(
        "name",
        ['Hoàng "Bé" O\'Brien <b>đậm</b>', "Nguyễn Thị 🌸 Hoa", "Lò Thị Ỷ Ỵ Ặng; DROP TABLE dossiers_dossier; --"],
    )
    def test_keeps_any_name_as_it_is_written(self, world: World, name: str) -> None:
        user = citizen(world)
        who = begin(enter(user)).follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục", whom="person")

        page = who.press("Tiếp tục", name=name, address="Tổ 3")

        assert page.status == 200
        assert draft_of(user).applicant_name == name
        assert name in page.browser.open(page.path + "check/").words

    def test_says_how_long_a_name_may_be(self, parts: Page) -> None:
        who = parts.follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục", whom="person")

        page = who.press("Tiếp tục", name=LONG_NAME, address="Tổ 3")

        assert page.status == 422
        assert "dài 300 ký tự, tối đa 255" in page.error_beside("name")

    def test_a_nul_byte_is_refused_in_words_before_it_reaches_the_database(self, parts: Page) -> None:
        who = parts.follow("Chủ hồ sơ và cách liên hệ").press("Tiếp tục", whom="person")

        page = who.press("Tiếp tục", name="An\0 Bình", address="Tổ 3")

        assert page.status == 400
        assert "Traceback" not in page.words


class TestWhat:
    def test_names_every_answer_that_is_missing(self, parts: Page) -> None:
        page = parts.follow("Nội dung yêu cầu").press("Tiếp tục")

        assert page.status == 422
        assert "Chưa có “Họ và tên người chết”" in page.error_beside("answer_deceased_name")
        assert len(page.errors) >= 4

    @pytest.mark.parametrize(
        ("day", "month", "year", "words"),
        [
            ("31", "2", "2026", "không có"),
            ("2", "11", "3000", "từ 01/01/1900 đến"),
            ("2", "11", "1066", "từ 01/01/1900 đến"),
            ("hai", "11", "2026", "viết bằng chữ số"),
            ("2", "11", "26", "đủ 4 chữ số"),
            ("2", "12", "2026", "sau"),
        ],
    )
    def test_a_day_that_cannot_be_right_is_said_so_beside_it(
        self, parts: Page, day: str, month: str, year: str, words: str
    ) -> None:
        answers = {
            **DECEASED,
            "answer_died_on_day": day,
            "answer_died_on_month": month,
            "answer_died_on_year": year,
        }

        page = parts.follow("Nội dung yêu cầu").press("Tiếp tục", **answers)

        assert page.status == 422
        group = page.main.find(attrs={"name": "answer_died_on_day"}).find_parent(class_="govuk-form-group--error")  # type: ignore[union-attr]
        assert words in group.get_text()  # type: ignore[union-attr]
        assert page.main.find(attrs={"name": "answer_deceased_name"})["value"] == "Hoàng Thị Ổn"  # type: ignore[index]


class TestPapers:
    def paper(self, parts: Page, number: int = 1) -> Page:
        return parts.browser.open(f"{parts.path}papers/{number}/")

    def upload(self, page: Page, *files: SimpleUploadedFile, button: str = "Tải lên") -> Page:
        return page.press(button, papers=list(files))

    def test_several_files_are_kept_seen_and_taken_off_again(self, parts: Page) -> None:
        page = self.upload(self.paper(parts), pdf("mặt trước.pdf"), pdf("mặt sau.pdf"))
        assert "mặt trước.pdf" in page.words
        assert "mặt sau.pdf" in page.words
        opened = parts.browser.get(page.link("mặt trước.pdf"))
        assert opened["Content-Type"] == "application/pdf"

        page = page.press("Gỡ mặt trước.pdf")

        assert "Đã gỡ tệp “mặt trước.pdf”" in page.words
        assert page.links().count("mặt trước.pdf") == 0
        assert "mặt sau.pdf" in page.links()

    def test_a_file_takes_the_place_of_another(self, parts: Page) -> None:
        page = self.upload(self.paper(parts), pdf("mờ.pdf"))

        page = page.follow("Thay mờ.pdf").press("Thay tệp", papers=[pdf("rõ.pdf")])

        assert "rõ.pdf" in page.links()
        assert "mờ.pdf" not in page.links()

    def test_the_old_file_stays_when_the_new_one_is_refused(self, parts: Page) -> None:
        page = self.upload(self.paper(parts), pdf("mờ.pdf"))

        page = page.follow("Thay mờ.pdf").press("Thay tệp", papers=[SimpleUploadedFile("rõ.exe", b"MZ")])

        assert page.status == 422
        assert "mờ.pdf" in page.links()

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (SimpleUploadedFile("thư.txt", b"xin"), "thuộc loại chưa nhận được"),
            (SimpleUploadedFile("giả.pdf", b"MZ\x90 khong phai pdf"), "có đuôi .pdf nhưng nội dung không phải"),
            (SimpleUploadedFile("rỗng.pdf", b""), "rỗng"),
            (SimpleUploadedFile("hỏng.pdf", specimens.pdf()[:300]), "bị hỏng"),
            (SimpleUploadedFile("khóa.pdf", specimens.locked_pdf(user_password="1")), "mật khẩu"),
            (SimpleUploadedFile("bom.pdf", specimens.bomb()), "nén bên trong"),
            (SimpleUploadedFile("word.pdf", specimens.docx()), "PDF, JPG, PNG"),
        ],
        ids=["kind", "fake", "empty", "broken", "locked", "bomb", "office"],
    )
    def test_a_bad_file_is_refused_in_words_and_the_good_one_beside_it_is_kept(
        self, parts: Page, file: SimpleUploadedFile, words: str
    ) -> None:
        file.seek(0)
        page = self.upload(self.paper(parts), pdf("tốt.pdf"), file)

        assert page.status == 422
        assert words in page.error_beside("papers")
        assert f"“{file.name}”" in page.error_beside("papers")
        assert "tốt.pdf" in page.links()
        assert str(file.name) not in page.links()

    def test_a_name_longer_than_any_file_system_keeps_gets_a_page_that_says_what_to_do(self, parts: Page) -> None:
        events = Event.objects.count()

        page = self.upload(self.paper(parts), pdf("😀" * 300 + ".pdf"))

        assert page.status == 400
        assert page.heading == "Chưa nhận được nội dung vừa gửi"
        assert "Tên của một tệp đã chọn dài quá mức" in page.words
        assert "đổi tên tệp" in page.words
        assert Event.objects.count() == events

    def test_a_name_as_long_as_a_file_system_keeps_it_is_kept_with_its_ending(self, parts: Page) -> None:
        page = self.upload(self.paper(parts), pdf("ộ" * 250 + ".pdf"))

        assert page.status == 200
        assert any(link.startswith("ộộộ") and link.endswith(".pdf") for link in page.links())

    def test_a_name_in_bytes_that_are_no_text_is_no_file_and_the_field_says_so(self, parts: Page) -> None:
        paper = self.paper(parts)
        body = (
            b'--edge\r\nContent-Disposition: form-data; name="papers"; filename="\xff\xfe.pdf"\r\n'
            b"Content-Type: application/pdf\r\n\r\n%PDF\r\n--edge--\r\n"
        )

        answer = parts.browser.post(paper.path, body, content_type="multipart/form-data; boundary=edge")

        assert answer.status_code == 422
        assert "Chưa có tệp nào cho giấy tờ này" in answer.content.decode()

    @override_settings(UPLOAD_LIMIT_BYTES=MEGABYTE)
    def test_a_file_that_is_too_heavy_says_how_heavy_it_may_be(self, parts: Page) -> None:
        heavy = SimpleUploadedFile("nặng.pdf", specimens.pdf() + b"\0" * MEGABYTE)

        page = self.upload(self.paper(parts), heavy)

        assert "nặng hơn 1 MB" in page.error_beside("papers")

    def test_the_same_file_sent_twice_is_kept_once(self, parts: Page) -> None:
        self.upload(self.paper(parts), pdf("một.pdf", text="một"))
        page = self.upload(self.paper(parts), pdf("một.pdf", text="một"))

        assert page.links().count("một.pdf") == 1

    def test_one_paper_takes_so_many_files_and_no_more(self, parts: Page) -> None:
        page = self.upload(self.paper(parts), *[pdf(f"{number}.pdf") for number in range(22)])

        assert page.status == 422
        assert "mỗi giấy tờ tối đa 20 tệp" in page.error_beside("papers")
        assert len([name for name in page.links() if name.endswith(".pdf")]) == 2 * 20

    def test_a_demanded_paper_is_not_passed_over_silently(self, parts: Page) -> None:
        page = self.paper(parts).press("Tiếp tục")

        assert page.status == 422
        assert "Chưa có tệp nào cho giấy tờ này" in page.error_beside("papers")

    def test_a_paper_that_some_cases_need_is_not_passed_over_silently(self, parts: Page) -> None:
        assert UNCLEAR in parts.follow("Giấy tờ gửi kèm").words
        page = self.paper(parts, 3).press("Tiếp tục")

        assert page.status == 422
        assert "Chưa rõ có cần giấy này không" in page.error_beside("papers")

    def test_a_paper_that_some_cases_need_may_be_said_not_to_apply_and_the_word_taken_back(self, parts: Page) -> None:
        self.paper(parts, 3).press("Tiếp tục", not_applicable="on")
        assert checklist_of(draft_of_page(parts))[2].is_not_applicable
        assert "Không thuộc trường hợp này" in parts.follow("Giấy tờ gửi kèm").words
        assert "không thuộc trường hợp này" in parts.browser.open(f"{parts.path}check/").words

        again = self.paper(parts, 3)
        assert again.main.find(attrs={"name": "not_applicable"}).has_attr("checked")  # type: ignore[union-attr]
        again.press("Lưu và làm tiếp sau", not_applicable=None)

        assert checklist_of(draft_of_page(parts))[2].is_unclear

    def test_a_paper_is_not_both_handed_in_and_said_not_to_apply(self, parts: Page) -> None:
        page = self.paper(parts, 3).press("Tiếp tục", not_applicable="on", papers=[pdf("thôi hưởng.pdf")])

        assert page.status == 422
        assert "Giấy này đã có tệp" in page.error_beside("papers")
        assert "thôi hưởng.pdf" in page.links(), "what was chosen is kept"
        third = checklist_of(draft_of_page(parts))[2]
        assert third.row.is_given and not third.is_not_applicable

    def test_a_paper_that_every_case_needs_cannot_be_said_not_to_apply(self, parts: Page) -> None:
        assert self.paper(parts).main.find(attrs={"name": "not_applicable"}) is None

        page = self.paper(parts).press("Tiếp tục", not_applicable="on")

        assert page.status == 422
        assert not checklist_of(draft_of_page(parts))[0].row.is_not_applicable

    def test_files_survive_a_closed_browser_and_a_paper_is_missing_again_without_them(
        self, parts: Page, world: World
    ) -> None:
        draft = checklist_of(draft_of_page(parts))
        self.upload(self.paper(parts), pdf("một.pdf"), button="Lưu và làm tiếp sau")
        user = draft_of_page(parts).submitted_by

        again = enter(user).open(f"{parts.path}papers/1/")
        assert "một.pdf" in again.links()
        again.press("Gỡ một.pdf")

        assert draft[0].number == 1
        assert checklist_of(draft_of_page(parts))[0].is_missing

    def test_what_is_only_shown_or_looked_up_has_no_page(self, parts: Page) -> None:
        assert self.paper(parts, 77).status == 404
        assert self.paper(parts, 10**18).status == 404


class TestSending:
    def test_what_is_missing_is_named_with_the_way_there_and_nothing_can_be_sent(self, parts: Page) -> None:
        check = parts.browser.open(f"{parts.path}check/")

        assert "Chưa gửi được vì còn thiếu" in check.words
        assert "Gửi hồ sơ" not in check.buttons()
        assert "Chưa rõ có cần “Bản sao quyết định" in check.words
        page = check.follow("Chưa có giấy tờ: Bản sao giấy chứng tử").press("Tiếp tục", papers=[pdf()])
        assert page.path.endswith("/check/")

    def test_nothing_is_sent_without_the_declaration(self, parts: Page) -> None:
        check = fill(parts).follow("Kiểm tra và gửi").press("Gửi hồ sơ")

        assert check.status == 422
        assert "hãy đánh dấu ô" in check.error_beside("agreed")
        assert draft_of_page(parts).state == "draft"

    def test_the_result_by_post_needs_an_address(self, parts: Page) -> None:
        page = parts.follow("Cách nhận kết quả").press("Tiếp tục", return_way="post", return_address="")

        assert "Chưa có địa chỉ nhận" in page.error_beside("return_address")
        page.press("Tiếp tục", return_way="post", return_address="Tổ 3, phường Phan Đình Phùng")
        assert draft_of_page(parts).return_address == "Tổ 3, phường Phan Đình Phùng"

    def test_every_step_of_the_way_shows_the_confirmation_in_the_end(self, parts: Page) -> None:
        assert send(fill(parts)).heading == "Đã gửi hồ sơ"


def draft_of_page(parts: Page):  # type: ignore[no-untyped-def]
    """Return the draft that the parts belong to, as it stands."""
    from lienthong.dossiers.models import Dossier

    return Dossier.objects.get(public_id=parts.path.split("/")[2])
