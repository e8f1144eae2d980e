"""Lines of the province and areas of hamlets: one prepares, another approves, what holds is ended and never edited."""

from datetime import date
from typing import Any

import pytest

from lienthong.poverty.models import AreaDesignation, ProvincialLine
from lienthong.poverty.queries.areas import area_of
from lienthong.poverty.queries.standards import provincial_lines_on
from lienthong.poverty.services import approvals, areas, lines
from lienthong.poverty.states import AreaKind, LineKind
from tests.factories.poverty_standards import PREPARED_AT as NOW
from tests.factories.units import AdministrativeUnitFactory
from tests.poverty.test_points_tables import Office, office

__all__ = ["office"]
TODAY = date(2026, 11, 16)


def line(**changes: Any) -> lines.PrepareLine:
    facts: dict[str, Any] = {
        "area": AreaKind.RURAL, "kind": LineKind.POOR, "amount": 1_700_000, "instrument": "Nghị quyết 15/NQ-HĐND",
        "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    return lines.PrepareLine(**facts | changes)


def test_a_line_holds_when_another_has_approved_it(office: Office) -> None:
    prepared = lines.prepare_line(line(), acting_user=office.officer, now=NOW)
    assert provincial_lines_on(TODAY) is None

    lines.approve_line(prepared.pk, acting_user=office.head, now=NOW)

    found = provincial_lines_on(TODAY)
    assert found is not None
    assert found.rural == 1_700_000


def test_a_line_at_or_below_the_national_one_is_refused_with_both_amounts(office: Office) -> None:
    with pytest.raises(lines.LineTooLow, match=r"1\.500\.000 ₫ không cao hơn .* 1\.500\.000 ₫"):
        lines.prepare_line(line(amount=1_500_000), acting_user=office.officer, now=NOW)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"instrument": " "}, lines.InstrumentMissing),
        ({"valid_until": date(2026, 1, 1)}, approvals.SpanWrong),
        ({"valid_from": date(2040, 1, 1)}, approvals.SpanWrong),
    ],
)
def test_a_line_names_its_resolution_and_its_days(
    office: Office, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        lines.prepare_line(line(**changes), acting_user=office.officer, now=NOW)


def test_two_lines_do_not_hold_on_one_day(office: Office) -> None:
    first = lines.prepare_line(line(), acting_user=office.officer, now=NOW)
    later = lines.prepare_line(line(amount=1_800_000, valid_from=date(2026, 7, 1)), acting_user=office.officer, now=NOW)
    lines.approve_line(first.pk, acting_user=office.head, now=NOW)

    with pytest.raises(lines.LineOverlaps, match="ghi ngày kết thúc cho mức ấy trước"):
        lines.approve_line(later.pk, acting_user=office.head, now=NOW)
    lines.end_line(first.pk, ends_on=date(2026, 7, 1), acting_user=office.head, now=NOW)
    lines.approve_line(later.pk, acting_user=office.head, now=NOW)

    amounts = [found.rural for day in (6, 7) if (found := provincial_lines_on(date(2026, day, 30)))]
    assert amounts == [1_700_000, 1_800_000]


def test_whoever_prepared_a_line_neither_approves_nor_ends_it(office: Office) -> None:
    prepared = lines.prepare_line(line(), acting_user=office.head, now=NOW)

    with pytest.raises(approvals.PreparedByApprover):
        lines.approve_line(prepared.pk, acting_user=office.head, now=NOW)
    with pytest.raises(approvals.PreparedByApprover):
        lines.end_line(prepared.pk, ends_on=date(2026, 7, 1), acting_user=office.head, now=NOW)
    lines.refuse_line(prepared.pk, reason="Nhập nhầm số", acting_user=office.head, now=NOW)
    assert ProvincialLine.objects.get().state == "refused"


def designate(unit: Any, hamlet: str = "Xóm 1", **changes: Any) -> areas.Designate:
    facts: dict[str, Any] = {
        "unit_id": unit.pk, "hamlet": hamlet, "area": AreaKind.URBAN, "instrument": "Công văn 12",
        "valid_from": date(2025, 7, 1),
    }  # fmt: skip
    return areas.Designate(**facts | changes)


def test_hamlets_are_designated_together_and_hold_when_approved(office: Office) -> None:
    unit = AdministrativeUnitFactory()
    rows = areas.prepare_designations([designate(unit), designate(unit, "Xóm 2")], acting_user=office.officer, now=NOW)
    assert area_of(unit, "Xóm 2", on=TODAY) == "rural"

    areas.approve_designations([row.pk for row in rows], acting_user=office.head, now=NOW)

    assert [area_of(unit, hamlet, on=TODAY) for hamlet in ("Xóm 1", "Xóm 2", "Xóm 3")] == ["urban", "urban", "rural"]


def test_every_problem_of_a_batch_is_told_at_once_and_nothing_is_written(office: Office) -> None:
    unit = AdministrativeUnitFactory()
    wrong = [
        designate(unit, where="Dòng 2", instrument=""),
        designate(unit, "Xóm 2", where="Dòng 3", valid_from=date(2019, 1, 1)),
        designate(unit, " xóm 1 ", where="Dòng 4"),
        designate(type("Nothing", (), {"pk": 0}), where="Dòng 5"),
    ]

    with pytest.raises(areas.DesignationsRefused) as refused:
        areas.prepare_designations(wrong, acting_user=office.officer, now=NOW)

    assert refused.value.problems == (
        "Dòng 2: Xóm 1 chưa ghi văn bản xếp khu vực.",
        f"Dòng 3: {unit.name} không tồn tại vào ngày 01/01/2019; hãy chọn đơn vị của ngày ấy.",
        "Dòng 4:  xóm 1  được nêu hai lần.",
        "Dòng 5: không có xã, phường này.",
    )
    assert not AreaDesignation.objects.exists()


def test_a_hamlet_is_not_designated_twice_for_a_day_however_it_is_written(office: Office) -> None:
    unit = AdministrativeUnitFactory()
    (first,) = areas.prepare_designations([designate(unit)], acting_user=office.officer, now=NOW)
    (again,) = areas.prepare_designations([designate(unit, "XÓM 1")], acting_user=office.officer, now=NOW)
    areas.approve_designations([first.pk], acting_user=office.head, now=NOW)

    with pytest.raises(areas.DesignationOverlaps):
        areas.approve_designations([again.pk], acting_user=office.head, now=NOW)
    areas.end_designation(first.pk, ends_on=date(2026, 1, 1), acting_user=office.head, now=NOW)
    assert area_of(unit, "Xóm 1", on=TODAY) == "rural"


def test_several_are_approved_together_or_not_at_all(office: Office) -> None:
    unit = AdministrativeUnitFactory()
    (own,) = areas.prepare_designations([designate(unit)], acting_user=office.head, now=NOW)
    (other,) = areas.prepare_designations([designate(unit, "Xóm 2")], acting_user=office.officer, now=NOW)

    with pytest.raises(approvals.PreparedByApprover):
        areas.approve_designations([other.pk, own.pk], acting_user=office.head, now=NOW)
    assert set(AreaDesignation.objects.values_list("state", flat=True)) == {"draft"}
