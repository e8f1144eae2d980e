"""Taking procedures in from files: a report of every row first, then the whole file or nothing."""

import re
from datetime import UTC, date, datetime

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.definition import ProcedureData
from lienthong.catalogue.files.yaml_file import write_yaml
from lienthong.catalogue.models import Procedure, ProcedureVersion, StagedImport
from lienthong.catalogue.services import ImportReport, Verdict
from lienthong.catalogue.states import FileFormat, VersionStatus
from lienthong.infra.models import Event
from lienthong.rules.deadlines import Allowance, Unit
from tests.factories.catalogue import FieldFactory, VersionFactory, procedure_data, version_data

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EDITOR = 21


@pytest.fixture(autouse=True)
def _field(db: None) -> None:
    FieldFactory()


def imported(*procedures: ProcedureData, content: bytes | None = None) -> ImportReport:
    return services.import_procedures(
        file_name="thu-tuc.yaml",
        content=write_yaml(procedures) if content is None else content,
        file_format=FileFormat.YAML,
        actor_id=EDITOR,
        now=NOW,
    )


def refused(*procedures: ProcedureData, content: bytes | None = None) -> ImportReport:
    with pytest.raises(services.ImportRefused) as refusal:
        imported(*procedures, content=content)
    return refusal.value.report


def words(report: ImportReport) -> str:
    return report.refusal + " ".join(str(finding) for row in report.rows for finding in row.findings)


def test_takes_new_procedures_in_as_drafts_that_their_importer_cannot_publish() -> None:
    report = imported(procedure_data(), procedure_data(code="2.000744"))
    assert [(row.code, row.verdict) for row in report.rows] == [
        ("1.001731", Verdict.ADDED),
        ("2.000744", Verdict.ADDED),
    ]
    drafts = ProcedureVersion.objects.order_by("procedure__code")
    assert [(one.status, one.prepared_by) for one in drafts] == [(VersionStatus.DRAFT, [EDITOR])] * 2
    assert catalogue.data_of(catalogue.get_version(drafts[0].pk)) == version_data()


def test_importing_the_same_again_changes_nothing() -> None:
    imported(procedure_data())
    before = Event.objects.count()
    report = imported(procedure_data())
    assert [row.verdict for row in report.rows] == [Verdict.SAME]
    assert Event.objects.count() == before


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_what_was_exported_changes_nothing_when_it_is_imported_again(file_format: FileFormat) -> None:
    VersionFactory(procedure__code="1.001731")
    VersionFactory(procedure__code="1.010805", joint=True)
    VersionFactory(procedure__code="1.010806", draft=True)
    content = catalogue.export_procedures(None, file_format=file_format, now=NOW, drafts=True)
    report = services.import_procedures(
        file_name="xuat", content=content, file_format=file_format, actor_id=EDITOR, now=NOW
    )
    assert {row.verdict for row in report.rows} == {Verdict.SAME}
    assert len(report.rows) == 3


def test_the_public_export_leaves_drafts_out() -> None:
    VersionFactory(procedure__code="1.001731")
    VersionFactory(procedure__code="1.010806", draft=True)
    content = catalogue.export_procedures(None, file_format=FileFormat.YAML, now=NOW)
    assert re.findall(rb"^code: '(.+)'", content, re.MULTILINE) == [b"1.001731"]


def test_changes_a_draft_and_says_what_will_change() -> None:
    imported(procedure_data())
    report = imported(procedure_data(version_data(name="Tên khác", sets=2)))
    assert (report.rows[0].verdict, words(report)) == (Verdict.CHANGED, "Sẽ đổi: tên, số bộ hồ sơ.")
    assert ProcedureVersion.objects.get().name == "Tên khác"


def test_refuses_to_change_what_was_published() -> None:
    VersionFactory(procedure__code="1.001731")
    report = refused(procedure_data(version_data(name="Tên khác")))
    assert report.rows[0].verdict is Verdict.REFUSED
    assert "đã công bố nên không sửa được; tệp ghi khác ở: tên" in words(report)


def test_adds_a_later_version_beside_the_published_one() -> None:
    VersionFactory(procedure__code="1.001731")
    ended = version_data(valid_until=date(2027, 1, 1))
    report = refused(procedure_data(ended, version_data(valid_from=date(2027, 1, 1))))
    assert [row.verdict for row in report.rows] == [Verdict.REFUSED, Verdict.ADDED]
    report = imported(procedure_data(version_data(valid_from=date(2027, 1, 1))))
    assert [row.verdict for row in report.rows] == [Verdict.ADDED]


def test_one_bad_row_keeps_the_whole_file_out() -> None:
    report = refused(procedure_data(), procedure_data(code="2.000744", field="magic"))
    assert [row.verdict for row in report.rows] == [Verdict.ADDED, Verdict.REFUSED]
    assert "Không có lĩnh vực “magic”. Hãy dùng một trong: social-protection" in words(report)
    assert not Procedure.objects.exists()
    assert not report.may_be_confirmed


def test_notices_a_unit_that_contradicts_its_wording() -> None:
    wrong = version_data(allowance=(Allowance(5, Unit.CALENDAR_DAY),), allowance_text="05 ngày làm việc")
    report = refused(procedure_data(wrong))
    assert "Phiên bản từ 01/07/2021: Đơn vị là “ngày” nhưng lời văn ghi “5 ngày làm việc”" in words(report)


@pytest.mark.parametrize(
    ("procedures", "sentence"),
    [
        ((procedure_data(), procedure_data()), "đã có ở trên trong cùng tệp"),
        ((procedure_data(version_data(), version_data(valid_from=date(2024, 1, 1))),), "chồng nhau"),
        ((procedure_data(predecessors=("7.7",)),), "Không có thủ tục mã 7.7 để thay thế"),
    ],
)
def test_reports_what_does_not_fit_together(procedures: tuple[ProcedureData, ...], sentence: str) -> None:
    staged = services.stage_import(
        file_name="a.yaml", content=write_yaml(procedures), file_format=FileFormat.YAML, actor_id=EDITOR, now=NOW
    )
    assert sentence in words(services.report_of(staged))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp rỗng"),
        (b"# only a comment\n", "không có thủ tục nào"),
        (b"x" * 10_000_001, "nặng quá 10 MB"),
        (b"- 1\n- 2\n", "cần nhiều mục"),
        (b"a: &a [*a]", "dấu neo"),
    ],
)
def test_refuses_a_file_as_a_whole_with_one_sentence(content: bytes, sentence: str) -> None:
    report = refused(content=content)
    assert sentence in words(report)
    assert not Procedure.objects.exists()


class TestStaging:
    def staged(self, *procedures: ProcedureData) -> StagedImport:
        return services.stage_import(
            file_name="thu-tuc.yaml",
            content=write_yaml(procedures),
            file_format=FileFormat.YAML,
            actor_id=EDITOR,
            now=NOW,
        )

    def test_takes_nothing_in_before_it_is_confirmed(self) -> None:
        staged = self.staged(procedure_data())
        report = services.report_of(staged)
        assert (report.may_be_confirmed, report.count(Verdict.ADDED)) == (True, 1)
        assert not Procedure.objects.exists()

    def test_takes_it_in_once_however_often_it_is_confirmed(self) -> None:
        staged = self.staged(procedure_data())
        first = services.confirm_import(staged.pk, actor_id=EDITOR, now=NOW)
        events = Event.objects.count()
        again = services.confirm_import(staged.pk, actor_id=EDITOR, now=NOW)
        assert (first.count(Verdict.ADDED), again.count(Verdict.SAME)) == (1, 1)
        assert (ProcedureVersion.objects.count(), Event.objects.count()) == (1, events)

    def test_only_who_uploaded_a_file_may_confirm_it(self) -> None:
        staged = self.staged(procedure_data())
        with pytest.raises(catalogue.NoSuchProcedure):
            services.confirm_import(staged.pk, actor_id=EDITOR + 1, now=NOW)

    def test_looks_again_at_what_changed_since_the_upload(self) -> None:
        staged = self.staged(procedure_data(version_data(name="Tên khác")))
        VersionFactory(procedure__code="1.001731")
        with pytest.raises(services.ImportRefused, match="1 dòng không nhận được"):
            services.confirm_import(staged.pk, actor_id=EDITOR, now=NOW)
        staged.refresh_from_db()
        assert staged.confirmed_at is None


def test_asks_a_number_of_queries_that_does_not_grow_while_reporting(django_assert_max_num_queries: object) -> None:
    versions = [procedure_data(code=f"3.{number:06d}") for number in range(30)]
    staged = TestStaging().staged(*versions)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(services.report_of(staged).rows) == 30


def test_the_report_of_a_refused_file_says_what_to_do() -> None:
    with pytest.raises(services.ImportRefused, match="Hãy sửa các dòng đó và tải lại"):
        imported(procedure_data(field="magic"))
