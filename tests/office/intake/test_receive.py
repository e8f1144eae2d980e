"""Receiving at the desk in one screen: what it does, everything that is missing said at once, nothing lost on the way."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from lienthong.accounts.models import Mandate
from lienthong.accounts.states import Role
from lienthong.documents import queries as papers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.infra.models import ReadRecord
from lienthong.kernel.text import sort_key
from lienthong.units.models import FieldAssignment
from tests.documents.specimens import bomb, pdf
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.screens import Browser, enter, plain
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, FUNERAL_SUPPORT, PROVINCE_DESK, WORK_PERMIT, World, at

ADDRESS = f"/office/receive/{FUNERAL_SUPPORT}/"
DECLARATION, CERTIFICATE, NOT_APPLICABLE = "item_1_given", "item_2_given", "item_3_not_applicable"
ANSWERS = {
    "answer_deceased_name": "Hoàng Thị Ổn",
    "answer_died_on_day": "2",
    "answer_died_on_month": "11",
    "answer_died_on_year": "2026",
    "answer_circumstance": "assistance",
    "answer_arranged_funeral": "yes",
    "answer_other_support": "0",
}
COMPLETE: dict[str, Any] = {"name": "Hoàng Văn Ẩn", DECLARATION: "on", CERTIFICATE: "on", NOT_APPLICABLE: "on"}


@pytest.fixture
def clerk(world: World) -> Browser:
    return enter(world.officer(Role.RECEIVER))


@pytest.fixture
def answers(clerk: Browser) -> dict[str, str]:
    """The answers under the names that the form gives its fields."""
    _address, data = clerk.open(ADDRESS).form("Tiếp nhận hồ sơ")
    assert {name for name in ANSWERS if name not in data} <= {"answer_circumstance", "answer_arranged_funeral"}
    return ANSWERS


def scan(content: bytes | None = None, name: str = "Tờ khai.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content, "application/pdf")


class TestChoosingTheProcedure:
    def test_lists_what_is_in_force_and_finds_it_without_diacritics(self, clerk: Browser) -> None:
        page = clerk.open("/office/receive/?q=mai tang")

        assert FUNERAL_SUPPORT in page.words
        assert page.follow("Hỗ trợ chi phí mai táng").heading.endswith(
            "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội"
        )

    def test_says_what_to_do_when_nothing_fits(self, clerk: Browser) -> None:
        page = clerk.open("/office/receive/?q=zzzzqqq")

        assert "Không có thủ tục nào khớp." in page.words
        assert "Thử ít chữ hơn" in page.words

    @pytest.mark.parametrize(
        "query", ["page=0", "page=-1", "page=999", "page=x", f"page={'9' * 5000}", "q=" + "ỷ" * 9000]
    )
    def test_reads_nonsense_in_the_address_as_nothing(self, clerk: Browser, query: str) -> None:
        assert clerk.open(f"/office/receive/?{query}").status == 200

    def test_costs_the_same_queries_for_every_page(self, clerk: Browser, queries_of: Any) -> None:
        assert [queries_of(clerk, f"/office/receive/?{query}") for query in ("", "page=2", "q=mai tang")] == [9, 9, 11]

    def test_a_procedure_that_ended_says_since_when_and_what_replaced_it(self, clerk: Browser) -> None:
        page = clerk.open("/office/receive/1.009811/")

        assert page.status == 404
        assert "hết hiệu lực từ 07/08/2025" in page.words

    def test_an_unknown_procedure_is_not_there(self, clerk: Browser) -> None:
        page = clerk.open("/office/receive/9.999999/")

        assert page.status == 404
        assert "Không có thủ tục mã 9.999999" in page.words


class TestACompleteRequest:
    def test_is_numbered_promised_and_passed_on(self, clerk: Browser, answers: dict[str, str]) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers)

        dossier = Dossier.objects.get()
        assert dossier.code == "H55.05443-261116-0001"
        assert dossier.state == DossierState.IN_PROGRESS
        assert "Đã tiếp nhận hồ sơ H55.05443-261116-0001, hẹn trả 17:00 thứ Hai 23/11/2026." in page.words
        assert page.path == f"/office/dossiers/{dossier.public_id}/"
        assert dict(dossier.items.values_list("number", "is_given")) == {1: True, 2: True, 3: False}
        assert dossier.items.get(number=3).is_not_applicable
        assert "không thuộc trường hợp này" in page.words
        assert (dossier.items.get(number=1).originals, dossier.items.get(number=2).copies) == (1, 1)

    def test_of_the_wrong_procedure_is_sent_on_to_the_right_one(self, clerk: Browser, answers: dict[str, str]) -> None:
        page = clerk.open("/office/receive/1.014028/")
        assert "Mở thủ tục" not in page.words

        page = page.press("Tiếp nhận hồ sơ", **{**COMPLETE, **answers, "answer_circumstance": "institution"})

        assert "hỗ trợ chi phí mai táng được đề nghị theo thủ tục 1.001731" in page.words
        assert page.follow("Mở thủ tục 1.001731").path == ADDRESS
        assert not Dossier.objects.exists()

    def test_can_be_held_back_at_the_desk(self, clerk: Browser, answers: dict[str, str]) -> None:
        clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, hold="on")

        assert Dossier.objects.get().state == DossierState.RECEIVED

    def test_keeps_the_scans_beside_their_papers(self, clerk: Browser, answers: dict[str, str]) -> None:
        files = [scan(name="Tờ khai trang 1.pdf"), scan(name="Tờ khai trang 2.pdf")]

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, item_1_files=files)

        stored = papers.attachments_of(Dossier.objects.get().stream)
        assert [(one.role, one.file.name) for one in stored] == [
            ("item:1", "Tờ khai trang 1.pdf"),
            ("item:1", "Tờ khai trang 2.pdf"),
        ]
        assert "Tờ khai trang 1.pdf" in page.words

    def test_a_scan_whose_name_is_too_long_gets_a_page_that_says_what_to_do(
        self, clerk: Browser, answers: dict[str, str]
    ) -> None:
        files = [scan(name="😀" * 300 + ".pdf")]

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, item_1_files=files)

        assert page.status == 400
        assert "đổi tên tệp" in page.words
        assert not Dossier.objects.exists()

    def test_a_scan_alone_counts_as_the_paper(self, clerk: Browser, answers: dict[str, str]) -> None:
        typed = {**COMPLETE, **answers, DECLARATION: None, "item_1_files": [scan()]}

        clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **typed)

        assert Dossier.objects.get().items.get(number=1).is_given

    def test_of_a_procedure_without_questions(self, world: World) -> None:
        clerk = enter(world.officer(Role.RECEIVER, PROVINCE_DESK))
        given = {f"item_{number}_given": "on" for number in range(1, 7)}

        page = clerk.open(f"/office/receive/{WORK_PERMIT}/").press(
            "Tiếp nhận hồ sơ", name="Công ty TNHH Chè “Tân Cương” & Cộng sự", number="4600123459", **given
        )

        assert page.status == 200
        assert Dossier.objects.get().agency.code == "H55.SNV"  # type: ignore[union-attr]

    def test_names_with_quotes_emoji_and_tags_are_shown_as_they_are(
        self, clerk: Browser, answers: dict[str, str]
    ) -> None:
        name = "Ỷ “Ẳ” O'Brien <b>😀</b> & \\ %s {x}"

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **{**COMPLETE, **answers, "name": name})

        assert Dossier.objects.get().applicant_name == name
        assert name in page.words

    def test_of_a_clerk_with_two_desks_goes_to_the_chosen_one(self, world: World, answers: dict[str, str]) -> None:
        user = world.officer(Role.RECEIVER)
        other = world.agency(ANOTHER_COMMUNE)
        Mandate.objects.create(user=user, role=Role.RECEIVER, agency=other, valid_from=date(2026, 1, 1))

        page = enter(user).open(ADDRESS)
        page.press("Tiếp nhận hồ sơ", **COMPLETE, **answers, desk=str(other.pk))

        assert other.name in page.words
        assert Dossier.objects.get().receiving_agency == other

    def test_at_a_desk_of_somebody_else_is_refused(self, world: World, clerk: Browser, answers: dict[str, str]) -> None:
        foreign = str(world.agency(ANOTHER_COMMUNE).pk)

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, desk=foreign)

        assert page.status == 422
        assert not Dossier.objects.exists()

    def test_for_which_nobody_is_competent_is_refused_in_words(self, world: World) -> None:
        FieldAssignment.objects.all().delete()
        given = {f"item_{number}_given": "on" for number in range(1, 7)}

        page = enter(world.officer(Role.RECEIVER, PROVINCE_DESK)).open(f"/office/receive/{WORK_PERMIT}/")
        refused = page.press("Tiếp nhận hồ sơ", name="Công ty Chè", number="4600123459", **given)

        assert refused.status == 422
        assert len(refused.errors) == 1
        assert not Dossier.objects.exists()


class TestTheCommuneThatDecides:
    @pytest.fixture
    def far_clerk(self, world: World) -> Browser:
        return enter(world.officer(Role.RECEIVER, PROVINCE_DESK))

    def test_is_asked_at_the_desk_of_the_province(
        self, world: World, far_clerk: Browser, answers: dict[str, str]
    ) -> None:
        commune = world.agency(ANOTHER_COMMUNE).unit

        page = far_clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, commune=str(commune.pk))

        dossier = Dossier.objects.get()
        assert page.status == 200
        assert (dossier.unit, dossier.receiving_agency) == (commune, world.agency(PROVINCE_DESK))
        assert dossier.agency == world.agency(ANOTHER_COMMUNE)

    def test_has_to_be_chosen_there(self, far_clerk: Browser, answers: dict[str, str]) -> None:
        page = far_clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers)

        assert page.status == 422
        assert len(page.errors) == 1
        assert "Chưa chọn “Xã, phường giải quyết”" in page.error_beside("commune")
        assert not Dossier.objects.exists()

    @pytest.mark.parametrize("typed", ["0", "x", "-1", "9" * 30])
    def test_is_one_of_the_list(self, far_clerk: Browser, answers: dict[str, str], typed: str) -> None:
        page = far_clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, commune=typed)

        assert page.status == 422
        assert "không còn trong danh sách" in page.error_beside("commune")

    def test_is_offered_among_all_communes_of_today_in_the_order_of_the_alphabet(self, far_clerk: Browser) -> None:
        options = far_clerk.open(ADDRESS).main.select("[name=commune] option")[1:]

        names = [plain(option).split(maxsplit=1)[1] for option in options]
        assert len(names) == 92
        assert names == sorted(names, key=sort_key)

    def test_is_where_the_applicant_lives_as_far_as_the_registers_know(self, world: World, far_clerk: Browser) -> None:
        commune = world.agency(ANOTHER_COMMUNE).unit
        PersonFactory(full_name="Đặng Thị Ỷ", number="019085001234", lives_in=commune)

        page = far_clerk.open(f"{ADDRESS}?number=019085001234")

        assert page.form("Tiếp nhận hồ sơ")[1]["commune"] == [str(commune.pk)]

    def test_is_not_asked_where_the_desk_says_it_or_the_province_decides(
        self, clerk: Browser, far_clerk: Browser
    ) -> None:
        pages = [clerk.open(ADDRESS), far_clerk.open(f"/office/receive/{WORK_PERMIT}/")]

        assert [page.main.select("[name=commune]") for page in pages] == [[], []]

    def test_of_a_clerk_with_both_desks_counts_at_the_desk_of_the_province(
        self, world: World, answers: dict[str, str]
    ) -> None:
        user = world.officer(Role.RECEIVER)
        far, near = world.agency(PROVINCE_DESK), world.agency(COMMUNE)
        Mandate.objects.create(user=user, role=Role.RECEIVER, agency=far, valid_from=date(2026, 1, 1))
        page, elsewhere = enter(user).open(ADDRESS), str(world.agency(ANOTHER_COMMUNE).unit_id)

        refused = page.press("Tiếp nhận hồ sơ", **COMPLETE, **answers, desk=str(far.pk))
        page.press("Tiếp nhận hồ sơ", **COMPLETE, **answers, desk=str(near.pk), commune=elsewhere)

        assert refused.error_beside("commune").endswith("Hãy chọn một nơi trong danh sách.")
        assert Dossier.objects.get().agency == near


class TestWhatIsMissing:
    def test_is_listed_at_once_papers_and_answers_alike(self, clerk: Browser) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ")

        assert page.status == 422
        assert [one.split(".")[0] for one in page.errors if "Thiếu" in one] == [
            "Thiếu “Tờ khai của cơ quan, tổ chức, hộ gia đình hoặc cá nhân đứng ra tổ chức mai táng đề nghị hỗ trợ chi phí mai táng (Mẫu số 04)”",
            "Thiếu “Bản sao giấy chứng tử của đối tượng”",
        ]
        missing = " ".join(page.errors)
        for label in ("Họ và tên, hoặc tên tổ chức", "Họ và tên người chết", "Ngày chết", "Số tiền hỗ trợ"):
            assert label in missing
        assert page.title.startswith("Lỗi:")
        assert not Dossier.objects.exists()

    def test_stands_beside_its_paper(self, clerk: Browser) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ")

        assert "Thiếu “Bản sao giấy chứng tử" in page.error_beside(CERTIFICATE)

    def test_every_error_leads_to_its_field(self, clerk: Browser) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", item_1_copies="x")

        targets = [str(link["href"])[1:] for link in page.soup.select(".govuk-error-summary a")]
        assert len(targets) == len(page.errors)
        assert [target for target in targets if page.soup.find(id=target) is None] == []

    def test_a_paper_that_some_cases_need_is_asked_about_beside_its_box(
        self, clerk: Browser, answers: dict[str, str]
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **{**COMPLETE, **answers, NOT_APPLICABLE: None})

        assert page.status == 422
        assert "Chưa rõ có cần “Bản sao quyết định" in page.error_beside(NOT_APPLICABLE)
        assert len(page.errors) == 1
        page.press("Tiếp nhận hồ sơ", item_3_given="on")
        assert Dossier.objects.get().items.get(number=3).is_given

    @pytest.mark.parametrize("said", [{"item_3_given": "on"}, {"item_3_files": "a scan"}])
    def test_a_paper_is_not_both_received_and_said_not_to_apply(
        self, clerk: Browser, answers: dict[str, str], said: dict[str, Any]
    ) -> None:
        said = {name: [scan()] if value == "a scan" else value for name, value in said.items()}

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, **said)

        assert page.status == 422
        assert "vừa ghi là đã nhận vừa ghi là không thuộc trường hợp này" in page.error_beside(NOT_APPLICABLE)
        assert not Dossier.objects.exists()
        page.press("Tiếp nhận hồ sơ", **{NOT_APPLICABLE: None})
        assert Dossier.objects.get().items.get(number=3).is_given

    def test_only_a_paper_that_some_cases_need_can_be_said_not_to_apply(self, clerk: Browser) -> None:
        page = clerk.open(ADDRESS)

        boxes = page.main.select("[name$=_not_applicable]")
        assert [box["name"] for box in boxes] == [NOT_APPLICABLE]
        assert "Không thuộc trường hợp này : Bản sao quyết định" in page.words

    def test_a_paper_ticked_without_any_number_is_missed(self, clerk: Browser, answers: dict[str, str]) -> None:
        typed = {**COMPLETE, **answers, "item_1_originals": "0"}

        assert "Thiếu “Tờ khai" in clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **typed).errors[0]

    def test_what_was_typed_is_kept(self, clerk: Browser) -> None:
        typed = {
            "name": "Nguyễn “Ỷ” 😀", "phone": "0912345678", "address": "Tổ 12", "summary": "Đề nghị\nhai dòng", "return_way": "post",
            DECLARATION: "on", "item_1_originals": "3", "answer_deceased_name": "Hoàng Thị Ổn", "answer_died_on_day": "31", "hold": "on",
        }  # fmt: skip

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **typed)

        _address, kept = page.form("Tiếp nhận hồ sơ")
        assert {name: kept.get(name, [None])[0] for name in typed} == typed

    def test_the_key_stays_the_same_between_tries(self, clerk: Browser) -> None:
        page = clerk.open(ADDRESS)

        again = page.press("Tiếp nhận hồ sơ")

        assert page.form("Tiếp nhận hồ sơ")[1]["client_key"] == again.form("Tiếp nhận hồ sơ")[1]["client_key"]

    def test_a_day_of_death_in_the_year_three_thousand_is_refused(
        self, clerk: Browser, answers: dict[str, str]
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **{**COMPLETE, **answers, "answer_died_on_year": "3000"})

        assert page.status == 422
        assert "3000" in page.errors[0]

    def test_a_day_of_death_tomorrow_is_refused_together_with_missing_papers(
        self, clerk: Browser, answers: dict[str, str]
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", name="Ẩn", **{**answers, "answer_died_on_day": "17"})

        assert any(error.startswith("Ngày chết không thể sau ngày hôm nay") for error in page.errors)
        assert len(page.errors) == 4


@pytest.mark.parametrize("typed", [".", "123"])
def test_a_name_without_letters_is_refused_beside_its_field(
    clerk: Browser, answers: dict[str, str], typed: str
) -> None:
    page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **{**COMPLETE, **answers, "name": typed})

    assert page.status == 422
    assert "cần ít nhất hai chữ cái" in page.error_beside("name")
    assert page.form("Tiếp nhận hồ sơ")[1]["name"] == [typed]


class TestTheNumberOfTheApplicant:
    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ("19154000001", "đang có 11. Kiểm tra số 0 ở đầu."),
            ("0100233489", "Chữ số thứ 10 không khớp"),
            ("AB1234567", "chỉ gồm chữ số"),
        ],
    )
    def test_that_is_neither_of_a_person_nor_of_a_firm_is_refused_and_kept(
        self, clerk: Browser, answers: dict[str, str], typed: str, says: str
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, number=typed)

        assert page.status == 422
        assert says in " ".join(page.errors)
        assert page.form("Tiếp nhận hồ sơ")[1]["number"] == [typed]
        assert not Dossier.objects.exists()

    def test_is_kept_as_digits_however_it_is_spaced(self, clerk: Browser, answers: dict[str, str]) -> None:
        clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, number="019 154 000001")

        assert Dossier.objects.get().applicant_number == "019154000001"

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ("999154000001", "Ba chữ số đầu 999 không phải mã tỉnh"),
            ("090123456", "chứng minh nhân dân 9 chữ số"),
            ("000000000000", "giống số điền tạm"),
        ],
    )
    def test_that_looks_odd_is_received_and_the_doubt_stands_beside_it(
        self, clerk: Browser, answers: dict[str, str], typed: str, says: str
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, number=typed)

        assert page.status == 200
        assert Dossier.objects.get().applicant_number == typed
        assert says in page.words.split("Yêu cầu")[0]

    def test_may_be_left_out(self, clerk: Browser, answers: dict[str, str]) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, number="")

        assert page.status == 200

    def test_among_the_answers_is_held_to_the_same(self, clerk: Browser, answers: dict[str, str]) -> None:
        form = clerk.open(ADDRESS)

        refused = form.press("Tiếp nhận hồ sơ", **COMPLETE, **answers, answer_deceased_number="19154000001")
        assert "đang có 11" in refused.error_beside("answer_deceased_number")

        page = form.press("Tiếp nhận hồ sơ", **COMPLETE, **answers, answer_deceased_number="999154000001")
        assert "Ba chữ số đầu 999 không phải mã tỉnh" in page.words.split("Yêu cầu", 1)[1]


class TestUnreadableFields:
    @pytest.mark.parametrize(
        ("typed", "says"),
        [("ba", "Số bản là một số, ví dụ 1."), ("-1", "Số bản không thể âm."), ("100", "Số bản tối đa là 99."), ("1,5", "Số bản là một số"),
         ("9" * 400, "Số bản"), ("😀", "Số bản là một số")],
    )  # fmt: skip
    def test_a_count_is_refused_beside_it_and_kept(
        self, clerk: Browser, answers: dict[str, str], typed: str, says: str
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, item_1_originals=typed)

        assert page.status == 422
        assert says in page.error_beside("item_1_originals")
        assert page.form("Tiếp nhận hồ sơ")[1]["item_1_originals"] == [typed]

    def test_a_name_of_three_hundred_letters_is_refused_and_kept(self, clerk: Browser, answers: dict[str, str]) -> None:
        long = "Ỷ" * 300

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **{**COMPLETE, **answers, "name": long})

        assert "255" in page.error_beside("name")
        assert page.form("Tiếp nhận hồ sơ")[1]["name"] == [long]

    def test_a_note_of_thirty_thousand_letters_is_refused_with_its_length(
        self, clerk: Browser, answers: dict[str, str]
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, summary="ư" * 30_000)

        assert "30000" in page.error_beside("summary")

    @pytest.mark.parametrize("name", ["name", "summary", "answer_deceased_name", "client_key"])
    def test_an_invisible_character_is_refused_before_anything_else(
        self, clerk: Browser, answers: dict[str, str], name: str
    ) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **{**COMPLETE, **answers, name: "Hoàng\0Ẩn"})

        assert page.status == 400
        assert "ký tự rỗng" in page.words
        assert not Dossier.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "123"])
    def test_a_broken_key_asks_to_open_the_page_again(self, clerk: Browser, answers: dict[str, str], key: str) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, client_key=key)

        assert page.status == 422
        assert len(page.errors) == 1
        assert "client_key" not in page.errors[0]

    def test_a_form_of_which_nothing_arrived_says_what_is_missing(self, clerk: Browser) -> None:
        assert clerk.send(ADDRESS, {}).status == 422


class TestScans:
    @pytest.mark.parametrize(
        ("content", "name", "says"),
        [
            (b"", "Tờ khai.pdf", "rỗng"),
            (b"<html>", "Tờ khai.pdf", "nội dung không phải loại đó"),
            (bomb(), "Tờ khai.docx", "thuộc loại chưa nhận được"),
            (bomb(), "Tờ khai.pdf", "nén bên trong nhiều hơn"),
            (b"%PDF-1.7 cut", "Tờ khai.pdf", "bị hỏng hoặc chưa đủ"),
            (pdf(), "Tờ khai.exe", "thuộc loại chưa nhận được"),
        ],
        ids=["empty", "wrong kind", "bomb", "bomb as PDF", "broken", "program"],
    )
    def test_a_file_that_is_no_paper_is_refused_beside_it(
        self, clerk: Browser, answers: dict[str, str], content: bytes, name: str, says: str
    ) -> None:
        typed = {**COMPLETE, **answers, "item_2_files": [scan(content, name)]}

        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **typed)

        assert page.status == 422
        assert says in page.error_beside("item_2_files")
        assert not Dossier.objects.exists()

    @override_settings(UPLOAD_LIMIT_BYTES=200)
    def test_a_file_that_is_too_heavy_is_refused_beside_it(self, clerk: Browser, answers: dict[str, str]) -> None:
        page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, item_1_files=[scan()])

        assert "nặng hơn" in page.error_beside("item_1_files")

    def test_every_wrong_file_is_named_at_once(self, clerk: Browser, answers: dict[str, str]) -> None:
        page = clerk.open(ADDRESS).press(
            "Tiếp nhận hồ sơ", **COMPLETE, **answers, item_1_files=[scan(b"x")], item_2_files=[scan(bomb())]
        )

        assert len(page.errors) == 2

    def test_a_good_scan_is_not_asked_for_again_when_something_else_is_missing(
        self, clerk: Browser, answers: dict[str, str]
    ) -> None:
        typed = {**COMPLETE, **answers, "name": "", DECLARATION: None, "item_1_files": [scan()]}
        again = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **typed)
        assert "Tờ khai.pdf" in again.words

        again.press("Tiếp nhận hồ sơ", name="Hoàng Văn Ẩn")

        assert [one.file.name for one in papers.attachments_of(Dossier.objects.get().stream)] == ["Tờ khai.pdf"]

    def test_a_kept_scan_can_be_dropped(self, clerk: Browser, answers: dict[str, str]) -> None:
        again = clerk.open(ADDRESS).press(
            "Tiếp nhận hồ sơ", **{**COMPLETE, **answers, "name": "", "item_1_files": [scan()]}
        )

        again.press("Tiếp nhận hồ sơ", name="Hoàng Văn Ẩn", item_1_kept=None)

        assert papers.attachments_of(Dossier.objects.get().stream) == []

    def test_a_scan_kept_for_a_colleague_is_not_taken(self, world: World, answers: dict[str, str]) -> None:
        colleague = enter(world.officer(Role.RECEIVER, another=True))
        theirs = colleague.open(ADDRESS).press("Tiếp nhận hồ sơ", item_1_files=[scan()])
        token = theirs.form("Tiếp nhận hồ sơ")[1]["item_1_kept"]
        clerk = enter(world.officer(Role.RECEIVER, another=True))

        for stolen in (token, ["x"], [token[0] + "x"]):
            page = clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **{**COMPLETE, DECLARATION: None}, item_1_kept=stolen)
            assert "Tờ khai.pdf" not in page.words


class TestTwice:
    def test_a_double_click_receives_once(self, clerk: Browser, answers: dict[str, str]) -> None:
        page = clerk.open(ADDRESS)

        first = page.press("Tiếp nhận hồ sơ", **COMPLETE, **answers)
        second = page.press("Tiếp nhận hồ sơ", **COMPLETE, **answers)

        assert first.path == second.path
        assert Dossier.objects.count() == 1

    def test_a_form_sent_after_the_session_died_is_kept_and_received_once(
        self, world: World, clerk: Browser, answers: dict[str, str]
    ) -> None:
        page = clerk.open(ADDRESS)
        clerk.cookies["lienthong_session"] = "gone"

        kept = page.press("Tiếp nhận hồ sơ", **COMPLETE, **answers)
        assert kept.path == "/sign-in/"
        assert not Dossier.objects.exists()
        # The browser keeps its cookies, so signing in through the door finds the form.
        user = world.officer(Role.RECEIVER)
        user.set_password("chè xanh buổi sáng")
        user.save()
        offered = kept.press("Đăng nhập", username=user.username, password="chè xanh buổi sáng")
        received = offered.press("Gửi lại biểu mẫu")

        assert "Đã tiếp nhận hồ sơ" in received.words
        assert Dossier.objects.get().applicant_name == "Hoàng Văn Ẩn"


class TestWhatTheRegistersKnow:
    @pytest.fixture
    def neighbour(self, world: World) -> Any:
        unit = world.agency(COMMUNE).unit
        return PersonFactory(full_name="Đặng Thị Ỷ", number="019085001234", lives_in=unit, phone="0912345678")

    def test_fills_in_name_telephone_and_address(self, clerk: Browser, neighbour: Any) -> None:
        page = clerk.open(f"{ADDRESS}?number=019 085 001234")

        _address, data = page.form("Tiếp nhận hồ sơ")
        assert data["name"] == ["Đặng Thị Ỷ"]
        assert data["phone"] == ["0912345678"]
        assert data["number"] == ["019085001234"]
        assert "Xóm 1" in data["address"][0]

    def test_is_recorded_as_a_reading(self, world: World, clerk: Browser, neighbour: Any) -> None:
        clerk.open(f"{ADDRESS}?number=019085001234")

        assert ReadRecord.objects.filter(subject=f"person:{neighbour.pk}", action="lookup").count() == 1

    def test_shows_nobody_beyond_the_commune(self, world: World, clerk: Browser) -> None:
        elsewhere = world.agency(ANOTHER_COMMUNE).unit
        PersonFactory(full_name="Người Xã Khác", number="019085009999", lives_in=elsewhere)

        page = clerk.open(f"{ADDRESS}?number=019085009999")

        assert "Người Xã Khác" not in page.answer.content.decode()
        assert "Chưa có ai mang số này trong phần dữ liệu bạn được xem." in page.words
        assert not ReadRecord.objects.filter(action="lookup").exists()

    def test_knows_firms_by_tax_code(self, clerk: Browser) -> None:
        OrganizationFactory(tax_code="4600123456", name="Công ty Chè Tân Cương", address="Tổ 1")

        _address, data = clerk.open(f"{ADDRESS}?number=4600123456").form("Tiếp nhận hồ sơ")

        assert data["name"] == ["Công ty Chè Tân Cương"]

    @pytest.mark.parametrize("number", ["", "x", "0" * 5000, "٠١٩٠٨٥٠٠١٢٣٤", "'; --", "😀", "%00"[:0]])
    def test_nonsense_fills_in_nothing(self, clerk: Browser, number: str) -> None:
        assert clerk.open(f"{ADDRESS}?number={number}").status == 200

    def test_links_the_dossier_to_the_person_with_this_number_and_name(
        self, clerk: Browser, neighbour: Any, answers: dict[str, str]
    ) -> None:
        page = clerk.open(f"{ADDRESS}?number=019085001234")

        page.press("Tiếp nhận hồ sơ", **{**COMPLETE, "name": "đặng thị ỷ"}, **answers)

        assert Dossier.objects.get().person == neighbour

    def test_does_not_link_a_mistyped_number_to_a_stranger(
        self, clerk: Browser, neighbour: Any, answers: dict[str, str]
    ) -> None:
        clerk.open(ADDRESS).press("Tiếp nhận hồ sơ", **COMPLETE, **answers, number="019085001234")

        assert Dossier.objects.get().person is None


def test_the_form_costs_the_same_queries_however_many_papers(world: World, queries_of: Any) -> None:
    clerk = enter(world.officer(Role.RECEIVER, PROVINCE_DESK))

    # One of the nine asks for the communes among which the clerk chooses.
    assert (queries_of(clerk, ADDRESS), queries_of(clerk, f"/office/receive/{WORK_PERMIT}/")) == (9, 8)


def test_a_clerk_who_ended_yesterday_receives_nothing_today(world: World) -> None:
    clerk = world.officer(Role.RECEIVER)
    Mandate.objects.filter(user=clerk).update(valid_until=world.today)

    assert enter(clerk).open(ADDRESS).status == 404
    world.now = at("2026-11-15 09:00")
    assert enter(clerk).open(ADDRESS).status == 200
