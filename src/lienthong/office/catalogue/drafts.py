"""A draft and its parts, each on a page of its own."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.findings import Part, Severity
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.office.catalogue.access import keeps_catalogue
from lienthong.office.catalogue.forms import PART_FORMS
from lienthong.office.catalogue.opened import OpenDraft, open_draft, put_back
from lienthong.office.pages import office_page


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a draft in the list of its parts."""

    name: str
    title: str
    url: str
    words: str
    tone: str
    hint: str


@allowed(keeps_catalogue)
@reads
def draft(request: HouseRequest, version_id: int) -> HttpResponse:
    opened = open_draft(request, version_id)
    context = {
        "draft": opened,
        "parts": [_row(opened, part) for part in Part],
        "is_own": request.user.pk in opened.version.prepared_by,
    }
    return office_page(request, "office/catalogue/draft.html", context)


@allowed(keeps_catalogue)
@writes
def part(request: HouseRequest, version_id: int, part: str) -> HttpResponse:
    if part not in PART_FORMS:
        raise catalogue.NoSuchProcedure
    opened, form_class = open_draft(request, version_id), PART_FORMS[part]
    form = form_class(request.POST or None, initial=form_class.reading(opened.data))
    if form.is_valid():
        try:
            put_back(request, opened, form.put_into(opened.data))
        except services.DraftRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("Đã lưu phần “%(part)s”.") % {"part": Part(part).label})
            return redirect("office:catalogue_draft", version_id)
    context = {
        "draft": opened,
        "form": form,
        "title": Part(part).label,
        "findings": [] if form.errors else opened.findings_of(Part(part)),
        "revision": request.POST.get("revision", opened.version.revision),
    }
    return office_page(request, "office/catalogue/part.html", context, status=422 if form.errors else 200)


def _row(opened: OpenDraft, part: Part) -> PartRow:
    errors = opened.findings_of(part, Severity.ERROR)
    warnings = opened.findings_of(part, Severity.WARNING)
    if errors:
        words, tone = ngettext("%(n)s điểm phải sửa", "%(n)s điểm phải sửa", len(errors)) % {"n": len(errors)}, "late"
    elif warnings:
        words, tone = ngettext("%(n)s điểm nên xem", "%(n)s điểm nên xem", len(warnings)) % {"n": len(warnings)}, "soon"
    else:
        words, tone = _("đủ"), "done"
    name = "office:catalogue_part" if part.value in PART_FORMS else "office:catalogue_rows"
    url = reverse(name, args=[opened.version.pk, part.value])
    hint = " ".join(finding.in_its_part for finding in [*errors, *warnings][:2])
    return PartRow(part.value, str(part.label), url, words, tone, hint)
