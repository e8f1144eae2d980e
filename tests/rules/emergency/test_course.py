"""The way of a list from the village to whoever decides."""

from datetime import date

import pytest

from lienthong.kernel.decisions import Reason
from lienthong.rules.emergency.course import Course, course_reasons
from lienthong.rules.emergency.kinds import EmergencyKind, emergency_from_plain, names_of

ON = date(2026, 11, 16)


def tried(course: Course, kind: EmergencyKind = EmergencyKind.RICE, on: date = ON, **facts: object) -> list[Reason]:
    return list(course_reasons(course, emergency_from_plain(kind, facts), on=on))


def test_listed_met_and_decided_in_time() -> None:
    found = tried(Course(listed_on=date(2026, 11, 13), met_on=date(2026, 11, 14)))

    assert [one.text for one in found] == [
        "Trưởng thôn lập danh sách ngày 13/11/2026", "Thôn họp xét ngày 14/11/2026",
        "Quyết định trong 2 ngày từ ngày 14/11/2026",
    ]  # fmt: skip
    assert all(one.holds for one in found)


def test_a_late_decision_is_told_and_still_one() -> None:
    (*_, last) = tried(Course(met_on=date(2026, 11, 13)))

    assert last.text == "Quyết định trong 2 ngày từ ngày 13/11/2026, đến hết 15/11/2026; đã trễ 1 ngày"
    assert last.holds


def test_a_meeting_is_needed_unless_it_is_very_urgent() -> None:
    (missing,) = tried(Course())
    (urgent,) = tried(Course(urgent_reason="Lũ chia cắt xóm"))
    assert (missing.holds, urgent.holds) == (False, True)
    assert str(tried(Course(urgent_reason="Lũ"), on=date(2024, 9, 10))[0].reference) == "20/2021/NĐ-CP, Điều 17 khoản 2"


@pytest.mark.parametrize(
    ("kind", "facts", "needs_one"),
    [
        (EmergencyKind.RICE, {}, True),
        (EmergencyKind.HOUSE, {}, True),
        (EmergencyKind.INJURY, {"at_residence": True}, True),
        (EmergencyKind.INJURY, {"at_residence": False}, False),
        (EmergencyKind.DEATH, {}, False),
        (EmergencyKind.PROTECTION, {}, False),
    ],
)
def test_some_kinds_go_without_a_meeting(kind: EmergencyKind, facts: dict[str, object], needs_one: bool) -> None:
    assert [one.holds for one in tried(Course(), kind, **facts)] == ([False] if needs_one else [])


def test_a_meeting_before_the_list_cannot_be() -> None:
    with pytest.raises(ValueError, match="không thể trước ngày lập danh sách"):
        Course(listed_on=ON, met_on=date(2026, 11, 15))


def test_every_kind_names_its_facts() -> None:
    assert all("cause" in names_of(kind) for kind in EmergencyKind if kind is not EmergencyKind.PROTECTION)


def test_a_law_that_was_not_in_force_yet_is_not_asked() -> None:
    rice = emergency_from_plain(EmergencyKind.RICE, {})
    (now, then) = (
        course_reasons(Course(met_on=ON), rice, on=ON, known_on=day)[0].reference for day in (ON, date(2026, 10, 4))
    )
    assert "335/2026/NĐ-CP" in str(now)
    assert "20/2021/NĐ-CP" in str(then)
