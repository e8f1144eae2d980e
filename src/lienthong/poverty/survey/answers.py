"""What the answers of a visit mean: what is impossible in them, the facts that rules ask for, what the form computed.

An answer that is missing is unknown. Only what the form does not ask because it follows from another answer is filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from lienthong.kernel.days import BirthDate, format_day
from lienthong.poverty.survey.reading import Answers
from lienthong.rules.poverty.facts import (
    HOUSEHOLD_CHOICES,
    MEMBER_CHOICES,
    MEMBER_FLAGS,
    Device,
    HouseholdFacts,
    Job,
    MemberFacts,
    Work,
)
from lienthong.rules.poverty.points import PointsTable

Problem = tuple[str, str]  # path, sentence

EARLIEST_BIRTH: Final = date(1900, 1, 1)
EARLIEST_VISIT: Final = date(2016, 1, 1)
OLDEST: Final = 120
LARGEST_INCOME: Final = 1_000_000_000  # đồng a person a month; more is a slip of the finger
LARGEST_AREA_M2: Final = 1000
MOST_MEMBERS: Final = 50
ASKED_ABOUT_INTERNET_FROM_AGE: Final = 3
NOT_MEASURED: Final = "not_measured"
NO_DEVICE: Final = "none"
ASKED: Final = "asked_"

_WORKING: Final = frozenset({Work.EMPLOYED_CONTRACT, Work.EMPLOYED_NO_CONTRACT, Work.SELF_EMPLOYED})
_FLAGS: Final[Mapping[str, bool]] = {"yes": True, "no": False}
_NUMBERS: Final = ("size", "dependants", "pensioners", "a_points", "b_points", "deprivations")
_WORDS: Final = ("highest_qualification", "best_job", "result")
_AREA: Final = re.compile(r"\d{1,5}(\.\d)?")
_WHOLE: Final = re.compile(r"-?\d{1,9}")
_PERSONAL_ID: Final = re.compile(r"\d{12}")


def head_of(answers: Mapping[str, Any]) -> str:
    """Return the name of whom a form calls the head of the household; empty where it names none."""
    members = answers.get("members")
    for member in members if isinstance(members, list) else []:
        if member.get("relation") == "head":
            return str(member.get("full_name", ""))
    return ""


def problems_of(answers: Answers, *, form_id: str, on: date, points_table: PointsTable | None = None) -> list[Problem]:
    """Say everything that cannot be, so that a server refuses what a device let through.

    Args:
        answers: Of a submission.
        form_id: Of which form.
        on: The day it was received; no day of the form lies after it.
        points_table: For form B, the table whose questions it asks.

    Returns:
        Path of the answer and a sentence, in the order of the form; empty if all is possible.
    """
    checks = {"phieu-a": _of_screening, "phieu-b": _of_survey, "phieu-c": _of_sheet}
    check = checks.get(form_id)
    return list(check(answers, on)) + list(_of_asked(answers, points_table)) if check else []


def facts_from(answers: Answers, *, on: date) -> HouseholdFacts:
    """Read the facts of a household from the answers of form B.

    Thông tin hộ từ phiếu B.

    Args:
        answers: Of a submission in which ``problems_of`` found nothing; what cannot be read is unknown.
        on: The day of the visit, where the answers do not say it themselves.
    """
    visited_on = _day(answers.get("visited_on")) or on
    devices = answers.get("devices")
    return HouseholdFacts(
        members=tuple(_member(member, visited_on) for member in _members(answers)),
        housing_area_m2=_decimal(answers.get("housing_area_m2")),
        income_per_person=_whole(answers.get("income_per_person")),
        devices=None
        if devices is None
        else frozenset(Device(word) for word in devices.split() if word in list(Device)),
        asked={name.removeprefix(ASKED): value for name, value in answers.items() if name.startswith(ASKED)},
        **{name: _choice(answers.get(name), kind) for name, kind in HOUSEHOLD_CHOICES.items()},  # type: ignore[arg-type]
    )


def computed_from(answers: Answers) -> dict[str, int | str | list[int | None] | None]:
    """Collect what the form computed on the device: numbers, points per feature, deprivations, result, ages.

    A field that is empty, or holds what it cannot, is None.
    """
    found: dict[str, int | str | list[int | None] | None] = {
        "ages": [_whole(member.get("age")) for member in _members(answers)]
    }
    for name in _WORDS:
        found[name] = answers.get(name)
    for name in dict.fromkeys((*_NUMBERS, *(name for name in answers if name.startswith(("a_", "d_"))))):
        found[name] = _whole(answers.get(name))
    return found


def _of_screening(answers: Answers, on: date) -> Iterator[Problem]:
    yield from _of_visit(answers, on)
    yield from _unknown_choice(answers, "screened", ("survey", "out"), "kết quả sàng lọc")


def _of_sheet(answers: Answers, on: date) -> Iterator[Problem]:
    visited_on = _day(answers.get("visited_on")) or on
    yield from _of_visit(answers, on)
    yield from _of_roster(answers, visited_on)
    for path, member in _paths(answers):
        number = member.get("personal_id_number")
        if number is not None and not _PERSONAL_ID.fullmatch(number):
            yield f"{path}/personal_id_number", f"Số định danh “{number}” không đúng: phải có đủ 12 chữ số."


def _of_survey(answers: Answers, on: date) -> Iterator[Problem]:
    visited_on = _day(answers.get("visited_on")) or on
    yield from _of_visit(answers, on)
    yield from _of_roster(answers, visited_on)
    for path, member in _paths(answers):
        for name, kind in MEMBER_CHOICES.items():
            extra = (NOT_MEASURED,) if name == "nutrition" else ()
            yield from _unknown_choice(member, name, (*kind, *extra), "câu trả lời", path)
        for name in MEMBER_FLAGS:
            yield from _unknown_choice(member, name, tuple(_FLAGS), "câu trả lời", path)
    for name, kind in HOUSEHOLD_CHOICES.items():
        yield from _unknown_choice(answers, name, tuple(kind), "câu trả lời")
    yield from _of_housing_area(answers.get("housing_area_m2"))
    yield from _of_income(answers.get("income_per_person"))
    yield from _of_devices(answers.get("devices"))


def _of_visit(answers: Answers, on: date) -> Iterator[Problem]:
    if not answers.get("household"):
        yield "household", "Phiếu không ghi hộ nào. Hãy mở lại phiếu và chọn hộ trong danh sách được giao."
    yield from _of_day(answers.get("visited_on"), "visited_on", "Ngày đến hộ", EARLIEST_VISIT, on)


def _of_roster(answers: Answers, visited_on: date) -> Iterator[Problem]:
    members = _members(answers)
    if not members:
        yield "members", "Phiếu chưa ghi nhân khẩu nào. Hãy ghi ít nhất một người."
    if len(members) > MOST_MEMBERS:
        yield "members", f"Phiếu ghi {len(members)} nhân khẩu, nhiều hơn {MOST_MEMBERS}. Hãy kiểm tra lại danh sách."
    heads = sum(member.get("relation") == "head" for member in members)
    if members and heads != 1:
        yield "members", f"Phiếu ghi {heads} chủ hộ. Hãy sửa để hộ có đúng một chủ hộ."
    for path, member in _paths(answers):
        yield from _unknown_choice(member, "sex", ("male", "female"), "giới tính", path)
        yield from _of_day(member.get("birth_date"), f"{path}/birth_date", "Ngày sinh", EARLIEST_BIRTH, visited_on)
        yield from _of_number(member, "birth_year", path, "Năm sinh", (EARLIEST_BIRTH.year, visited_on.year))
        yield from _of_number(member, "age_stated", path, "Tuổi", (0, OLDEST))
        year, age = _whole(member.get("birth_year")), _whole(member.get("age_stated"))
        if year is not None and age is not None and age <= OLDEST and not 0 <= visited_on.year - year - age <= 1:
            yield f"{path}/age_stated", f"Tuổi {age} không khớp với năm sinh {year}. Hãy sửa tuổi hoặc năm sinh."
        if _age(member, visited_on) is None:
            yield f"{path}/age", "Không rõ tuổi của người này. Hãy ghi ngày sinh, hoặc năm sinh và tuổi tròn."


def _of_day(text: str | None, path: str, what: str, first: date, last: date) -> Iterator[Problem]:
    if text is None:
        return
    day = _day(text)
    if day is None:
        yield path, f"{what} “{text}” không có trong lịch. Hãy chọn lại ngày."
    elif not first <= day <= last:
        yield path, f"{what} {format_day(day)} phải từ {format_day(first)} đến {format_day(last)}. Hãy chọn lại ngày."


def _of_number(group: Answers, name: str, path: str, what: str, limits: tuple[int, int]) -> Iterator[Problem]:
    text, (least, most) = group.get(name), limits
    if text is None:
        return
    number = _whole(text)
    if number is None:
        yield f"{path}/{name}", f"{what} “{text}” không phải số nguyên. Hãy ghi lại bằng chữ số."
    elif not least <= number <= most:
        yield f"{path}/{name}", f"{what} {number} phải từ {least} đến {most}. Hãy ghi lại."


def _of_housing_area(text: str | None) -> Iterator[Problem]:
    if text is None:
        return
    area = _decimal(text)
    if area is None:
        yield "housing_area_m2", f"Diện tích “{text}” không phải số. Hãy ghi lại, ví dụ 45.5."
    elif not 0 < area <= LARGEST_AREA_M2 or not _AREA.fullmatch(text):
        yield (
            "housing_area_m2",
            f"Diện tích {text} m² không đúng: phải lớn hơn 0, không quá 1.000 m² và có tối đa một chữ số thập phân.",
        )


def _of_income(text: str | None) -> Iterator[Problem]:
    if text is None:
        return
    income = _whole(text)
    if income is None:
        yield "income_per_person", f"Thu nhập “{text}” không phải số nguyên. Hãy ghi số đồng, không có dấu chấm."
    elif not 0 <= income <= LARGEST_INCOME:
        yield "income_per_person", f"Thu nhập {income} đồng phải từ 0 đến 1.000.000.000 đồng. Hãy kiểm tra số chữ số 0."


def _of_devices(text: str | None) -> Iterator[Problem]:
    words = (text or "").split()
    unknown = [word for word in words if word not in (*Device, NO_DEVICE)]
    if unknown:
        yield "devices", f"Phiếu không có phương tiện nào tên “{', '.join(unknown)}”. Hãy chọn lại trong danh sách."
    if NO_DEVICE in words and len(words) > 1:
        yield "devices", "Đã chọn “Không có phương tiện nào” thì không chọn thêm thứ khác. Hãy bỏ bớt."


def _of_asked(answers: Answers, table: PointsTable | None) -> Iterator[Problem]:
    for feature in table.asked if table else ():
        levels = tuple(level.code for level in feature.levels)
        yield from _unknown_choice(answers, f"{ASKED}{feature.code}", levels, f"mức của “{feature.label}”")


def _unknown_choice(
    group: Answers, name: str, known: tuple[str, ...], what: str, path: str | None = None
) -> Iterator[Problem]:
    answer = group.get(name)
    if answer is not None and answer not in known:
        where = f"{path}/{name}" if path else name
        yield where, f"Phiếu không có {what} nào tên “{answer}”. Hãy chọn lại trong danh sách."


def _member(answers: Answers, visited_on: date) -> MemberFacts:
    age = _age(answers, visited_on)
    chosen: dict[str, Any] = {name: _choice(answers.get(name), kind) for name, kind in MEMBER_CHOICES.items()}
    flags: dict[str, Any] = {name: _FLAGS.get(answers.get(name, "")) for name in MEMBER_FLAGS}
    if chosen["job"] is None and chosen["work"] is not None and chosen["work"] not in _WORKING:
        chosen["job"] = Job.NONE
    if flags["uses_internet"] is None and age is not None and age < ASKED_ABOUT_INTERNET_FROM_AGE:
        flags["uses_internet"] = False
    return MemberFacts(age=age, sex=answers.get("sex"), **chosen, **flags)


def _age(member: Answers, visited_on: date) -> int | None:
    """Whole years on the day of the visit, by the date of birth or as the household said."""
    if born := _day(member.get("birth_date")):
        return BirthDate(born).age_on(visited_on).lowest if born <= visited_on else None
    age = _whole(member.get("age_stated"))
    return age if age is not None and 0 <= age <= OLDEST else None


def _members(answers: Answers) -> list[Answers]:
    members = answers.get("members")
    return members if isinstance(members, list) else []


def _paths(answers: Answers) -> Iterator[tuple[str, Answers]]:
    for position, member in enumerate(_members(answers), start=1):
        yield f"members[{position}]", member


def _choice(text: str | None, kind: type[StrEnum]) -> StrEnum | None:
    return kind(text) if text is not None and text in list(kind) else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def _whole(text: object) -> int | None:
    return int(text) if isinstance(text, str) and _WHOLE.fullmatch(text) else None


def _decimal(text: object) -> Decimal | None:
    try:
        number = Decimal(str(text)) if text is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
