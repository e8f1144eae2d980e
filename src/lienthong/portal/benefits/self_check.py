"""What would I be entitled to? A few questions over the rules; nothing that is typed is kept anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from lienthong.assistance.queries.sentences import NOT_FITTING, unnumbered
from lienthong.catalogue import queries as catalogue
from lienthong.infra.http import HouseRequest, public, writes
from lienthong.kernel.decisions import Outcome
from lienthong.kernel.money import Dong
from lienthong.portal.benefits import self_check_merit as merit
from lienthong.portal.benefits.self_check_forms import SelfCheckForm, known_names
from lienthong.portal.pages import portal_page
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.categories import AssistanceCategory, BenefitKind

ALLOWANCE: Final = "1.001776"
SOCIAL_PENSION: Final = "1.014027"
DISABILITY: Final = "1.001699"


@dataclass(frozen=True, slots=True)
class Request:
    """A procedure by which somebody asks for what they may be entitled to."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMerit:
    """What somebody with merit, or a relative, may be due: sums, what is asked next, what is open, why, and where to ask."""

    lines: list[merit.MeritTold]
    asked: list[str]
    missing: list[str]
    reasons: list[str]
    codes: list[str]


@public
@writes
def self_check(request: HouseRequest) -> HttpResponse:
    is_asked = request.method == "POST"
    also = request.POST.get("asked", "").split(",") if is_asked else []
    form = SelfCheckForm(request.POST if is_asked else None, today=request.today, also=also)
    context: dict[str, object] = {"form": form, "found": None, "merit": None}
    status = 200
    if is_asked and form.is_valid():
        try:
            answered = _answered(form, request)
        except (NoValueInForce, ValueError) as refusal:
            form.show(refusal)
        else:
            found, of_merit = answered
            wanted = known_names([*(one.fact for one in found.missing), *(of_merit.asked if of_merit else ())])
            more = [name for name in wanted if name not in form.names]
            if more:
                form = SelfCheckForm(request.POST, today=request.today, also=[*also, *more])
                form.is_valid()
            said = [unnumbered(one) for one in found.in_words]
            context |= {
                "form": form,
                "found": found,
                "merit": of_merit,
                "has_more": bool(more),
                "sentences": [one for one in said if not one.startswith(NOT_FITTING)],
                "others": [one for one in said if one.startswith(NOT_FITTING)],
                "requests": _requests(found, of_merit, request),
            }
    if form.errors:
        status = 422
    response = portal_page(request, "portal/benefits/self_check.html", context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _answered(form: SelfCheckForm, request: HouseRequest) -> tuple[Assessment, OfMerit | None]:
    """Assess both: what is paid for merit counts against social assistance, as another benefit does.

    Raises:
        NoValueInForce: The law of today is not recorded.
        ValueError: An answer that cannot be.
    """
    person = form.facts()
    facts = merit.merit_facts(form.merit_answers(), person)
    if facts is None:
        return assess(person, on=request.today, known_on=request.today), None
    found = merit.assessed(facts, on=request.today)
    other = max(person.other_benefit or Dong(0), found.monthly_amount)
    if found.monthly_amount:
        person = replace(person, other_benefit=other)
    of_merit = OfMerit(
        lines=merit.told_lines(found),
        asked=merit.asked_next(facts, found),
        missing=list(found.missing),
        reasons=[str(one) for one in found.reasons],
        codes=list(merit.procedures_for(facts, found)),
    )
    return assess(person, on=request.today, known_on=request.today), of_merit


def _requests(found: Assessment, of_merit: OfMerit | None, request: HouseRequest) -> list[Request]:
    """Name the procedures of what is granted or may be, those that are in force."""
    wanted = list(of_merit.codes) if of_merit else []
    possible = [one for one in found.categories if one.is_paid or (one.holds is None and found.missing)]
    for one in possible if found.outcome is not Outcome.REFUSED else ():
        wanted.append(SOCIAL_PENSION if one.category.kind is BenefitKind.SOCIAL_PENSION else ALLOWANCE)
        if one.category is AssistanceCategory.DISABILITY and one.holds is None:
            wanted.append(DISABILITY)
    names = catalogue.procedure_names(on=request.today)
    return [Request(code, names[code]) for code in dict.fromkeys(wanted) if code in names]
