"""The page of a case: ours and theirs side by side, why the verdict is what it is, and what can be decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.queries import happenings_of
from lienthong.infra.http import HouseRequest, allowed, local_address, not_found, note_read, reads, writes
from lienthong.office.pages import office_page
from lienthong.office.verification import case_forms as forms
from lienthong.office.verification.case_rows import (
    KIND_TONES,
    STATE_TONES,
    address_of,
    age_words,
    asked_in,
    change_words,
)
from lienthong.verification import policies
from lienthong.verification.linkage.vocabulary import Field, FieldVerdict, Status
from lienthong.verification.queries import cases
from lienthong.verification.services import cases as verbs
from lienthong.verification.sides import accepted_changes, side_by_side, touches_number
from lienthong.verification.states import (
    ALERTS_PAYMENT,
    CASE_MOVES,
    FIELD_VERDICT_WORDS,
    FIELD_WORDS,
    STATUS_WORDS,
    CaseAction,
    CaseEffect,
    CaseState,
    CloseReason,
    Looked,
)

VERDICT_TONES = {
    FieldVerdict.EQUAL: "done", FieldVerdict.EQUAL_NORMALISED: "done", FieldVerdict.SIMILAR: "soon",
    FieldVerdict.DIFFERENT: "late", FieldVerdict.MISSING_HERE: "draft", FieldVerdict.MISSING_THERE: "draft",
}  # fmt: skip
# A weight of so many bits fills the bar.
WIDEST_BITS, BAR = 20.0, 60


@dataclass(frozen=True, slots=True)
class ActScreen:
    """One action on a case: its words, the sentence that says what happens, its form and the one call."""

    action: CaseAction
    words: str | Promise
    what_happens: str | Promise
    call: Callable[[Any, Any, datetime], Any]
    form: type[forms.CaseForm] = forms.CaseForm
    key: str = ""
    at_once: bool = False
    tone: str = "secondary"


def _who(user: Any, now: datetime) -> dict[str, Any]:
    return {"acting_user": user, "now": now}


SCREENS: dict[str, ActScreen] = {
    "accept": ActScreen(
        CaseAction.DECIDE, gettext_lazy("Chấp nhận dữ liệu dân cư"),
        gettext_lazy("Sổ lấy theo dữ liệu dân cư. Nếu đổi số định danh thì người thứ hai quyết định."),
        lambda form, user, now: verbs.accept(form.target(), **_who(user, now)), key="a", at_once=True, tone="primary",
    ),
    "approve": ActScreen(
        CaseAction.APPROVE, gettext_lazy("Đồng ý đề xuất"), gettext_lazy("Sổ được sửa theo đề xuất."),
        lambda form, user, now: verbs.approve(form.target(), **_who(user, now)), key="a", at_once=True, tone="primary",
    ),
    "death": ActScreen(
        CaseAction.DECIDE, gettext_lazy("Xác nhận đã mất"),
        gettext_lazy("Nơi chi trả được cảnh báo ngay sau khi bạn xác nhận. Việc này không hoàn tác được."),
        lambda form, user, now: verbs.confirm_death(
            form.target(), looked=Looked(form.cleaned_data["looked"]), note=form.cleaned_data["note"], **_who(user, now)
        ),
        form=forms.DeathForm, key="a", tone="warning",
    ),
    "double": ActScreen(
        CaseAction.DECIDE, gettext_lazy("Chọn bản ghi giữ lại"),
        gettext_lazy("Nơi chi trả được cảnh báo về bản ghi không giữ. Việc này không hoàn tác được."),
        lambda form, user, now: verbs.settle_double(
            form.target(), twin_id=int(form.cleaned_data["twin"]), keep_this=form.cleaned_data["keep"] == "this",
            note=form.cleaned_data["note"], **_who(user, now),
        ),
        form=forms.DoubleForm, key="a", tone="warning",
    ),
    "correct": ActScreen(
        CaseAction.DECIDE, gettext_lazy("Sửa dữ liệu của ta"),
        gettext_lazy("Ghi đúng như giấy tờ. Nếu đổi số định danh thì người thứ hai quyết định."),
        lambda form, user, now: verbs.correct_ours(
            form.target(), typed=form.typed(), note=form.cleaned_data["note"], **_who(user, now)
        ),
        form=forms.CorrectForm, key="c",
    ),
    "police": ActScreen(
        CaseAction.ASK_POLICE, gettext_lazy("Đề nghị Công an sửa"),
        gettext_lazy("Bản ghi vào danh sách đề nghị Công an chỉnh sửa dữ liệu dân cư."),
        lambda form, user, now: verbs.ask_police(form.target(), **_who(user, now)), key="p", at_once=True,
    ),
    "answered": ActScreen(
        CaseAction.POLICE_CORRECTED, gettext_lazy("Ghi trả lời của Công an"),
        gettext_lazy("Nếu đã chỉnh sửa thì việc khép lại; nếu không thì việc mở lại để quyết định."),
        lambda form, user, now: verbs.take_police_answer(
            form.target(), is_corrected=form.cleaned_data["answer"] == "corrected", note=form.cleaned_data["note"],
            **_who(user, now),
        ),
        form=forms.PoliceAnswerForm, key="w",
    ),
    "visit": ActScreen(
        CaseAction.VISIT, gettext_lazy("Đi xác minh"), gettext_lazy("Bản ghi vào danh sách đi xác minh của thôn."),
        lambda form, user, now: verbs.order_visit(form.target(), **_who(user, now)), key="v", at_once=True,
    ),
    "visited": ActScreen(
        CaseAction.VISITED, gettext_lazy("Ghi kết quả xác minh"),
        gettext_lazy("Việc mở lại cùng kết quả xác minh, để quyết định."),
        lambda form, user, now: verbs.report_visit(form.target(), note=form.cleaned_data["note"], **_who(user, now)),
        form=forms.VisitedForm, key="w",
    ),
    "send_back": ActScreen(
        CaseAction.SEND_BACK, gettext_lazy("Trả lại đề xuất"), gettext_lazy("Việc mở lại; sổ không thay đổi gì."),
        lambda form, user, now: verbs.send_back(form.target(), reason=form.cleaned_data["note"], **_who(user, now)),
        form=forms.ReasonForm, key="r",
    ),
    "close": ActScreen(
        CaseAction.CLOSE, gettext_lazy("Khép, không sửa gì"),
        gettext_lazy("Sổ giữ nguyên. Không thấy trong dữ liệu dân cư không bao giờ là lý do dừng chi trả."),
        lambda form, user, now: verbs.close(
            form.target(), reason=CloseReason(form.cleaned_data["reason"]), note=form.cleaned_data["note"],
            **_who(user, now),
        ),
        form=forms.CloseForm, key="d",
    ),
    "undo": ActScreen(
        CaseAction.UNDO, gettext_lazy("Hoàn tác"), gettext_lazy("Việc mở lại; sổ trở về như trước."),
        lambda form, user, now: verbs.undo(form.target(), **_who(user, now)), key="u", at_once=True,
    ),
}  # fmt: skip


@allowed(policies.sees_verification)
@reads
def case_page(request: HouseRequest, case_id: int) -> HttpResponse:
    case = cases.get_case(case_id, user=request.user, on=request.today)
    note_read(request, f"verification-entry:{case.entry_id}")
    return _draw(request, case)


@allowed(policies.sees_verification)
@writes
def case_act(request: HouseRequest, case_id: int, action: str) -> HttpResponse:
    now, asked = request.received_at, asked_in(request.GET)
    if action not in SCREENS:
        return not_found(request)
    screen, posted = SCREENS[action], request.method == "POST"
    case = cases.get_case(case_id, user=request.user, on=request.today)
    extra = {"twins": cases.twins_of(case)} if screen.form is forms.DoubleForm else {}
    form = screen.form(request.POST if posted else None, case=case, **extra)
    if posted and form.is_valid():
        try:
            case = screen.call(form, request.user, now)
        except verbs.StaleCase as stale:
            case = cases.get_case(case_id, user=request.user, on=request.today)
            form.look_again(case)
            form.show(stale)
        except verbs.TypedWrong as wrong:
            form.show(wrong, field=wrong.column)
        except verbs.CaseRefused as refusal:
            form.show(refusal)
        else:
            return _onwards(request, case, action)
    if screen.at_once and posted:
        for sentence in form.non_field_errors():
            messages.warning(request, str(sentence))
        return _draw(request, case, status=422)
    if action not in _possible(request, case):
        why = str(verbs.NotPossibleNow(screen.action, CaseState(case.state)))
        context: dict[str, Any] = {
            "case": case, "words": screen.words, "sentence": why, "address": address_of(asked),
        }  # fmt: skip
        return office_page(request, "office/verification/case_not_now.html", context, status=409)
    note_read(request, f"verification-entry:{case.entry_id}")
    context = {
        "case": case, "screen": screen, "words": screen.words, "form": form, "address": address_of(asked),
        "back": reverse("office:verification_case", args=[case.pk]) + address_of(asked),
    }  # fmt: skip
    return office_page(request, "office/verification/case_act.html", context, status=422 if form.errors else 200)


@allowed(policies.sees_verification)
@writes
def case_ask(request: HouseRequest, case_id: int) -> HttpResponse:
    case = cases.get_case(case_id, user=request.user, on=request.today)
    own = reverse("office:verification_case", args=[case.pk]) + address_of(asked_in(request.GET))
    form = forms.AskForm(request.POST if request.method == "POST" else None, case=case)
    if request.method != "POST":
        return redirect(own)
    if form.is_valid():
        try:
            found = verbs.inquire(
                form.target(), place=form.cleaned_data["place"], acting_user=request.user, now=request.received_at
            )
        except verbs.CaseRefused as refusal:
            form.show(refusal)
        else:
            messages.info(request, _answer(found))
            return redirect(own)
    for sentence in form.non_field_errors():
        messages.warning(request, str(sentence))
    return _draw(request, cases.get_case(case_id, user=request.user, on=request.today), status=422)


def _answer(found: Any) -> str:
    """Say what an inquiry gave and what to do next."""
    if found.person:
        return _("Tìm được đúng một người. Hai bên ở dưới đã lấy theo người này; xem rồi quyết định.")
    if found.answers == 0:
        return _("Không ai khớp cách hỏi này. Thử cách hỏi tiếp theo.")
    if found.answers == 1:
        return _("Có một người khớp nhưng không phải người trong sổ. Thử cách hỏi khác.")
    return _("Có %(n)s người khớp, chưa biết là ai. Thử cách hỏi có thêm ngày sinh hoặc số.") % {"n": found.answers}


def _onwards(request: HouseRequest, case: Any, action: str) -> HttpResponse:
    """Go to the next case of the list, or back to the list where the press came from it; an undo stays with its case."""
    asked, now = asked_in(request.GET), request.received_at
    name = case.entry.full_name or case.entry.record_key
    done = _("%(name)s: %(state)s.") % {"name": name, "state": CaseState(case.state).label}
    messages.success(request, done)
    own = reverse("office:verification_case", args=[case.pk])
    if action == "undo":
        return redirect(own + address_of(asked))
    following = cases.next_case(case.pk, asked, user=request.user, now=now)
    if request.GET.get("back") == "second":
        return redirect(reverse("office:verification_second"))
    if request.GET.get("back") == "list" or following is None:
        after = request.GET.get("after", "")
        place = address_of(asked, after=after) if after else address_of(asked)
        return redirect(reverse("office:verification_cases") + place + (f"#case-{following}" if following else ""))
    return redirect(reverse("office:verification_case", args=[following]) + address_of(asked, last=str(case.pk)))


def _possible(request: HouseRequest, case: Any) -> list[str]:
    """Return the actions that this user may take on the case as it stands, in the order of the page."""
    today, user = request.today, request.user
    if not policies.works_in(user, case.commune_id, on=today):
        return []
    second = policies.decides_numbers_in(user, case.commune_id, on=today)
    person = cases.person_found_by_inquiry(case)
    offered = accepted_changes(case.entry, case.verdict, person=person)
    holds = {
        "accept": bool(offered) and case.kind not in ALERTS_PAYMENT,
        "death": case.kind == Status.DEAD,
        "double": case.kind == Status.DUPLICATE,
        "approve": second and case.proposed_by_id != user.pk,
        "send_back": second,
        "police": case.verdict.is_linked or person is not None,
        "undo": (
            case.proposed_by_id == user.pk
            and case.effect == CaseEffect.NONE
            and not (case.state == CaseState.DECIDED and case.touches_number)
        ),
    }
    return [
        name for name, screen in SCREENS.items() if case.state in CASE_MOVES[screen.action].origin and holds.get(name, True)
    ]  # fmt: skip


def _draw(request: HouseRequest, case: Any, *, status: int = 200) -> HttpResponse:
    now, asked = request.received_at, asked_in(request.GET)
    person = cases.person_found_by_inquiry(case)
    before, after = cases.neighbours(case, asked, user=request.user, now=now)
    possible = _possible(request, case)
    offered = accepted_changes(case.entry, case.verdict, person=person)
    address, kind = address_of(asked), Status(case.kind)
    age, age_tone = age_words(case.opened_at, now=now)
    last, inquiries = request.GET.get("last", ""), cases.inquiries_of(case)
    done = [one.asked for one in inquiries]
    questions = [
        (place, one, one_as_asked(one) in done)
        for place, one in enumerate(cases.questions_for(case.entry, on=request.today))
    ]
    rows = side_by_side(case.entry, case.verdict, person=person)
    places = cases.places_of([code for row in rows if row.field is Field.COMMUNE for code in (row.ours, row.theirs)])
    # Nobody stands beside: how the record compares with whoever came nearest is told in a sentence, not line by line.
    beside = any(row.theirs for row in rows)
    context = {
        "case": case,
        "entry": case.entry,
        "verdict": case.verdict,
        "kind": STATUS_WORDS[kind],
        "kind_tone": KIND_TONES.get(kind, "open"),
        "tags": [STATUS_WORDS[Status(tag)] for tag in case.verdict.tags if tag in set(Status)],
        "state": CaseState(case.state).label,
        "state_tone": STATE_TONES[CaseState(case.state)],
        "age": age,
        "age_tone": age_tone,
        "lines": [_line(row if beside else replace(row, verdict=None, weight=None), places) for row in rows],
        "opens_questions": not case.verdict.is_linked and person is None,
        "person": person,
        "offered": change_words(offered),
        "offers_number": touches_number(offered),
        "proposal": change_words(case.proposal) if case.state != CaseState.OPEN else [],
        "form": forms.CaseForm(case=case),
        "offers": [
            {"name": name, "screen": SCREENS[name], "url": reverse("office:verification_act", args=[case.pk, name]) + address}
            for name in possible
        ],
        "works": policies.works_in(request.user, case.commune_id, on=request.today),
        "runner_up": _runner_up(case.verdict.runner_up),
        "twins": cases.twins_of(case) if kind is Status.DUPLICATE else [],
        "inquiries": inquiries,
        "questions": questions if case.state in CASE_MOVES[CaseAction.DECIDE].origin else [],
        "history": happenings_of(case.stream),
        "keys": [
            ("j", _("việc sau")), ("k", _("việc trước")), ("b", _("xem lại việc vừa làm")),
            *((SCREENS[name].key, SCREENS[name].words) for name in possible),
        ],
        "address": address,
        "back": local_address(reverse("office:verification_cases") + address, default="/"),
        "before_url": reverse("office:verification_case", args=[before]) + address if before else "",
        "after_url": reverse("office:verification_case", args=[after]) + address if after else "",
        "last_url": reverse("office:verification_case", args=[int(last)]) + address if cases.is_id(last) else "",
    }  # fmt: skip
    return office_page(request, "office/verification/case.html", context, status=status)


def one_as_asked(one: Any) -> dict[str, str]:
    """Return a question in the form in which an inquiry keeps it."""
    return {"number": one.number, "full_name": one.full_name, "birth_date": one.birth_date}


def _line(row: Any, places: dict[str, str]) -> dict[str, Any]:
    """Return one line of the comparison with its words and the bar of its weight."""
    weight = row.weight
    length = min(abs(weight) / WIDEST_BITS, 1.0) * BAR if weight is not None else 0
    words = [
        _("“%(ours)s” và “%(theirs)s”") % {"ours": ours or "…", "theirs": their or "…"}
        for ours, their in row.diff.words
    ]
    return {
        "field": FIELD_WORDS[row.field],
        "diff": row.diff,
        "words": "; ".join(words) if row.ours and row.theirs and row.verdict is not FieldVerdict.MISSING_HERE else "",
        "ours_place": places.get(row.ours, "") if row.field is Field.COMMUNE else "",
        "theirs_place": places.get(row.theirs, "") if row.field is Field.COMMUNE else "",
        "verdict": _verdict_words(row),
        "tone": VERDICT_TONES[row.verdict] if row.verdict else "draft",
        "weight": f"{weight:+.1f}".replace(".", ",").replace("-", "−") if weight is not None else "",
        "bar": f"{length:.1f}",
        "bar_x": f"{BAR - length if weight is not None and weight < 0 else BAR:.1f}",
        "against": weight is not None and weight < 0,
    }  # fmt: skip


def _verdict_words(row: Any) -> str:
    """Say how a field compares. What stands in place of the number of now, an old one or half of one, is no number."""
    if row.verdict is None:
        return ""
    if row.field is Field.NUMBER and row.ours and row.verdict is FieldVerdict.MISSING_HERE:
        return _("Sổ chưa có số 12 chữ số")
    return str(FIELD_VERDICT_WORDS[row.verdict])


def _runner_up(said: dict[str, Any]) -> dict[str, Any] | None:
    """Return how sure the second candidate was and why they lost, never who they are."""
    if not said:
        return None
    return {"probability": said.get("probability"), "reason": said.get("reason") or ""}
