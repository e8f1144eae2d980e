"""An existing list comes in: columns guessed, every row told, ambiguity reported, written whole or not at all."""

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.db import IntegrityError, transaction
from django.db.models import Q

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.people.models import Household, Person
from lienthong.poverty.list_columns import class_of
from lienthong.poverty.list_reading import read_day
from lienthong.poverty.models import HouseholdStanding, ListImport
from lienthong.poverty.queries.imports import ListImportUnknown
from lienthong.poverty.queries.ministry import COLUMNS, ministry_reviews, ministry_workbook
from lienthong.poverty.queries.standing import class_on
from lienthong.poverty.services import list_import as services
from lienthong.units.models import AdministrativeUnit
from lienthong.verification import store
from lienthong.verification.tables import TableRefused, read_table
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.people import HouseholdFactory, HouseholdMembershipFactory, PersonFactory
from tests.factories.poverty import CommuneReviewFactory, HouseholdReviewFactory, HouseholdStandingFactory
from tests.factories.poverty_results import RecognitionDecisionFactory
from tests.factories.poverty_standards import PREPARED_AT as NOW
from tests.factories.units import AgencyFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)
HEADS = ["Mã hộ", "Họ và tên chủ hộ", "Số CCCD", "Ngày sinh", "Giới tính", "Thôn", "Phân loại hộ"]
NUMBER = "019180000123"


class Commune:
    """A commune with an officer who takes lists in, and another who writes them."""

    def __init__(self) -> None:
        agency = AgencyFactory(committee=True)
        self.unit: AdministrativeUnit = agency.unit
        self.officer: User = UserFactory()
        self.second: User = UserFactory()
        for user in (self.officer, self.second):
            MandateFactory(user=user, role=Role.PROCESSOR, agency=agency)

    def begin(self, *rows: list[Any], heads: list[str] | None = None, **changes: Any) -> ListImport:
        return self.take(workbook([heads or HEADS, *rows]), **changes)

    def take(
        self, content: bytes, *, name: str = "hộ nghèo.xlsx", by: User | None = None, **changes: Any
    ) -> ListImport:
        arrived = store.take_in(io.BytesIO(content), name=name)
        facts: dict[str, Any] = {"unit_id": self.unit.pk, "valid_from": DAY} | changes
        command = services.BeginImport(file=arrived, file_name=name, **facts)
        return services.begin_import(command, acting_user=by or self.officer, now=NOW)

    def stage(self, *rows: list[Any], **changes: Any) -> ListImport:
        held = self.begin(*rows, **changes)
        return services.stage_import(held.pk, held.mapping, acting_user=self.officer, now=NOW)

    def commit(self, held: ListImport, *, leaves_out_refused: bool = False) -> ListImport:
        return services.commit_import(held.pk, leaves_out_refused=leaves_out_refused, acting_user=self.second, now=NOW)

    def household(self, name: str = "Ma Thị Lan", **person: Any) -> Household:
        head = PersonFactory(full_name=name, lives_in=self.unit, **person)
        household: Household = HouseholdFactory(unit=self.unit)
        HouseholdMembershipFactory(household=household, person=head)
        return household


@pytest.fixture
def commune() -> Commune:
    return Commune()


def workbook(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet("Danh sách")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            page.write(line, place, cell)
    book.close()
    return buffer.getvalue()


def row(
    code: str = "", name: str = "Ma Thị Lan", number: str = "", birth: str = "", *, class_: str = "Hộ nghèo"
) -> Any:
    return [code, name, number, birth, "Nữ", "Xóm 3", class_]


def told(held: ListImport) -> list[tuple[str, str]]:
    return [(one.outcome, one.reason) for one in held.rows.order_by("row_number")]


class TestColumns:
    def test_are_guessed_in_any_order_by_their_heads(self, commune: Commune) -> None:
        held = commune.begin(["Hộ nghèo", "Ma Thị Lan", "H1"], heads=["KẾT QUẢ PHÂN LOẠI", "Chủ hộ", "Mã hộ"])

        assert held.mapping == {
            "household_class": "KẾT QUẢ PHÂN LOẠI", "head_name": "Chủ hộ", "household_code": "Mã hộ",
        }  # fmt: skip

    def test_are_guessed_by_content_where_the_heads_say_nothing(self, commune: Commune) -> None:
        held = commune.begin(
            *[[f"01918000{n:04d}", "Nông Văn Ba", "Hộ cận nghèo"] for n in range(6)], heads=["A1", "B", "C"]
        )

        assert held.mapping == {"household_class": "C", "head_number": "A1", "head_name": "B"}

    def test_a_confirmed_choice_is_remembered_for_the_same_heads(self, commune: Commune) -> None:
        held = commune.begin(row())
        services.stage_import(
            held.pk, {"head_name": HEADS[1], "household_class": HEADS[6]}, acting_user=commune.officer, now=NOW
        )

        again = commune.begin(row(name="Nông Văn Ba"))
        assert again.mapping == {"head_name": HEADS[1], "household_class": HEADS[6]}
        assert again.reading["is_remembered"]

    def test_what_is_needed_and_not_told_is_named(self, commune: Commune) -> None:
        held = commune.begin(row())

        with pytest.raises(services.ColumnsUnclear, match="Phân loại hộ"):
            services.stage_import(held.pk, {"head_name": HEADS[1]}, acting_user=commune.officer, now=NOW)
        with pytest.raises(services.ColumnsUnclear, match="hai mục"):
            services.stage_import(
                held.pk, {"head_name": HEADS[1], "household_class": HEADS[1]}, acting_user=commune.officer, now=NOW
            )

    def test_marks_in_two_columns_tell_the_class(self, commune: Commune) -> None:
        names = ["Ma Thị Lan", "Nông Văn Ba", "Lý Văn Tư", "Hà Văn Năm"]
        marks = [("x", ""), ("", "X"), ("x", "x"), ("", "")]
        rows = [[f"H{n}", name, "Xóm 1", *mark] for n, (name, mark) in enumerate(zip(names, marks, strict=True))]

        held = commune.stage(*rows, heads=["Mã hộ", "Họ và tên chủ hộ", "Thôn", "Hộ nghèo", "Hộ cận nghèo"])

        assert [one.household_class for one in held.rows.order_by("row_number")] == ["poor", "near_poor", "", ""]
        assert [reason for _, reason in told(held)][2:] == [
            "đánh dấu cả hộ nghèo và hộ cận nghèo",
            "không ghi phân loại",
        ]


class TestRows:
    def test_a_known_code_a_number_and_a_name_with_birth_find_their_household(self, commune: Commune) -> None:
        by_code = commune.household("Ma Thị Lan")
        by_number = commune.household("Nông Văn Ba", number=NUMBER)
        by_birth = commune.household("Lý Văn Tư", birth_on=date(1961, 2, 3))

        held = commune.stage(
            row(by_code.code),
            row("", "Nông Văn Ba", NUMBER),
            row("", "LÝ VĂN TƯ", "", "03/02/1961", class_="Hộ cận nghèo"),
        )

        assert [(one.outcome, one.household) for one in held.rows.order_by("row_number")] == [
            ("matched", by_code), ("matched", by_number), ("matched", by_birth),
        ]  # fmt: skip

    def test_ambiguity_goes_to_the_report_and_is_never_guessed(self, commune: Commune) -> None:
        for _ in range(2):
            commune.household("Lý Văn Tư", birth_on=date(1961, 2, 3))
        commune.household("Hà Văn Năm")

        held = commune.stage(row("", "Lý Văn Tư", "", "1961"), row("", "Hà Văn Năm"))

        assert told(held) == [
            ("refused", "xã có 2 chủ hộ có thể là người này; cần số định danh để biết chắc"),
            (
                "refused",
                "xã có 1 chủ hộ cùng tên, tệp không đủ để biết có phải cùng người; cần ngày sinh hoặc số định danh",
            ),
        ]

    def test_a_code_and_a_number_that_mean_two_households_are_refused(self, commune: Commune) -> None:
        one, other = commune.household("Ma Thị Lan"), commune.household("Ma Thị Lan", number=NUMBER)

        held = commune.stage(row(one.code, "Ma Thị Lan", NUMBER))

        assert told(held) == [
            ("refused", f"mã hộ {one.code} và số định danh chỉ hai hộ khác nhau (hộ kia là {other.code})")
        ]

    def test_a_code_under_another_name_or_of_another_commune_is_refused(self, commune: Commune) -> None:
        own, elsewhere = commune.household("Ma Thị Lan"), Commune().household("Ma Thị Lan")

        held = commune.stage(row(own.code, "Trần Văn Sáu"), row(elsewhere.code))

        assert [outcome for outcome, _ in told(held)] == ["refused", "refused"]
        assert "không có ai tên như trong tệp" in told(held)[0][1]
        assert "xã, phường khác" in told(held)[1][1]

    def test_doubled_codes_are_reported_by_their_rows(self, commune: Commune) -> None:
        held = commune.stage(
            row("H1", "Ma Thị Lan"), row("H1", "Ma Thị Lan"), row("H2", "Nông Văn Ba"), row("H2", "Lý Văn Tư")
        )

        assert told(held) == [
            ("created", ""),
            ("refused", "trùng với dòng 2 (H1)"),
            ("refused", "H2 ghi khác nhau ở dòng 5; hãy xem dòng nào đúng"),
            ("refused", "H2 ghi khác nhau ở dòng 4; hãy xem dòng nào đúng"),
        ]

    def test_what_cannot_be_read_is_refused_with_what_to_do(self, commune: Commune) -> None:
        held = commune.stage(row(number="19180000123"), row(birth="31/02/1980"), row(class_="nghèo lắm"), row(name=""))

        reasons = [reason for _, reason in told(held)]
        assert "đang có 11. Kiểm tra số 0 ở đầu" in reasons[0]
        assert "Tháng 02/1980 chỉ có 29 ngày" in reasons[1]
        assert "không hiểu phân loại “nghèo lắm”" in reasons[2]
        assert "không ghi chủ hộ và mã hộ" in reasons[3]

    def test_a_household_recognised_by_decision_is_not_written_over(self, commune: Commune) -> None:
        household = commune.household()
        HouseholdStandingFactory(
            household=household, household_class="near_poor", valid_from=DAY, valid_until=None, source="Sổ cũ"
        )

        held = commune.stage(row(household.code), row("", "Nông Văn Ba"))

        assert told(held)[0][0] == "refused"
        assert "đúng ngày 01/01/2026" in told(held)[0][1]

    def test_the_whole_file_may_be_of_one_class(self, commune: Commune) -> None:
        held = commune.stage(["Ma Thị Lan"], ["Nông Văn Ba"], heads=["Họ tên chủ hộ"], class_of_all="near_poor")

        assert {one.household_class for one in held.rows.order_by("pk")} == {"near_poor"}


class TestWriting:
    def test_gives_each_household_its_class_from_the_day_with_the_file_as_source(self, commune: Commune) -> None:
        old = commune.household()
        HouseholdStandingFactory(
            household=old, household_class="near_poor", valid_from=date(2025, 1, 1), valid_until=None, source="Sổ cũ"
        )

        commune.commit(commune.stage(row(old.code), row("H9", "Nông Văn Ba", NUMBER, "12/03/1954")))

        assert [class_on(old.pk, day) for day in (date(2025, 12, 31), DAY)] == ["near_poor", "poor"]
        new = Household.objects.exclude(pk=old.pk).get()
        person = Person.objects.get(household_code=new.code)
        assert (person.full_name, person.personal_id_number, person.birth_on) == (
            "Nông Văn Ba",
            NUMBER,
            date(1954, 3, 12),
        )
        assert (new.unit, new.hamlet) == (commune.unit, "Xóm 3")
        assert HouseholdStanding.objects.get(household=new).source == "Danh sách nhập: hộ nghèo.xlsx"
        assert Event.objects.filter(name="ListImported").count() == 1

    def test_the_same_file_again_changes_nothing_and_says_so(self, commune: Commune) -> None:
        content = workbook([HEADS, row("H1"), row("", "Nông Văn Ba", NUMBER)])
        held = commune.take(content)
        commune.commit(services.stage_import(held.pk, held.mapping, acting_user=commune.officer, now=NOW))
        before = (Household.objects.count(), HouseholdStanding.objects.count())

        again = commune.take(content)
        services.stage_import(again.pk, again.mapping, acting_user=commune.officer, now=NOW)

        assert [outcome for outcome, _ in told(again)] == ["unchanged", "unchanged"]
        with pytest.raises(services.NothingToWrite):
            commune.commit(again)
        assert before == (Household.objects.count(), HouseholdStanding.objects.count())

    def test_refused_rows_are_left_out_only_when_somebody_says_so(self, commune: Commune) -> None:
        held = commune.stage(row(), row(name="Nông Văn Ba", class_=""))

        with pytest.raises(services.RowsRefused, match="1 dòng không nhận"):
            commune.commit(held)
        assert not HouseholdStanding.objects.exists()
        commune.commit(held, leaves_out_refused=True)
        assert HouseholdStanding.objects.count() == 1

    def test_all_is_written_or_nothing(self, commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
        held = commune.stage(row(), row(name="Nông Văn Ba"))
        calls: list[Any] = []
        original = services.people.form_household

        def fails_at_the_second(*args: Any, **kwargs: Any) -> Any:
            calls.append(args)
            if len(calls) == 2:
                raise services.people.PeopleRefusal("Không lập được hộ.")
            return original(*args, **kwargs)

        monkeypatch.setattr(services.people, "form_household", fails_at_the_second)
        with pytest.raises(services.people.PeopleRefusal):
            commune.commit(held)

        assert not Household.objects.exists()
        assert ListImport.objects.get().state == "staged"

    def test_a_register_that_changed_meanwhile_is_not_written_to(self, commune: Commune) -> None:
        held = commune.stage(row())
        commune.household("Ma Thị Lan")

        with pytest.raises(services.RegisterChanged):
            commune.commit(held)

    def test_takes_a_second_person(self, commune: Commune) -> None:
        held = commune.stage(row())

        with pytest.raises(services.LoadedByYou, match="người thứ hai của xã hoặc của tỉnh phải ghi nhận"):
            services.commit_import(held.pk, leaves_out_refused=False, acting_user=commune.officer, now=NOW)
        with pytest.raises(IntegrityError, match="list_import_four_eyes"), transaction.atomic():
            ListImport.objects.filter(pk=held.pk).update(
                state="committed", committed_by=commune.officer, committed_at=NOW
            )
        assert commune.commit(held).committed_by == commune.second

    def test_is_done_once(self, commune: Commune) -> None:
        held = commune.commit(commune.stage(row()))

        with pytest.raises(services.ImportMovedOn):
            commune.commit(held)
        with pytest.raises(services.ImportMovedOn):
            services.cancel_import(held.pk, acting_user=commune.officer, now=NOW)


class TestRefusals:
    def test_an_officer_of_another_commune_neither_begins_nor_finds_it(self, commune: Commune) -> None:
        held, stranger = commune.stage(row()), Commune().officer

        with pytest.raises(services.NotYourCommune):
            commune.take(workbook([HEADS, row()]), by=stranger)
        with pytest.raises(ListImportUnknown):
            services.commit_import(held.pk, leaves_out_refused=True, acting_user=stranger, now=NOW)

    @pytest.mark.parametrize("day", [date(2027, 1, 1), date(2019, 1, 1)])
    def test_the_day_has_come_and_the_commune_was_there(self, commune: Commune, day: date) -> None:
        with pytest.raises(services.ImportDayWrong):
            commune.begin(row(), valid_from=day)

    @pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"PK\x03\x04broken", b"   ", b"\x89PNG...."])
    def test_a_file_that_is_no_list_is_refused_in_words(self, commune: Commune, content: bytes) -> None:
        with pytest.raises(TableRefused, match=r"hộ nghèo\.xlsx"):
            commune.take(content)

    def test_more_rows_than_a_commune_has_households_are_refused(
        self, commune: Commune, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "MOST_ROWS", 2)

        with pytest.raises(services.TooManyRows, match="3 dòng"):
            commune.begin(row(), row(), row())

    def test_a_formula_without_value_is_told(self, commune: Commune) -> None:
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer)
        page = book.add_worksheet()
        for place, head in enumerate(["Chủ hộ", "Phân loại hộ"]):
            page.write(0, place, head)
        page.write(1, 0, "Ma Thị Lan")
        page.write_formula(1, 1, '="Hộ nghèo"', None, "")
        book.close()

        held = commune.take(buffer.getvalue())
        assert any("công thức chưa được tính" in notice for notice in held.reading["notices"])


class TestTheMinistry:
    ROWS: tuple[list[Any], ...] = (
        [
            "2023-11-07T03:12:00.000Z",
            "Ma Thị Lan",
            "0019",
            "",
            "Nữ",
            4,
            "Khảo sát tiếp",
            120,
            40,
            "Hộ nghèo",
            "Hà Văn Rà",
        ],
        ["7/11/2023", "Nông Văn Ba", "0019", "", "Nam", 4, "", 120, 10, "Hộ cận nghèo", ""],
        ["11/25/2023", "Lý Văn Tư", "0021", "", "Nam", 4, "", 180, 10, "Hộ không nghèo", ""],
        ["hôm qua", "Hà Văn Năm", "0022", "", "Nam", 4, "", "", "", "Hộ nghèo", "Hà Văn Rà"],
    )

    def test_its_export_is_read_with_its_known_defects(self, commune: Commune) -> None:
        held = commune.stage(*self.ROWS, heads=list(COLUMNS))
        rows = list(held.rows.order_by("row_number"))

        assert [one.outcome for one in rows] == ["refused", "refused", "created", "created"]
        assert "0019 ghi khác nhau ở dòng 3" in rows[0].reason
        assert [one.details.get("reviewed_on") for one in rows] == ["2023-11-07", "2023-11-07", "2023-11-25", None]
        assert rows[2].notes == ["không ghi người rà soát"]
        assert rows[3].notes == ["không đọc được ngày rà soát “hôm qua”"]
        assert rows[2].household_code == "0021"

    def test_what_goes_out_comes_in_with_the_same_classes(self, commune: Commune) -> None:
        review = CommuneReviewFactory(unit=commune.unit)
        decision = RecognitionDecisionFactory(commune_review=review)
        classes = ["poor", "near_poor", "average", "not_poor", "poor"]
        names = ["Ma Thị Lan", "Nông Văn Ba", "Lý Văn Tư", "Hà Văn Năm", "Dương Thị Sáu"]
        codes = {}
        for name, class_ in zip(names, classes, strict=True):
            one = HouseholdReviewFactory(
                commune_review=review, head_name=name, surveyed_class=class_, final_class=class_, decision=decision
            )
            codes[one.household.code] = class_
        content = ministry_workbook(ministry_reviews(review.round, seen=Q()))
        # As in another house, where nobody knows these codes.
        for household in Household.objects.filter(code__in=codes).order_by("pk"):
            Household.objects.filter(pk=household.pk).update(code=f"X{household.pk}")
        empty = Commune()

        held = empty.take(content, name="ra-soat.xlsx")  # no sheet of this commune: the only one
        services.stage_import(held.pk, held.mapping, acting_user=empty.officer, now=NOW)
        empty.commit(held)

        came = {one.household_code: class_on(one.household_id or 0, DAY) for one in held.rows.order_by("pk")}
        assert came == {code: {"average": "not_poor"}.get(class_, class_) for code, class_ in codes.items()}

    def test_each_commune_has_a_sheet_that_its_import_finds(self, commune: Commune, tmp_path: Any) -> None:
        review = CommuneReviewFactory(unit=commune.unit)
        other = CommuneReviewFactory(round=review.round)
        decided, there = (RecognitionDecisionFactory(commune_review=one) for one in (review, other))
        for number in range(3):
            HouseholdReviewFactory(
                commune_review=other, head_name=f"Lý Văn Tư {number}", final_class="poor", decision=there
            )
        HouseholdReviewFactory(commune_review=review, head_name="Ma Thị Lan", final_class="poor", decision=decided)
        HouseholdReviewFactory(commune_review=review, head_name="Chưa Quyết Định", surveyed_class="poor")
        (path := tmp_path / "x.xlsx").write_bytes(ministry_workbook(ministry_reviews(review.round, seen=Q())))

        assert read_table(path, sheet=commune.unit.code).frame.height == 1
        assert commune.take(path.read_bytes()).reading["rows"] == 1


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("HỘ NGHÈO", "poor"),
        ("Cận nghèo", "near_poor"),
        ("ho khong ngheo", "not_poor"),
        ("HCN", "near_poor"),
        ("giàu", None),
    ],
)
def test_classes_are_read_as_offices_write_them(text: str, class_: str | None) -> None:
    assert class_of(text) == class_


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-11-07T03:12:00.000Z", date(2023, 11, 7)), ("7/11/2023", date(2023, 11, 7)), ("45237", date(2023, 11, 7)),
        ("11/25/2023", date(2023, 11, 25)), ("13/13/2023", None), ("", None), ("nay", None),
    ],
)  # fmt: skip
def test_days_are_read_in_every_form_that_exports_hold(text: str, day: date | None) -> None:
    assert read_day(text) == day
