"""Somebody who receives has moved: the commune of the new place pays from the next list on, or another province does.

Thay đổi nơi cư trú của người hưởng trợ cấp xã hội (1.001753); di chuyển hồ sơ người hưởng trợ cấp ưu đãi (1.010827).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.beneficiary import (
    PERSON,
    came_by_a_commune,
    day_in,
    person_in,
    received,
    wrong_with_day,
    wrong_with_person,
)
from lienthong.assistance.procedures.told import About, ToldHandler
from lienthong.assistance.services.changing import locked, move, stop
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.people.models import Person
from lienthong.rules.parameters import load_parameter
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units import queries as units

MOVED_ALLOWANCE: Final = "1.001753"
AWAY: Final = "away"
_WHERE_TO: Final = Question(
    "where_to",
    "Chuyển đến đâu",
    kind="choice",
    choices=(("here", "Xã khác trong tỉnh"), (AWAY, "Tỉnh, thành phố khác")),
)
_PAID_UNTIL: Final = Question(
    "paid_until", "Tỉnh này chi trả đến hết tháng của ngày", kind="day", is_required=False,
    hint="Khi chuyển sang tỉnh khác, theo phiếu di chuyển hồ sơ",
)  # fmt: skip


class MovedHandler(ToldHandler):
    """Lets the commune of the new place pay; of merit also ends what another province goes on paying."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    def questions(self) -> Sequence[Question]:
        """Ask whose benefits move, and of merit where to."""
        return (PERSON, _WHERE_TO, _PAID_UNTIL) if self.programme == Programme.MERIT else (PERSON,)

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name a number that nobody has, and a last month that is not told."""
        found = wrong_with_person(answers)
        if PERSON.name not in answers or self.programme != Programme.MERIT:
            return found
        if not answers.get(_WHERE_TO.name):
            found.append(f"Chưa trả lời: {_WHERE_TO.label}")
        if answers.get(_WHERE_TO.name) == AWAY and not answers.get(_PAID_UNTIL.name):
            found.append(f"Chưa trả lời: {_PAID_UNTIL.label}")
        return [*found, *wrong_with_day(answers, _PAID_UNTIL, on)]

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Say what there is to move."""
        rows = received(person_in(dossier), self.programme)
        if not rows:
            return Decision.unknown(missing=["khoản trợ cấp đang hưởng của người này"])
        law = self._law(on)
        reasons = [
            Reason(f"{str(row.get_benefit_display()).capitalize()}, đang chi trả tại {row.unit}", True, law)
            for row in rows
        ]
        last = self._last_month(dossier)
        if last is not None:
            reasons.append(Reason(f"Chi trả ở đây đến hết tháng {last:%m/%Y}, sau đó tỉnh nơi đến chi trả", True, law))
        return Decision.granted(0, reasons=reasons)

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell whose benefits move."""
        if PERSON.name not in dossier.answers:
            return ()
        kind = ProposalKind.STOP if dossier.answers.get(_WHERE_TO.name) == AWAY else ProposalKind.MOVE
        return [About(person_id=person_in(dossier), kind=kind, is_by_procedure=False)]

    def _law(self, on: date) -> LegalReference:
        if self.programme == Programme.MERIT:
            return LegalReference(document="131/2021/NĐ-CP", article="131")
        timing = load_parameter("social_assistance/timing:end").dated_value_on(on, known_on=on)
        return LegalReference(document=timing.reference.document)

    def _last_month(self, dossier: Dossier) -> date | None:
        if self.programme != Programme.MERIT or dossier.answers.get(_WHERE_TO.name) != AWAY:
            return None
        day = day_in(dossier.answers, _PAID_UNTIL.name)
        return month_of(day) if day else None

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Let the commune of the new place pay, or end what another province goes on paying.

        Raises:
            ProgrammeRefusal: There is nothing to move, or nowhere to move it to.
        """
        if PERSON.name not in dossier.answers:  # came without the form
            return
        person_id = person_in(dossier)
        rows = received(person_id, self.programme)
        last = self._last_month(dossier)
        try:
            if last is not None and rows:
                _leave(rows, last, dossier, acting_user=acting_user, now=now)
                return
            unit_id = self._new_place(dossier, person_id, local_day(now))
            moving = [row for row in rows if row.unit_id != unit_id]
            if unit_id is None or not moving:
                raise ProgrammeRefusal(self._nothing_to_move(rows))
            for row in moving:
                move(
                    locked(row.pk),
                    unit_id=unit_id,
                    reason=f"Hồ sơ {dossier.code}",
                    acting_user_id=acting_user.pk,
                    now=now,
                )
        except AssistanceRefusal as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal

    def _new_place(self, dossier: Dossier, person_id: int | None, on: date) -> int | None:
        """Return the commune of the dossier; of merit at a desk of the province, where the registers say the person lives."""
        if self.programme != Programme.MERIT or came_by_a_commune(dossier):
            return dossier.unit_id
        person = Person.objects.select_related("unit").filter(pk=person_id or 0).first()
        home = units.heir_on(person.unit, on) if person is not None else None
        return home.pk if home is not None else None

    def _nothing_to_move(self, rows: Sequence[Entitlement]) -> str:
        if self.programme == Programme.MERIT and rows:
            return (
                f"Chưa thể phê duyệt: theo dữ liệu dân cư, người này vẫn ở {rows[0].unit}, nơi đang chi trả. "
                "Hãy cập nhật nơi cư trú mới trước."
            )
        return "Chưa thể phê duyệt: không có khoản trợ cấp nào của người này để chuyển về xã này."


def _leave(rows: Sequence[Entitlement], last: date, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
    for row in rows:
        stop(
            locked(row.pk), last_month=last, reason=f"Di chuyển hồ sơ sang tỉnh khác (hồ sơ {dossier.code})",
            acting_user_id=acting_user.pk, now=now,
        )  # fmt: skip
