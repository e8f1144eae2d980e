"""The dossier that begins from a finding: in which procedure, with everything that is known filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from lienthong.assistance.assumptions import assume
from lienthong.assistance.merit_table import DIED, answers_of, procedure_of
from lienthong.assistance.models import Finding, MeritClaim
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.merit_months import claims_on, merit_on
from lienthong.assistance.services.asking_to_reinstate import asks_to_reinstate
from lienthong.assistance.services.death_offers import CHILD, INSTITUTION, REQUESTED, SURVIVOR
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import BECAUSE_OF_DEATH, Benefit, FindingKind, Programme
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.people import queries as people
from lienthong.people.models import Person
from lienthong.people.states import BirthPrecision
from lienthong.rules.merit.facts import Category, Relation
from lienthong.rules.merit.lines import LineKind
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.timing import month_of

SOCIAL_ASSISTANCE: Final = "1.001776"
SOCIAL_PENSION: Final = "1.014027"
FUNERAL_SUPPORT: Final = "1.001731"
PENSION_FUNERAL: Final = "1.014028"
WHOSE: Final = "person_number"
"""The question whose benefit a dossier is about, where a form names others too."""
GRANTED: Final = frozenset({FindingKind.NOT_RECEIVING})


class NoDossier(AssistanceRefusal):
    """No procedure begins from this finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """In which procedure somebody asks for what a finding says, and what of its form is known."""

    code: str
    answers: Mapping[str, str] = field(default_factory=dict)


def begins_with_dossier(row: Finding, on: date) -> bool:
    """Tell whether a dossier begins from a finding."""
    try:
        beginning_of(row, on)
    except NoDossier:
        return False
    return True


def beginning_of(row: Finding, on: date) -> Beginning:
    """Return in which procedure a finding is asked for, and the answers that its ground gives.

    Raises:
        NoDossier: Nothing is asked for, or no procedure is for it.
    """
    if row.kind not in GRANTED or asks_to_reinstate(row):
        raise NoDossier(_("Phát hiện này không bắt đầu bằng hồ sơ. Hãy lập đề xuất, hoặc bỏ qua và ghi lý do."))
    if row.benefit == Benefit.AT_DEATH:
        return Beginning(code=DIED, answers={"asks": "once"})
    if row.programme == Programme.MERIT:
        return _of_merit(row, on)
    if row.benefit == Benefit.FUNERAL:
        return _of_funeral(row)
    facts, _made = assume(history_of(row.person_id).facts_on(on))
    may_hold = {one.category for one in assess(facts, on=on, known_on=on).categories if one.holds is not False}
    is_pension = AssistanceCategory.SOCIAL_PENSION in may_hold and row.benefit == Benefit.PERSONAL
    return Beginning(code=SOCIAL_PENSION if is_pension else SOCIAL_ASSISTANCE, answers={"request": "grant"})


def _of_funeral(row: Finding) -> Beginning:
    """Ask by the law by which the finding was reckoned: of an institution, or of the social pension in the month of the death."""
    if row.ground in {CHILD, SURVIVOR}:
        return Beginning(code=FUNERAL_SUPPORT, answers={"circumstance": row.ground})
    if row.ground == REQUESTED:
        return Beginning(code=PENSION_FUNERAL, answers={"circumstance": REQUESTED})
    died_on, history = row.person.died_on, history_of(row.person_id)
    if died_on is not None and history.was_in_institution(died_on):
        return Beginning(code=FUNERAL_SUPPORT, answers={"circumstance": INSTITUTION})
    if died_on is not None and history.received_pension_in(month_of(died_on)):
        return Beginning(code=PENSION_FUNERAL, answers={"circumstance": "pension"})
    return Beginning(code=FUNERAL_SUPPORT, answers={"circumstance": "assistance"})


def _of_merit(row: Finding, on: date) -> Beginning:
    """Find the ground that brings the benefit, the procedure of that ground, and repeat what is recognised in its form."""
    history, kind = history_of(row.person_id), LineKind(row.benefit)
    claims = claims_on(history, on)
    bringing = [claims[line.claim] for line in merit_on(history, on, known_on=on).lines if line.kind is kind]
    for claim in bringing or claims:
        relation = Relation(claim.relation) if claim.relation else None
        found = procedure_of(Category(claim.category), relation, kind)
        if found is not None:
            code, case = found
            told = answers_of(case, claim.data) if case else {"asks": "survivor", "relation": claim.relation}
            return Beginning(code=code, answers=_answers(code, told))
    words = _named(claims)
    raise NoDossier(
        _("Không có thủ tục nào bắt đầu từ diện %(category)s. Hãy lập đề xuất cho hưởng.") % {"category": words}
    )


def _named(claims: list[MeritClaim]) -> str:
    return ", ".join(str(one.get_category_display()) for one in claims) or str(_("chưa ghi"))


def _answers(code: str, told: Mapping[str, str]) -> dict[str, str]:
    """Keep what the form asks."""
    asked = {one.name for one in handlers.for_procedure(code).questions()}
    return {name: value for name, value in told.items() if name in asked}


def request_of(row: Finding, beginning: Beginning, on: date) -> dossiers.Request:
    """Return the request of a draft, with who asks and everything that is known of it."""
    person = Person.objects.get(pk=row.person_id)
    if row.benefit in BECAUSE_OF_DEATH:
        return _request_of_funeral(row, person, beginning)
    home = people.residence_on(person, on)
    address = ", ".join(filter(None, [home.address, home.hamlet, home.unit.name])) if home else ""
    numbered = [one.name for one in handlers.for_procedure(beginning.code).questions() if one.kind == "personal_id"]
    whose = [name for name in numbered if name == WHOSE] or numbered[:1]
    known = {name: person.personal_id_number for name in whose if person.personal_id_number}
    return dossiers.Request(
        applicant=dossiers.Applicant(
            name=person.full_name, number=person.personal_id_number, phone=person.phone, email=person.email,
            address=address, person_id=person.pk,
        ),
        summary=_("Rà soát ngày %(day)s: %(kind)s.") % {
            "day": f"{row.found_on:%d/%m/%Y}", "kind": FindingKind(row.kind).label,
        },
        answers={**known, **beginning.answers},
        unit_id=row.unit_id,
    )  # fmt: skip


def _request_of_funeral(row: Finding, person: Person, beginning: Beginning) -> dossiers.Request:
    """Fill in what is known of the person who died; who arranged the funeral is for the desk to ask."""
    is_born_known = person.birth_on is not None and person.birth_precision == BirthPrecision.DAY
    answers: dict[str, Any] = {
        "deceased_name": person.full_name,
        "deceased_number": person.personal_id_number,
        "died_on": person.died_on.isoformat() if person.died_on else "",
        "deceased_birth": person.birth_on.isoformat() if person.birth_on and is_born_known else "",
        **beginning.answers,
    }
    answers = _answers(beginning.code, answers)
    words = _("Hỗ trợ chi phí mai táng: %(name)s, đang hưởng trợ cấp xã hội khi mất.")
    if row.benefit == Benefit.AT_DEATH:
        words = _("Trợ cấp khi người có công từ trần: %(name)s.")
    elif row.ground in {CHILD, SURVIVOR, REQUESTED}:
        words = _("Hỗ trợ chi phí mai táng: %(name)s.")
    summary = words % {"name": person.full_name}
    return dossiers.Request(
        applicant=dossiers.Applicant(name=""), summary=summary, answers=answers, unit_id=row.unit_id
    )
