"""Whose benefit a dossier is about, who is paid, and which commune pays: what every procedure of a benefit asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from lienthong.assistance.models import Circumstance, Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal, applicant_of, person_of_number
from lienthong.assistance.queries.facts import History
from lienthong.assistance.states import GROUNDS_OF_PEOPLE, LIVE_STATES, PayeeGround, Programme
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day, parse_day
from lienthong.people.models import Person
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import AgencyLevel

PERSON: Final = Question(
    "person_number", "Số định danh của người hưởng", kind="personal_id",
    hint="Để trống nếu người nộp hồ sơ là người hưởng", is_required=False,
)  # fmt: skip
PAYEE: Final = Question(
    "payee_ground", "Người nộp hồ sơ nhận tiền với tư cách", kind="choice", is_required=False,
    choices=tuple((str(one.value), str(one.label).capitalize()) for one in GROUNDS_OF_PEOPLE),
    hint="Để trống nếu chính người hưởng nhận",
)  # fmt: skip
UNKNOWN_PERSON: Final = (
    "người hưởng trong dữ liệu dân cư (kiểm tra số định danh của người hưởng; người chưa có thì ghi nhận trước)"
)


def person_in(dossier: Dossier) -> int | None:
    """Return whose benefit a dossier is about: the person it names, or else who asks."""
    number = str(dossier.answers.get(PERSON.name) or "").strip()
    return person_of_number(number) if number else applicant_of(dossier)


def wrong_with_person(answers: Mapping[str, Any]) -> list[str]:
    """Name a number that nobody has."""
    number = str(answers.get(PERSON.name) or "").strip()
    if number and person_of_number(number) is None:
        return [f"Số định danh {number}: không có người này trong dữ liệu dân cư; kiểm tra lại số"]
    return []


def payee_in(dossier: Dossier, person_id: int) -> tuple[int | None, str]:
    """Return who receives the money, and why it is they."""
    ground = str(dossier.answers.get(PAYEE.name) or PayeeGround.SELF)
    return (person_id if ground == PayeeGround.SELF else applicant_of(dossier)), ground


def received(person_id: int | None, programme: str) -> list[Entitlement]:
    """Return what a person receives of a programme, suspended or not, with who pays it."""
    if person_id is None:
        return []
    rows = Entitlement.objects.filter(person_id=person_id, programme=programme, state__in=LIVE_STATES)
    return list(rows.select_related("unit").order_by("pk"))


def received_on(dossier: Dossier, on: date) -> date:
    """Return the day on which the dossier was received, never after ``on``."""
    at = dossier.received_at or dossier.submitted_at
    return min(local_day(at), on) if at else on


def day_in(answers: Mapping[str, Any], name: str) -> date | None:
    """Return an answer that is a day; None where it is empty.

    Raises:
        ValueError: It is no day.
    """
    text = str(answers.get(name) or "").strip()
    return parse_day(text) if text else None


def wrong_with_day(answers: Mapping[str, Any], question: Question, on: date) -> list[str]:
    """Say what is wrong with an answer that must be a day up to today."""
    try:
        day = day_in(answers, question.name)
    except ValueError as error:
        return [f"{question.label}: {error}"]
    if day is None:
        return [f"Chưa trả lời: {question.label}"] if question.is_required else []
    return [f"{question.label} không thể sau hôm nay; kiểm tra lại"] if day > on else []


def with_answers(history: History, told: Mapping[str, Any], since: date) -> History:
    """Return the history as it would be with the answers: they follow what was told before and yield to registers."""
    answers = [
        Circumstance(name=name, value=value, valid_from=since, evidence="Nội dung kê khai trong hồ sơ")
        for name, value in told.items()
    ]
    history.circumstances = [*(row for row in history.circumstances if row.name not in told), *answers]
    return history


def commune_of(dossier: Dossier, person_id: int, on: date, *, programme: str) -> int:
    """Return which commune pays, and refuse a dossier of one commune about somebody of another one.

    What the province decides may come in at any desk: at one that is no commune's it is about whoever it names, wherever
    they live.

    Raises:
        ProgrammeRefusal: Another commune pays the person, or they receive nothing and live in another one, or no place is known.
    """
    paying = [row.unit for row in received(person_id, programme)]
    home = None if paying else units.heir_on(Person.objects.select_related("unit").get(pk=person_id).unit, on)
    if programme == Programme.MERIT and not came_by_a_commune(dossier):
        place = units.heir_on(paying[0], on) if paying else home
        if place is not None:
            return int(place.pk)
        raise ProgrammeRefusal("Chưa biết người hưởng cư trú ở xã nào. Hãy ghi nơi cư trú trước khi phê duyệt.")
    if dossier.unit_id is None:
        raise ProgrammeRefusal("Hồ sơ chưa ghi xã nơi người hưởng cư trú. Hãy bổ sung trước khi phê duyệt.")
    elsewhere = next((unit for unit in paying if not _is_of(dossier, unit, on)), None)
    if elsewhere is not None:
        raise ProgrammeRefusal(
            f"Chưa thể phê duyệt: {elsewhere} đang chi trả cho người này. Hãy gửi hồ sơ về {elsewhere}, hoặc làm thủ tục "
            "thay đổi nơi cư trú trước."
        )
    if home is not None and not _is_of(dossier, home, on):
        raise ProgrammeRefusal(
            f"Chưa thể phê duyệt: người này ở {home}. Hãy gửi hồ sơ về {home}, hoặc cập nhật nơi cư trú trước."
        )
    return int(dossier.unit_id)


def came_by_a_commune(dossier: Dossier) -> bool:
    """Tell whether a commune's desk received the dossier, so that its commune answers for whom it names."""
    return dossier.receiving_agency is not None and dossier.receiving_agency.level == AgencyLevel.COMMUNE


def _is_of(dossier: Dossier, unit: AdministrativeUnit, on: date) -> bool:
    heir = units.heir_on(unit, on)
    return dossier.unit_id in {unit.pk, heir.pk if heir else None}
