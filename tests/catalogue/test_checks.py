"""A version in force has no error; every error says where and what to do."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.checks import check_version, unit_conflicts
from lienthong.catalogue.definition import FeeData, VersionData
from lienthong.catalogue.findings import Severity, errors_of
from lienthong.catalogue.states import ItemKind, StepKind, StepPlace, StepRole, VersionStatus
from lienthong.rules.deadline_text import read_allowance
from tests.factories.catalogue import ITEMS, STEPS, joint_version_data, version_data


def errors(version: VersionData) -> list[str]:
    return [str(finding) for finding in errors_of(check_version(version))]


def steps(*changes: tuple[int, dict[str, Any]]) -> VersionData:
    changed = dict(changes)
    return version_data(steps=tuple(replace(step, **changed.get(step.number, {})) for step in STEPS))


@pytest.mark.parametrize(
    "whole", [version_data(), joint_version_data()], ids=["one agency", "from commune to province"]
)
def test_finds_nothing_wrong_with_a_whole_version(whole: VersionData) -> None:
    assert check_version(whole) == ()


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (version_data(legal_basis=()), "Căn cứ pháp lý: Chưa có căn cứ pháp lý"),
        (version_data(items=()), "Thành phần hồ sơ: Chưa có thành phần hồ sơ nào"),
        (version_data(items=ITEMS[1:]), "liền nhau từ 1; đang là 2, 3"),
        (version_data(items=(replace(ITEMS[0], originals=0),)), "Giấy tờ 1: Nộp bản chính nhưng số bản chính là 0"),
        (version_data(items=(replace(ITEMS[0], kind=ItemKind.COPY),)), "Giấy tờ 1: Nộp bản sao nhưng số bản sao là 0"),
        (version_data(applicants=()), "Chưa nêu ai được làm"),
        (version_data(channels=()), "Chưa nêu nộp bằng cách nào"),
        (version_data(name=""), "Chưa có tên thủ tục"),
        (version_data(valid_until=date(2020, 1, 1)), "01/01/2020 phải sau ngày có hiệu lực 01/07/2021"),
        (version_data(steps=()), "Quy trình: Chưa có bước nào"),
        (steps((1, {"kind": StepKind.PROCESS})), "Bước 1: Bước đầu tiên phải là “tiếp nhận”; đang là “thụ lý”"),
        (steps((5, {"kind": StepKind.REVIEW})), "Bước 5: Bước cuối cùng phải là “trả kết quả”"),
        (steps((4, {"kind": StepKind.REVIEW})), "đúng một bước “phê duyệt”; đang có 0"),
        (steps((3, {"kind": StepKind.DECIDE})), "đúng một bước “phê duyệt”; đang có 2"),
        (steps((3, {"kind": StepKind.RETURN})), "Bước 3: Bước “trả kết quả” đứng giữa quy trình"),
        (steps((3, {"number": 7})), "liền nhau từ 1; đang là 1, 2, 7, 4, 5"),
        (steps((2, {"role": "wizard"})), "Bước 2: Không có vai trò “wizard”. Hãy chọn một trong: cán bộ tiếp nhận"),
        (steps((2, {"agency_level": ""})), "Bước 2: Chưa nêu cấp"),
        (version_data(allowance=(), allowance_text=""), "Thời hạn: Chưa có thời hạn giải quyết"),
        (version_data(fees=(FeeData(amount=-1, valid_from=date(2022, 1, 1)),)), "nhỏ hơn 0"),
    ],
)
def test_says_what_is_wrong_and_where(version: VersionData, sentence: str) -> None:
    assert any(sentence in error for error in errors(version)), errors(version)


def test_refuses_two_fees_for_the_same_thing_on_one_day_and_takes_them_one_after_the_other() -> None:
    old = FeeData(amount=400_000, valid_from=date(2020, 1, 1), valid_until=date(2023, 1, 1))
    new = FeeData(amount=600_000, valid_from=date(2023, 1, 1))
    assert errors(version_data(fees=(old, new))) == []
    assert "chồng nhau từ 01/01/2023" in errors(version_data(fees=(replace(old, valid_until=None), new)))[0]
    assert errors(version_data(fees=(replace(old, valid_until=None), replace(new, note="cấp lại")))) == []


@pytest.mark.parametrize(
    ("whole", "shared", "fits"),
    [
        ("5 working_day", ["3 working_day", "1 working_day", "1 working_day"], True),
        ("5 working_day", ["3 working_day", "4 working_hour", "4 working_hour", "1 working_day"], True),
        ("5 working_day", ["3 working_day", "3 working_hour", "1 working_day"], False),
        ("5 working_day", ["5 calendar_day"], False),
        ("5 working_day", ["6 working_day"], False),
        ("5 working_day + 12 calendar_day", ["5 working_day", "10 calendar_day", "2 calendar_day"], True),
        ("5 working_day + 12 calendar_day", ["10 calendar_day", "5 working_day", "2 calendar_day"], False),
        ("5 working_day + 7 working_day", ["6 working_day", "6 working_day"], False),
        ("1 month", ["1 month"], True),
        ("1 month", ["30 calendar_day"], False),
    ],
)
def test_the_times_of_the_steps_fill_the_parts_of_the_limit_exactly(whole: str, shared: list[str], fits: bool) -> None:
    middle = tuple(
        replace(STEPS[1], number=number, allowance=read_allowance(time)[0])
        for number, time in enumerate(shared, start=2)
    )
    decide = replace(STEPS[3], number=len(middle) + 2, allowance=None)
    last = replace(STEPS[4], number=len(middle) + 3)
    version = version_data(steps=(STEPS[0], *middle, decide, last), allowance=read_allowance(whole), allowance_text="")
    assert (errors(version) == []) is fits


def test_only_warns_where_the_time_is_not_shared_out_yet() -> None:
    version = version_data(steps=tuple(replace(step, allowance=None) for step in STEPS))
    assert [finding.severity for finding in check_version(version)] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("allowance", "text", "conflict"),
    [
        ("7 calendar_day", "07 ngày làm việc kể từ ngày nhận đủ hồ sơ", True),
        ("7 working_day", "07 ngày kể từ ngày nhận đủ hồ sơ", True),
        ("7 working_day", "07 ngày làm việc", False),
        ("5 working_day + 12 calendar_day", "xã 05 ngày làm việc, Sở 12 ngày", False),
        ("12 working_day", "xã 05 ngày làm việc, Sở 07 ngày làm việc", False),
        ("8 working_hour", "08 giờ làm việc", False),
        ("8 working_day", "08 giờ làm việc", True),
        ("1 month", "1 tháng", False),
        ("5 working_day", "", False),
    ],
)
def test_notices_a_unit_that_contradicts_its_wording(allowance: str, text: str, conflict: bool) -> None:
    assert bool(list(unit_conflicts(read_allowance(allowance), text))) is conflict


@pytest.mark.django_db
@pytest.mark.usefixtures("real_catalogue")
def test_every_real_procedure_in_force_is_without_error() -> None:
    wrong = {
        f"{procedure.code} {version.valid_from}": errors(version)
        for procedure in catalogue.procedures_as_data()
        for version in procedure.versions
        if version.status is VersionStatus.PUBLISHED and errors(version)
    }
    assert wrong == {}


def test_steps_name_only_roles_that_a_mandate_can_give() -> None:
    from lienthong.accounts.states import Role

    assert set(StepRole.values) <= set(Role.values)
    assert {place.value for place in StepPlace} == {"receiving", "competent"}
