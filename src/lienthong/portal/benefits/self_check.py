"""What would I be entitled to? A few questions over the rules; nothing that is typed is kept anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from lienthong.catalogue import queries as catalogue
from lienthong.infra.http import HouseRequest, public, writes
from lienthong.kernel.decisions import Outcome
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


@public
@writes
def self_check(request: HouseRequest) -> HttpResponse:
    is_asked = request.method == "POST"
    also = request.POST.get("asked", "").split(",") if is_asked else []
    form = SelfCheckForm(request.POST if is_asked else None, today=request.today, also=also)
    context: dict[str, object] = {"form": form, "found": None}
    status = 200
    if is_asked and form.is_valid():
        try:
            found = assess(form.facts(), on=request.today)
        except (NoValueInForce, ValueError) as refusal:
            form.show(refusal)
        else:
            more = [name for name in known_names(one.fact for one in found.missing) if name not in form.names]
            if more:
                form = SelfCheckForm(request.POST, today=request.today, also=[*also, *more])
                form.is_valid()
            context |= {
                "form": form,
                "found": found,
                "has_more": bool(more),
                "sentences": [sentence.partition(". ")[2] for sentence in found.in_words],
                "requests": _requests(found, request),
            }
    if form.errors:
        status = 422
    response = portal_page(request, "portal/benefits/self_check.html", context, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _requests(found: Assessment, request: HouseRequest) -> list[Request]:
    """Name the procedures of what is granted or may be, those that are in force."""
    if found.outcome is Outcome.REFUSED:
        return []
    possible = [one for one in found.categories if one.is_paid or (one.holds is None and found.missing)]
    wanted = []
    for one in possible:
        wanted.append(SOCIAL_PENSION if one.category.kind is BenefitKind.SOCIAL_PENSION else ALLOWANCE)
        if one.category is AssistanceCategory.DISABILITY and one.holds is None:
            wanted.append(DISABILITY)
    names = catalogue.procedure_names(on=request.today)
    return [Request(code, names[code]) for code in dict.fromkeys(wanted) if code in names]
