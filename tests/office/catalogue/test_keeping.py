"""An editor writes a draft part by part, somebody else publishes it, and the public reads it."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from lienthong.accounts.states import Role
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.files.yaml_file import write_yaml
from lienthong.catalogue.models import Procedure, ProcedureVersion, Withdrawal
from lienthong.catalogue.states import VersionStatus
from lienthong.kernel.days import local_day
from lienthong.rules.deadlines import Allowance, Unit
from tests.factories.accounts import officer, signed_in
from tests.factories.catalogue import FieldFactory, VersionFactory, procedure_data, version_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(officer(Role.CATALOGUE_EDITOR))


@pytest.fixture
def draft(editor: Client) -> ProcedureVersion:
    VersionFactory(procedure__code="1.001731")
    editor.post("/office/catalogue/procedures/1.001731/draft/")
    return ProcedureVersion.objects.get(status=VersionStatus.DRAFT)


def words(answer: Any) -> str:
    main = BeautifulSoup(answer.content, "html.parser").main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def filled(browser: Client, address: str, **changes: Any) -> dict[str, Any]:
    """Return the form of a page as a browser would send it, with some of it changed."""
    form = BeautifulSoup(browser.get(address).content, "html.parser").select_one("main form[method=post]")
    assert form is not None, address
    data: dict[str, Any] = {}
    for control in form.select("input, textarea, select"):
        name, kind = control.get("name"), control.get("type")
        if not name or name == "csrfmiddlewaretoken" or kind in {"submit", "file"}:
            continue
        if kind in {"radio", "checkbox"}:
            if control.has_attr("checked"):
                data.setdefault(str(name), []).append(control["value"])
        elif control.name == "select":
            chosen = control.select_one("option[selected]")
            data[str(name)] = chosen["value"] if chosen else ""
        else:
            data[str(name)] = (
                control.get("value", "") if control.name == "input" else control.get_text().removeprefix("\n")
            )
    return {**data, **changes}


def data_of(draft: ProcedureVersion) -> Any:
    return catalogue.data_of(catalogue.get_version(draft.pk))


class TestParts:
    @pytest.mark.parametrize("part", ["facts", "start-page", "time", "law"])
    def test_sending_a_part_back_unchanged_changes_nothing(
        self, editor: Client, draft: ProcedureVersion, part: str
    ) -> None:
        before, address = data_of(draft), f"/office/catalogue/drafts/{draft.pk}/{part}/"
        answer = editor.post(address, filled(editor, address))
        assert answer.status_code == 302
        assert data_of(draft) == before
        assert catalogue.get_version(draft.pk).revision == 1

    @pytest.mark.parametrize("part", ["items", "steps", "fees", "results"])
    def test_sending_a_row_back_unchanged_changes_nothing(
        self, editor: Client, draft: ProcedureVersion, part: str
    ) -> None:
        before = data_of(draft)
        for place in range(1, len(getattr(before, part)) + 1):
            address = f"/office/catalogue/drafts/{draft.pk}/rows/{part}/{place}/"
            assert editor.post(address, filled(editor, address)).status_code == 302
        assert data_of(draft) == before

    def test_changes_the_facts(self, editor: Client, draft: ProcedureVersion) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/facts/"
        changes = {
            "name": "Tên mới\nhai dòng",
            "applicants": ["citizen", "organization"],
            "sets": "2",
            "is_joint": "yes",
        }
        assert editor.post(address, filled(editor, address, **changes)).status_code == 302
        after = data_of(draft)
        assert (after.name, after.applicants, after.sets, after.is_joint) == (
            "Tên mới hai dòng",
            ("citizen", "organization"),
            2,
            True,
        )

    def test_reads_a_time_limit_in_words_and_says_what_it_cannot_read(
        self, editor: Client, draft: ProcedureVersion
    ) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/time/"
        assert editor.post(address, filled(editor, address, allowance="2 ngày làm việc + 12 ngày")).status_code == 302
        assert data_of(draft).allowance == (Allowance(2, Unit.WORKING_DAY), Allowance(12, Unit.CALENDAR_DAY))
        answer = editor.post(address, filled(editor, address, allowance="mười ngày"))
        assert answer.status_code == 422
        assert "Thời hạn “mười ngày” không đọc được" in words(answer)
        assert 'value="mười ngày"' in answer.content.decode()

    def test_refuses_an_end_before_the_beginning(self, editor: Client, draft: ProcedureVersion) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/facts/"
        start = data_of(draft).valid_from
        sent = filled(editor, address)
        end = {
            key.replace("valid_from", "valid_until"): value
            for key, value in sent.items()
            if key.startswith("valid_from")
        }
        answer = editor.post(address, {**sent, **end})
        assert "Ngày hết hiệu lực phải sau ngày có hiệu lực" in words(answer)
        assert data_of(draft).valid_from == start

    def test_tells_who_comes_second_that_the_draft_changed_and_keeps_what_they_typed(
        self, editor: Client, draft: ProcedureVersion
    ) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/start-page/"
        late = filled(editor, address, who="Câu của người đến sau.")
        editor.post(address, filled(editor, address, who="Câu của người đến trước."))
        answer = editor.post(address, late)
        assert answer.status_code == 422
        assert "vừa được người khác sửa" in words(answer)
        assert "Câu của người đến sau." in answer.content.decode()
        assert data_of(draft).who == "Câu của người đến trước."

    def test_a_form_left_open_while_the_draft_was_published_is_answered_with_a_sentence(
        self, editor: Client, draft: ProcedureVersion
    ) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/start-page/"
        late = filled(editor, address, who="Muộn rồi.")
        ProcedureVersion.objects.exclude(pk=draft.pk).update(valid_until=draft.valid_from)
        ProcedureVersion.objects.filter(pk=draft.pk).update(status=VersionStatus.PUBLISHED, published_by=0)
        answer = editor.post(address, late)
        assert answer.status_code == 422
        assert "đã được công bố nên không sửa được nữa" in words(answer)
        assert editor.get(address).status_code == 404

    @pytest.mark.parametrize("name", ["a\0b", "x" * 700, "\u202etrái", ""])
    def test_survives_strange_names(self, editor: Client, draft: ProcedureVersion, name: str) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/facts/"
        answer = editor.post(address, filled(editor, address, name=name))
        assert answer.status_code in {400, 422}
        assert data_of(draft).name == version_data().name

    def test_keeps_quotes_tags_and_emoji(self, editor: Client, draft: ProcedureVersion) -> None:
        odd = "Thủ tục “nháy” <b>đậm</b> & 'phẩy' 🙂"
        address = f"/office/catalogue/drafts/{draft.pk}/facts/"
        assert editor.post(address, filled(editor, address, name=odd)).status_code == 302
        assert data_of(draft).name == odd
        for page in ("", "preview/", "changes/"):
            shown = editor.get(f"/office/catalogue/drafts/{draft.pk}/{page}")
            assert "<b>đậm</b>" not in shown.content.decode()


class TestRows:
    def rows(self, draft: ProcedureVersion) -> list[tuple[int, str]]:
        return [(step.number, step.name) for step in data_of(draft).steps]

    def press(self, editor: Client, draft: ProcedureVersion, key: str) -> Any:
        address = f"/office/catalogue/drafts/{draft.pk}/rows/steps/"
        revision = catalogue.get_version(draft.pk).revision
        return editor.post(address, {"press": key, "revision": revision})

    def test_moves_a_step_and_numbers_them_anew(self, editor: Client, draft: ProcedureVersion) -> None:
        first, second, third = (name for _number, name in self.rows(draft)[:3])
        assert self.press(editor, draft, "up:3").status_code == 302
        assert self.rows(draft)[:3] == [(1, first), (2, third), (3, second)]
        self.press(editor, draft, "down:2")
        assert self.rows(draft)[:3] == [(1, first), (2, second), (3, third)]

    def test_removes_a_step(self, editor: Client, draft: ProcedureVersion) -> None:
        self.press(editor, draft, "remove:2")
        assert [number for number, _name in self.rows(draft)] == [1, 2, 3, 4]

    @pytest.mark.parametrize("key", ["", "up:1", "down:5", "up:0", "remove:77", "fly:2", "up:two", "up:99999999999"])
    def test_does_nothing_for_a_key_that_is_none(self, editor: Client, draft: ProcedureVersion, key: str) -> None:
        before = self.rows(draft)
        assert self.press(editor, draft, key).status_code == 302
        assert self.rows(draft) == before

    def test_adds_a_step_before_the_return_of_the_result(self, editor: Client, draft: ProcedureVersion) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/rows/steps/add/"
        sent = filled(editor, address, name="Lấy ý kiến", kind="consult", agency_level="province")
        assert editor.post(address, sent).status_code == 302
        assert [name for _number, name in self.rows(draft)][-2:] == ["Lấy ý kiến", "Trả kết quả"]

    def test_tells_what_is_wrong_with_the_process(self, editor: Client, draft: ProcedureVersion) -> None:
        self.press(editor, draft, "remove:4")
        told = words(editor.get(f"/office/catalogue/drafts/{draft.pk}/rows/steps/"))
        assert "đúng một bước “phê duyệt”; đang có 0" in told
        assert "không vừa với thời hạn" in told
        assert "Còn 2 điểm phải sửa" in words(editor.get(f"/office/catalogue/drafts/{draft.pk}/"))

    def test_adds_a_fee_from_the_first_day_of_the_version(self, editor: Client, draft: ProcedureVersion) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/rows/fees/add/"
        sent = filled(editor, address, amount="1.200.000 ₫", note="cấp mới")
        assert editor.post(address, sent).status_code == 302
        fee = data_of(draft).fees[-1]
        assert (fee.amount, fee.note, fee.valid_from) == (1_200_000, "cấp mới", data_of(draft).valid_from)


class TestPublishing:
    def publish(self, browser: Client, draft: ProcedureVersion, **changes: Any) -> Any:
        address = f"/office/catalogue/drafts/{draft.pk}/publish/"
        today = local_day(timezone.now())
        day = dict(zip(self.names(browser, address), [today.day, today.month, today.year], strict=True))
        sent = {"decision_number": "512/QĐ-UBND", "issuer": "Ủy ban nhân dân tỉnh", **day, **changes}
        return browser.post(address, filled(browser, address, **sent))

    def names(self, browser: Client, address: str) -> list[str]:
        return [name for name in filled(browser, address) if name.startswith("signed_on")]

    def test_somebody_else_publishes_and_the_public_reads_it_from_that_day(
        self, editor: Client, draft: ProcedureVersion
    ) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/start-page/"
        editor.post(address, filled(editor, address, who="Câu mới cho người dân."))
        colleague = signed_in(officer(Role.CATALOGUE_EDITOR))
        answer = self.publish(colleague, draft)
        assert answer.status_code == 302, words(answer)
        tomorrow = local_day(timezone.now()) + timedelta(days=1)
        assert "Câu mới cho người dân." in words(Client().get(f"/procedures/1.001731/?on={tomorrow}"))
        assert "Câu mới cho người dân." not in words(Client().get("/procedures/1.001731/"))
        assert "Công bố phiên bản 2 theo 512/QĐ-UBND" in words(colleague.get("/office/catalogue/procedures/1.001731/"))

    def test_who_prepared_it_finds_no_form(self, editor: Client, draft: ProcedureVersion) -> None:
        answer = editor.get(f"/office/catalogue/drafts/{draft.pk}/publish/")
        assert "không tự công bố được" in words(answer)
        assert "decision_number" not in answer.content.decode()

    def test_a_draft_with_errors_shows_them_instead_of_a_form(self, editor: Client, draft: ProcedureVersion) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/law/"
        editor.post(address, filled(editor, address, legal_basis=""))
        told = words(signed_in(officer(Role.CATALOGUE_EDITOR)).get(f"/office/catalogue/drafts/{draft.pk}/publish/"))
        assert "Chưa công bố được" in told
        assert "Chưa có căn cứ pháp lý" in told

    def test_says_beside_the_day_that_versions_would_overlap(self, draft: ProcedureVersion) -> None:
        colleague = signed_in(officer(Role.CATALOGUE_EDITOR))
        address = f"/office/catalogue/drafts/{draft.pk}/publish/"
        names = [name for name in filled(colleague, address) if name.startswith("valid_from")]
        signed = dict(zip(self.names(colleague, address), [1, 6, 2021], strict=True))
        start = dict(zip(names, [1, 7, 2021], strict=True))
        answer = self.publish(colleague, draft, **signed, **start)
        assert answer.status_code == 422
        assert "Hãy chọn ngày có hiệu lực sau ngày đó" in words(answer)

    def test_shows_word_by_word_what_changes(self, editor: Client, draft: ProcedureVersion) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/start-page/"
        editor.post(address, filled(editor, address, gives="Khoản hỗ trợ chi phí mai táng, trả hai lần."))
        page = BeautifulSoup(editor.get(f"/office/catalogue/drafts/{draft.pk}/changes/").content, "html.parser")
        assert [mark.get_text() for mark in page.select("mark")][-2:] == ["một", "hai"]

    def test_throws_a_draft_away_only_after_asking(self, editor: Client, draft: ProcedureVersion) -> None:
        address = f"/office/catalogue/drafts/{draft.pk}/discard/"
        assert "Bỏ dự thảo phiên bản 2?" in words(editor.get(address))
        assert ProcedureVersion.objects.filter(pk=draft.pk).exists()
        assert editor.post(address).status_code == 302
        assert not ProcedureVersion.objects.filter(pk=draft.pk).exists()

    def prepare_withdrawal(self, editor: Client, day: date, **changes: str) -> Any:
        address = "/office/catalogue/procedures/1.001731/withdraw/"
        names = [name for name in filled(editor, address) if name.startswith("from_on")]
        parts = dict(zip(names, [day.day, day.month, day.year], strict=True))
        words_of_it = {"decision_number": "600/QĐ-UBND", "reason": "Luật mới", "replaced_by": "", **changes}
        return editor.post(address, filled(editor, address, **parts, **words_of_it))

    def test_another_editor_confirms_a_withdrawal_and_the_public_is_shown_the_successor(self, editor: Client) -> None:
        VersionFactory(procedure__code="1.001731")
        VersionFactory(procedure__code="1.014027", says=version_data(name="Trợ cấp hưu trí xã hội"))
        page, today = "/office/catalogue/procedures/1.001731/", local_day(timezone.now())
        assert self.prepare_withdrawal(editor, today - timedelta(days=1)).status_code == 422
        assert self.prepare_withdrawal(editor, today, replaced_by="9.9").status_code == 422
        assert self.prepare_withdrawal(editor, today, replaced_by=" 1.014027 ,").status_code == 302
        confirm = f"/office/catalogue/withdrawals/{Withdrawal.objects.get().pk}/confirm/"
        assert "Hãy nhờ một cán bộ khác đọc lại" in words(editor.get(page))
        assert "không tự xác nhận được" in words(editor.post(confirm, follow=True))
        assert "Nộp trực tuyến" in words(Client().get("/procedures/1.001731/"))

        colleague = signed_in(officer(Role.CATALOGUE_EDITOR))
        assert "Chờ xác nhận bãi bỏ" in words(colleague.get(page))
        assert "Đã bãi bỏ thủ tục 1.001731" in words(colleague.post(confirm, follow=True))
        told = words(Client().get("/procedures/1.001731/"))
        assert f"hết hiệu lực từ {today:%d/%m/%Y} theo 600/QĐ-UBND" in told
        assert "Trợ cấp hưu trí xã hội" in told
        assert "Nộp trực tuyến" not in told

    def test_says_which_version_a_withdrawal_takes_back_and_discards_it_on_request(self, editor: Client) -> None:
        today = local_day(timezone.now())
        later = today + timedelta(days=30)
        first = VersionFactory(procedure__code="1.001731", valid_until=later)
        VersionFactory(procedure=first.procedure, number=2, says=version_data(valid_from=later))
        self.prepare_withdrawal(editor, today)
        page = words(editor.get("/office/catalogue/procedures/1.001731/"))
        assert f"Phiên bản 2, đã công bố từ {later:%d/%m/%Y}, sẽ không có hiệu lực nữa" in page
        discard = f"/office/catalogue/withdrawals/{Withdrawal.objects.get().pk}/discard/"
        assert "vẫn có hiệu lực như trước" in words(editor.post(discard, follow=True))
        assert not Withdrawal.objects.exists()


class TestFiles:
    def upload(self, editor: Client, name: str, content: bytes) -> Any:
        return editor.post("/office/catalogue/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)

    def test_reports_first_and_takes_in_when_confirmed(self, editor: Client) -> None:
        FieldFactory()
        answer = self.upload(editor, "thu-tuc.yaml", write_yaml([procedure_data()]))
        assert "Sẽ nhập 1 dự thảo" in words(answer)
        assert not Procedure.objects.exists()
        confirmed = editor.post(answer.redirect_chain[-1][0], follow=True)
        assert "Đã nhập: 1 dự thảo mới" in words(confirmed)
        assert ProcedureVersion.objects.get().status == VersionStatus.DRAFT
        assert "Tệp này đã được nhập" in words(editor.get(answer.redirect_chain[-1][0]))

    def test_reports_every_row_and_offers_no_button_where_one_is_refused(self, editor: Client) -> None:
        FieldFactory()
        content = write_yaml([procedure_data(), procedure_data(code="2.2", field="magic")])
        answer = self.upload(editor, "thu-tuc.yml", content)
        told = words(answer)
        assert "Chưa nhập được tệp này" in told
        assert "1 không nhận" in told
        assert "Không có lĩnh vực “magic”" in told
        assert "<form" not in str(BeautifulSoup(answer.content, "html.parser").main)

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("a.xlsx", b"not a workbook", "không phải tệp Excel"),
            ("a.yaml", b"a: &a [*a]", "dấu neo"),
            ("a.yaml", b"\xff\xfe\x00", "UTF-8"),
            ("a.pdf", b"%PDF-1.7", "XLSX, YAML"),
            ("a.yaml", b"", "rỗng"),
        ],
    )
    def test_tells_what_is_wrong_with_a_file(self, editor: Client, name: str, content: bytes, sentence: str) -> None:
        assert sentence in words(self.upload(editor, name, content))

    def test_says_that_no_file_was_chosen(self, editor: Client) -> None:
        answer = editor.post("/office/catalogue/import/", {})
        assert answer.status_code == 422
        assert "Chưa có tệp nào" in words(answer)

    def test_exports_drafts_to_editors_but_not_to_the_public(self, editor: Client, draft: ProcedureVersion) -> None:
        assert editor.get("/office/catalogue/export.yaml?code=1.001731").content.count(b"valid_from: 2") > Client().get(
            "/procedures/1.001731/file.yaml"
        ).content.count(b"valid_from: 2")


class TestOverview:
    def test_sums_up_and_filters(self, editor: Client, draft: ProcedureVersion) -> None:
        VersionFactory(procedure__code="5.5", says=version_data(name="Đã hết", valid_until=date(2022, 1, 1)))
        told = words(editor.get("/office/catalogue/"))
        assert "1 thủ tục đang có hiệu lực, 1 có dự thảo, 1 hết hiệu lực" in told
        ended = words(editor.get("/office/catalogue/?standing=ended"))
        assert "Đã hết" in ended
        assert "mai táng" not in ended
        assert "Không có thủ tục nào khớp" in words(editor.get("/office/catalogue/?q=zzz"))
        assert "mai táng" in words(editor.get("/office/catalogue/?q=MAI+TANG&field=social-protection&standing=draft"))

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x", "page=99999999", "standing=magic", "field=%27", "q=%F0%9F%99%82"]
    )
    def test_survives_strange_addresses(self, editor: Client, query: str) -> None:
        assert editor.get(f"/office/catalogue/?{query}").status_code == 200

    def test_asks_a_number_of_queries_that_does_not_grow(
        self, editor: Client, django_assert_max_num_queries: Any
    ) -> None:
        for count in (3, 30):
            VersionFactory.create_batch(count, draft=True)
            with django_assert_max_num_queries(26):
                assert editor.get("/office/catalogue/").status_code == 200

    def test_adds_a_procedure_and_refuses_a_code_that_is_taken(self, editor: Client) -> None:
        FieldFactory()
        sent = {"code": "1.555555", "name": "Thủ tục mới", "field": "social-protection", "receiving_level": "commune"}
        assert editor.post("/office/catalogue/add/", sent).status_code == 302
        again = editor.post("/office/catalogue/add/", sent)
        assert "đã có trong danh mục" in words(again)
        bad = editor.post("/office/catalogue/add/", {**sent, "code": "1/2 3"})
        assert "chỉ gồm chữ không dấu, số" in words(bad)
