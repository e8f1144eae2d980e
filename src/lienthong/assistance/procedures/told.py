"""What a decided dossier says to the person, frozen with the decision like that of a proposal: in one place for every procedure."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import override

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.papers import SheetMonths
from lienthong.assistance.procedures.applicants import applicant_of
from lienthong.assistance.procedures.beneficiary import day_in
from lienthong.assistance.queries.decision_reasons import FactTold, Reasons, merit_grounds, reasons_in
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.services.decision_sheets import Decided, keep_sheet
from lienthong.assistance.states import LIVE_STATES, Programme, ProposalKind
from lienthong.dossiers.events import DossierApproved, DossierRefused
from lienthong.dossiers.handlers import ProcedureHandler, Question
from lienthong.dossiers.models import Dossier
from lienthong.infra.events import Fact
from lienthong.infra.questions import answer_words
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.decisions import Decision
from lienthong.people.models import Person
from lienthong.units import queries as units

_DECLARED: Final = "Nội dung kê khai trong hồ sơ"
_APPRAISED: Final = "Kết quả thẩm định trong hồ sơ"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom a decided dossier is about and what it came to, as the paper says it.

    Attributes:
        person_id: Whose benefit it is; None: somebody whom the registers do not know.
        kind: What was asked for.
        benefit: Which benefit that was, whatever the decision; empty: those that the approval touched.
        payee_id: Who is told instead of somebody who died or is missing; None: whoever asked.
        of_death: Whether it is about what a death brings.
        name: Of who died, where the registers do not know them.
        is_by_procedure: Whether the paper calls what was asked for by the name of the procedure.
        words: The result of an approval in one sentence; empty: by the benefits that it touched.
        sums: What is paid once.
        since: From when on an approval changes what is received.
        law: The day by whose law it was decided with what that day is, such as "ngày chết"; None: the day of the decision.
        history: What was known, by which the rules are asked anew; None: what was said before the decision stands.
    """

    person_id: int | None
    kind: ProposalKind
    benefit: str = ""
    payee_id: int | None = None
    of_death: bool = False
    name: str = ""
    is_by_procedure: bool = True
    words: str = ""
    sums: Sequence[SheetMonths] = ()
    since: date | None = None
    law: tuple[str, date] | None = None
    history: History | None = None


class ToldHandler(ProcedureHandler):
    """Every procedure of the programmes: whoever it is about is told what was decided, why, and on which facts.

    Thông báo kết quả xét trợ cấp. What a death brings is told to whoever is paid or asked; the dead cannot be addressed.
    """

    programme: Programme = Programme.SOCIAL

    @abstractmethod
    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Return what there is to tell, after it was carried out; nothing of a dossier that came without the form."""

    def decided(
        self, dossier: Dossier, fact: Fact, proposal: Decision[Any] | None, *, acting_user: User, now: datetime
    ) -> None:
        """Freeze what the person is told: the result with its reasons, of a refusal what the dossier itself told too."""
        if not isinstance(fact, DossierApproved | DossierRefused):
            return
        with override("vi"):
            for about in self.about(dossier, is_granted=isinstance(fact, DossierApproved), on=local_day(now)):
                if told := self._told(about, dossier, fact, proposal, local_day(now)):
                    keep_sheet(told, acting_user=acting_user, now=now)

    def _told(
        self, about: About, dossier: Dossier, fact: DossierApproved | DossierRefused, proposal: Decision[Any] | None,
        on: date,
    ) -> Decided | None:  # fmt: skip
        """Say what was decided, as its paper tells it; None where there is nobody to tell."""
        is_granted, told_id = isinstance(fact, DossierApproved), _addressee(about, dossier, on)
        rows = _rows(about, dossier, self.programme) if is_granted else []
        unit_id = dossier.unit_id or _place(rows, told_id, on)
        if told_id is None or unit_id is None:
            return None
        return Decided(
            kind=about.kind, is_granted=is_granted, person_id=told_id,
            about_id=about.person_id if about.person_id != told_id else None, unit_id=unit_id,
            programme=self.programme, benefit=about.benefit or (rows[0].benefit if len(rows) == 1 else ""),
            payload=_payload(about.since), words=about.words, history=about.history,
            told=None if about.history else self._reasons(about, dossier, proposal, on),
            number=fact.document_number, note=fact.note if isinstance(fact, DossierApproved) else fact.reason,
            prepared_by=_preparer(dossier), entitlement_ids=[one.pk for one in rows], dossier_code=dossier.code or "",
            asked=_asked(about, dossier), sums=about.sums, as_of=_as_of(about, on),
        )  # fmt: skip

    def _reasons(self, about: About, dossier: Dossier, proposal: Decision[Any] | None, on: date) -> Reasons:
        """Put together what the rules said, and what the form, the appraisal and the recognised grounds told."""
        facts = [*_answered(self.questions(), dossier.answers, _DECLARED)]
        facts += _answered(self.appraised(), dossier.appraisal, _APPRAISED)
        told = reasons_in(proposal)
        if self.programme != Programme.MERIT or about.of_death or about.person_id is None:
            return replace(told, facts=tuple(facts))
        categories, held = merit_grounds(history_of(about.person_id), on)
        return replace(told, categories=categories, facts=(*held, *facts))


def day_told(answers: Mapping[str, Any], name: str) -> date | None:
    """Return an answer that is a day; None where it is empty or is none."""
    with suppress(ValueError):
        return day_in(answers, name)
    return None


def _addressee(about: About, dossier: Dossier, on: date) -> int | None:
    """Return who is told: the person, or who is paid or asked where the person died or is missing."""
    if not about.of_death:
        person = Person.objects.filter(pk=about.person_id or 0).first()
        if person is None or person.died_on is None or person.died_on > on:
            return person.pk if person is not None else None
    return about.payee_id or applicant_of(dossier)


def _rows(about: About, dossier: Dossier, programme: str) -> list[Entitlement]:
    """Return the benefits that the approval touched: those that name the dossier, or everything that is received."""
    if about.of_death or about.kind == ProposalKind.EMERGENCY:
        return []
    mine = Q(person=about.person_id, programme=programme)
    named = mine & Q(dossier_code=dossier.code)
    which = {
        ProposalKind.GRANT: named,
        ProposalKind.STOP: mine & Q(ended_because__contains=f"hồ sơ {dossier.code}"),
        ProposalKind.MOVE: mine & Q(unit=dossier.unit_id, state__in=LIVE_STATES),
    }
    held = which.get(about.kind, named | mine & Q(state__in=LIVE_STATES))
    return list(Entitlement.objects.filter(held).order_by("pk"))


def _place(rows: Sequence[Entitlement], person_id: int | None, on: date) -> int | None:
    """Return the commune of a dossier that names none: the one that pays, or where whoever is told lives."""
    if rows:
        return rows[0].unit_id
    person = Person.objects.select_related("unit").filter(pk=person_id or 0).first()
    home = units.heir_on(person.unit, on) if person is not None and person.unit is not None else None
    return home.pk if home is not None else None


def _payload(since: date | None) -> dict[str, str]:
    month = since.replace(day=1).isoformat() if since else ""
    return {"from_month": month, "first_month": month} if month else {}


def _asked(about: About, dossier: Dossier) -> str:
    if not about.is_by_procedure:
        return ""
    name = about.name
    if not name and about.of_death and about.person_id:
        name = Person.objects.get(pk=about.person_id).full_name
    return f"{dossier.version.name}: {name}" if name else str(dossier.version.name)


def _as_of(about: About, on: date) -> str:
    if about.law is None:
        return ""
    what, day = about.law
    return f"Xét theo quy định áp dụng cho {what} {format_day(day)}, như đã có hiệu lực đến ngày quyết định {format_day(on)}."


def _preparer(dossier: Dossier) -> str:
    if not dossier.preparer_ids:
        return ""
    return str(User.objects.get(pk=dossier.preparer_ids[-1]).full_name)


def _answered(questions: Sequence[Question], told: Mapping[str, Any], source: str) -> Iterator[FactTold]:
    for one in questions:
        if str(told.get(one.name) or "").strip():
            words = answer_words(one.kind, told[one.name], choices=one.choices)
            yield FactTold(label=one.label, words=words, source=source)
