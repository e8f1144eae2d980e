"""Reading a draft with other eyes: as citizens will see it, beside what holds now; then publishing, or throwing away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue import services
from lienthong.catalogue.comparison import differences
from lienthong.catalogue.states import VersionStatus
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.office.catalogue.access import keeps_catalogue
from lienthong.office.catalogue.forms import PublishForm
from lienthong.office.catalogue.marking import marked
from lienthong.office.catalogue.opened import OpenDraft, open_draft
from lienthong.office.pages import office_page


@allowed(keeps_catalogue)
@reads
def preview(request: HouseRequest, version_id: int) -> HttpResponse:
    opened = open_draft(request, version_id)
    context = {
        "view": catalogue.citizen_view(opened.version, on=opened.data.valid_from, now=request.received_at),
        "crumbs": [],
        "draft": opened,
        "is_preview": True,
        "is_today": True,
        "unreadable_day": "",
        "refusal": "",
        "versions": [],
        "replaces": catalogue.predecessors_of(opened.code),
        "replaced_by": [],
        "alike": [],
    }
    return office_page(request, "office/catalogue/preview.html", context)


@allowed(keeps_catalogue)
@reads
def changes(request: HouseRequest, version_id: int) -> HttpResponse:
    opened = open_draft(request, version_id)
    before = _before(opened)
    rows = differences(catalogue.data_of(before), opened.data) if before else ()
    context = {
        "draft": opened,
        "before": before,
        "is_own": request.user.pk in opened.version.prepared_by,
        "rows": [(row.part, *marked(row.before, row.after)) for row in rows],
    }
    return office_page(request, "office/catalogue/changes.html", context)


@allowed(keeps_catalogue)
@writes
def publish(request: HouseRequest, version_id: int) -> HttpResponse:
    opened = open_draft(request, version_id)
    form = PublishForm(request.POST or None, initial={"valid_from": opened.data.valid_from, "issuer": _issuer(opened)})
    if form.is_valid():
        seen = request.POST.get("revision", "")
        command = services.PublishVersion(
            version_id=version_id,
            revision=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
            **form.cleaned_data,
        )
        try:
            version = services.publish_version(command, actor_id=request.user.pk, now=request.received_at)
        except services.VersionsOverlap as refusal:
            form.show(refusal, field="valid_from")
        except (services.PublishingRefused, services.DraftRefused) as refusal:
            form.show(refusal)
        else:
            messages.success(
                request,
                _("Đã công bố phiên bản %(n)s, %(span)s.") % {"n": version.number, "span": version.span},
            )
            return redirect("office:catalogue_procedure", opened.code)
    before = _before(opened)
    context = {
        "draft": opened,
        "form": form,
        "is_own": request.user.pk in opened.version.prepared_by,
        "before": before,
        "changes": len(differences(catalogue.data_of(before), opened.data)) if before else 0,
        "revision": request.POST.get("revision", opened.version.revision),
    }
    return office_page(request, "office/catalogue/publish.html", context, status=422 if form.errors else 200)


@allowed(keeps_catalogue)
@writes
def discard(request: HouseRequest, version_id: int) -> HttpResponse:
    opened = open_draft(request, version_id)
    if request.method != "POST":
        return office_page(request, "office/catalogue/discard.html", {"draft": opened})
    try:
        services.discard_draft(version_id, actor_id=request.user.pk, now=request.received_at)
    except services.DraftRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã bỏ dự thảo phiên bản %(n)s.") % {"n": opened.version.number})
        if not catalogue.versions_of(opened.code, drafts=True):
            return redirect("office:catalogue")
    return redirect("office:catalogue_procedure", opened.code)


def _before(opened: OpenDraft) -> Any:
    """Return the published version that the draft would follow, with its parts; None for the first of a procedure."""
    for version in catalogue.versions_of(opened.code):
        if version.status == VersionStatus.PUBLISHED:
            return catalogue.get_version(version.pk)
    return None


def _issuer(opened: OpenDraft) -> str:
    versions = catalogue.versions_of(opened.code)
    return versions[0].decision_issuer if versions else ""
