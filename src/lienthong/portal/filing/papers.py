"""The papers of a draft: one page each, several files, seen, taken off and replaced before anything is sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.catalogue.states import ItemKind
from lienthong.dossiers import services
from lienthong.dossiers.checklist import Paper, checklist_of
from lienthong.dossiers.services import ChangeDraft, GivenItem
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, note_read
from lienthong.portal.filing.drafts import of_draft
from lienthong.portal.filing.parts import onward, redirect_keeping
from lienthong.portal.pages import portal_page
from lienthong.portal.papers import NoSuchPaper, PaperField, draft_file_address, file_links, serve, take_in

HOW_TO_HAND_IN = {
    ItemKind.ORIGINAL: gettext_lazy("Chụp hoặc quét bản chính, đủ các trang, đọc rõ từng chữ."),
    ItemKind.CERTIFIED_COPY: gettext_lazy("Chụp hoặc quét bản sao có chứng thực, thấy rõ dấu chứng thực."),
    ItemKind.COPY: gettext_lazy("Chụp hoặc quét bản sao, đọc rõ từng chữ."),
    ItemKind.E_FORM: gettext_lazy("Điền mẫu, ký tên, rồi chụp hoặc quét lại."),
}

_NOTHING_CHOSEN = gettext_lazy("Chưa có tệp nào cho giấy tờ này. Hãy chọn ít nhất một tệp, hoặc lưu và làm tiếp sau.")
_NOTHING_CHOSEN_AND_UNCLEAR = gettext_lazy(
    "Chưa rõ có cần giấy này không: chọn tệp của giấy, hoặc đánh dấu “Không thuộc trường hợp này”."
)
_GIVEN_AND_NOT_APPLICABLE = gettext_lazy(
    "Giấy này đã có tệp nên chưa ghi là không thuộc trường hợp này. Nếu nộp giấy, bấm “Tiếp tục”; nếu không, gỡ tệp rồi "
    "đánh dấu lại."
)


class PaperForm(forms.Form):
    """The files of one paper, or, where only some cases need it, that this is no such case."""

    papers = PaperField(label=gettext_lazy("Chọn tệp"))
    not_applicable = forms.AgreementField(label=gettext_lazy("Không thuộc trường hợp này"), required=False)


@of_draft()
def papers(request: HouseRequest, draft: Any) -> HttpResponse:
    checklist = checklist_of(draft)
    context = {
        "draft": draft,
        "lines": [_line(draft, paper) for paper in checklist],
        "missing": sum(paper.is_missing for paper in checklist),
        "unclear": sum(paper.is_unclear for paper in checklist),
    }
    return portal_page(request, "portal/filing/papers.html", context)


@of_draft()
def paper(request: HouseRequest, draft: Any, number: int) -> HttpResponse:
    here = _paper_of(draft, number)
    if "drop" in request.POST:
        return _drop(request, draft, number)
    posted = request.POST if request.method == "POST" else None
    form = PaperForm(posted, initial={"not_applicable": here.is_not_applicable})
    if request.method == "POST":
        for sentence in _take_in(request, draft, here):
            form.add_error("papers", sentence)
        here = _say_whether_it_applies(request, draft, _paper_of(draft, number))
        if here.depends_on_case and here.row.is_given and _says_not_applicable(request):
            form.add_error("papers", _GIVEN_AND_NOT_APPLICABLE)
        if not form.errors and not _may_go_on(request, here):
            form.add_error("papers", _NOTHING_CHOSEN_AND_UNCLEAR if here.is_unclear else _NOTHING_CHOSEN)
        if not form.errors:
            return _after(request, draft, number)
    form.fields["papers"].required = here.is_to_do
    if not here.depends_on_case or here.row.is_given:
        del form.fields["not_applicable"]
    context = {
        "form": form,
        "draft": draft,
        "paper": here,
        "replaced": _replaced(request, here),
        "how": HOW_TO_HAND_IN.get(ItemKind(here.asked.kind), "") if here.asked else "",
        "files": file_links(
            here.files, address=draft_file_address(draft.public_id), owner=draft.stream, request=request
        ),
    }
    return portal_page(request, "portal/filing/paper.html", context, status=422 if form.errors else 200)


@of_draft(also_barred=True)
def file(request: HouseRequest, draft: Any, token: str) -> HttpResponseBase:
    note_read(request, f"dossier:{draft.pk}", "file")
    return serve(request, token, owners=[draft.stream], back=reverse("portal:draft_papers", args=[draft.public_id]))


def _paper_of(draft: Any, number: int) -> Paper:
    for paper in checklist_of(draft):
        if paper.number == number and paper.is_handed_in:
            return paper
    raise NoSuchPaper


def _replaced(request: HouseRequest, paper: Paper) -> Any:
    return next((file for file in paper.files if str(file.pk) == request.GET.get("replace")), None)


def _take_in(request: HouseRequest, draft: Any, paper: Paper) -> tuple[str, ...]:
    """Keep the chosen files; the one that they replace goes. Returns a sentence for each file that was not kept."""
    came = take_in(
        request.FILES.getlist("papers"),
        there=paper.files,
        by=request.user.pk,
        now=request.received_at,
        label=paper.name,
    )
    if came.kept:
        items = [GivenItem(number=paper.number, files=tuple(file.pk for file in came.kept))]
        change = ChangeDraft(draft_id=draft.public_id, items=items)
        services.change_draft(change, acting_user=request.user, now=request.received_at)
        replaced = _replaced(request, paper)
        if replaced is not None:
            services.drop_draft_file(draft.public_id, replaced.pk, acting_user=request.user, now=request.received_at)
    return came.refusals


def _say_whether_it_applies(request: HouseRequest, draft: Any, paper: Paper) -> Paper:
    """Keep or take back that a paper does not apply, where that is asked and nothing was handed in."""
    says = _says_not_applicable(request)
    if not paper.depends_on_case or paper.row.is_given or says == paper.is_not_applicable:
        return paper
    change = ChangeDraft(draft_id=draft.public_id, items=[GivenItem(number=paper.number, is_not_applicable=says)])
    services.change_draft(change, acting_user=request.user, now=request.received_at)
    return _paper_of(draft, paper.number)


def _says_not_applicable(request: HouseRequest) -> bool:
    return bool(request.POST.get("not_applicable"))


def _may_go_on(request: HouseRequest, paper: Paper) -> bool:
    if "more" in request.POST or request.GET.get("replace"):
        return bool(request.FILES)
    return "leave" in request.POST or not paper.is_to_do


def _after(request: HouseRequest, draft: Any, number: int) -> HttpResponse:
    """Go on: to this page for more files, out, to the next paper to do something about, or back to the list."""
    if "more" in request.POST or request.GET.get("replace"):
        return redirect_keeping("portal:draft_paper", request, draft, number)
    if "leave" in request.POST or request.GET.get("back") == "check":
        return onward(request, draft)
    to_do = [paper.number for paper in checklist_of(draft) if paper.is_to_do]
    following = next((one for one in to_do if one > number), None)
    if following is not None:
        return redirect("portal:draft_paper", draft.public_id, following)
    return redirect("portal:draft_papers", draft.public_id) if to_do else onward(request, draft)


def _drop(request: HouseRequest, draft: Any, number: int) -> HttpResponse:
    try:
        file_id = UUID(request.POST["drop"])
    except ValueError as unreadable:
        raise NoSuchPaper from unreadable
    name = services.drop_draft_file(draft.public_id, file_id, acting_user=request.user, now=request.received_at)
    if name:
        messages.success(request, _("Đã gỡ tệp “%(name)s”.") % {"name": name})
    return redirect_keeping("portal:draft_paper", request, draft, number)


def _line(draft: Any, paper: Paper) -> dict[str, Any]:
    """Say of one paper how it stands and what to do."""
    address = reverse("portal:draft_paper", args=[draft.public_id, paper.number])
    condition = paper.asked.condition if paper.asked else ""
    hint = _("Chỉ cần khi: %(condition)s") % {"condition": condition} if condition else ""
    if paper.is_looked_up:
        return _told(paper, words=_("Không phải nộp"), tone="ended", hint=_("Cơ quan tự tra trong cơ sở dữ liệu"))
    if not paper.is_handed_in:
        return _told(
            paper, words=_("Mang theo khi được hẹn"), tone="ended", hint=hint or _("Chỉ xuất trình để đối chiếu")
        )
    if paper.row.is_given:
        words = _("Đã có %(n)s tệp") % {"n": len(paper.files)}
        return _told(paper, words=words, tone="done", hint=hint, url=address)
    if paper.is_not_applicable:
        return _told(paper, words=_("Không thuộc trường hợp này"), tone="ended", hint=hint, url=address)
    if paper.is_unclear:
        return _told(paper, words=_("Chưa rõ có cần không"), tone="open", hint=hint, url=address)
    if paper.is_demanded:
        return _told(paper, words=_("Chưa có"), tone="open", hint=hint, url=address)
    return _told(paper, words=_("Không bắt buộc"), tone="draft", hint=hint, url=address)


def _told(paper: Paper, *, words: str, tone: str, hint: str, url: str = "") -> dict[str, Any]:
    key = f"paper-{paper.number}"
    return {"name": paper.name, "key": key, "words": words, "tone": tone, "hint": hint, "url": url}
