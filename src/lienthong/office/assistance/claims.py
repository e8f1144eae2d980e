"""People with merit: the list of recognised grounds, and proposing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance.queries import beneficiaries, people
from lienthong.assistance.queries import merit_claims as queries
from lienthong.assistance.queries.merit_claims import ClaimFilter
from lienthong.assistance.services.merit import ProposeClaim, propose_claim
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.office.assistance.changing import find_payee
from lienthong.office.assistance.fact_forms import YES_NO
from lienthong.office.assistance.places import works_on_merit
from lienthong.office.assistance.proposal_forms import PayeeFields
from lienthong.office.assistance.wording import days_span, until_of
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import address_of, asked_in
from lienthong.rules.merit.facts import CLAIM_FLAGS, CLAIM_NUMBERS, Category, Relation
from lienthong.rules.merit.words import asked_of, question

ROWS_ON_A_PAGE = 50
LARGEST_NUMBER = 1_000


class ClaimForm(PayeeFields):
    """A ground for benefits, with what the rules look at in its category."""

    valid_from = forms.DayField(
        label=gettext_lazy("Hưởng từ ngày"), help_text=gettext_lazy("Theo quyết định, hồ sơ công nhận")
    )
    last_day = forms.DayField(
        label=gettext_lazy("Đến hết ngày"), required=False, help_text=gettext_lazy("Để trống khi không có thời hạn")
    )

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"ground": "self"})
        super().__init__(*args, **kwargs)
        self.category = category
        self.asked = asked_of(category)
        for name in self.asked:
            self.fields[name] = _field(name)
        self.order_fields([*self.asked, "valid_from", "last_day", "ground", "payee_number", "payee_name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in set(self.asked) & set(CLAIM_NUMBERS):
            text = data.get(name) or ""
            if text and not (text.isascii() and text.isdigit() and int(text) <= LARGEST_NUMBER):
                self.add_error(name, _("Ghi một số nguyên từ 0 đến %(most)s.") % {"most": LARGEST_NUMBER})
        return data

    def to_command(self, person_id: int, payee_id: int | None) -> ProposeClaim:
        data = self.cleaned_data
        told: dict[str, Any] = {"category": self.category.value}
        for name in self.asked:
            value = data[name]
            if value in {"", None}:
                continue
            told[name] = int(value) if name in CLAIM_NUMBERS else value == "yes" if name in CLAIM_FLAGS else value
        return ProposeClaim(
            person_id=person_id, data=told, valid_from=data["valid_from"], valid_until=until_of(data["last_day"]),
            payee_id=payee_id, payee_ground=data["ground"],
        )  # fmt: skip


def _field(name: str) -> Any:
    label = str(capfirst(question(name)))
    if name in CLAIM_FLAGS:
        return forms.ChoiceField(label=label, choices=(*YES_NO, ("", _("chưa biết"))), required=False, inline=True)
    if name == "relation":
        choices = [("", _("chọn quan hệ")), *((one.value, one.in_words) for one in Relation)]
        return forms.ChoiceField(label=label, choices=choices, select=True)
    if name in CLAIM_NUMBERS:
        return forms.LineField(label=label, max_length=4, width=5, required=False)
    return forms.LineField(label=label, max_length=120, required=False)


@allowed(works_on_merit)
@reads
def claim_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, ClaimFilter)
    rows = queries.merit_claims(request.user, asked, on=request.today)
    note_read(request, f"merit-claims:{address_of(asked)}")
    if request.GET.get("format") == "xlsx":
        note_read(request, f"merit-claims:{address_of(asked)}", "export")
        return _export(rows)
    counted = queries.category_counts(request.user, asked, on=request.today)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [_row(one) for one in page],
        "asked": asked,
        "communes": beneficiaries.communes_to_choose(request.user, on=request.today),
        "categories": [("", _("Tất cả"), counted.total()), *((one.value, capfirst(one.in_words), counted[one]) for one in Category if counted[one])],
        "states": [("", _("Đang được công nhận")), ("over", _("Đã thôi")), ("all", _("Tất cả"))],
        "is_narrowed": asked != ClaimFilter(),
    }  # fmt: skip
    return office_page(request, "office/assistance/claims.html", context)


@allowed(works_on_merit)
@writes
def new_claim(request: HouseRequest, person_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    if not acts.claims_merit:
        raise people.PersonNotFound
    chosen = request.POST.get("category") or request.GET.get("category", "")
    category = Category(chosen) if chosen in set(Category) else None
    form = ClaimForm(request.POST or None, category=category) if category else None
    if form is not None and form.is_bound and form.is_valid():
        payee_id = find_payee(form)
        try:
            if not form.errors:
                proposal = propose_claim(
                    form.to_command(person.pk, payee_id), acting_user=request.user, now=request.received_at
                )
                messages.success(request, _("Đã đề xuất công nhận. Lãnh đạo sở sẽ duyệt, kèm số quyết định."))
                return redirect("office:assistance_proposal", proposal.pk)
        except AssistanceRefusal as refusal:
            form.show(refusal)
    note_read(request, f"person:{person.pk}", "assistance")
    context = {
        "person": person,
        "category": category,
        "category_words": capfirst(category.in_words) if category else "",
        "categories": [(one.value, capfirst(one.in_words)) for one in Category],
        "form": form,
        "back": reverse("office:assistance_person", args=[person.pk]),
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/claim.html", context, status=status)


def _row(one: Any) -> dict[str, Any]:
    return {
        "url": reverse("office:assistance_person", args=[one.person_id]),
        "name": one.person.full_name,
        "number": one.person.personal_id_number,
        "place": one.person.unit.name if one.person.unit else "",
        "category": capfirst(one.get_category_display()),
        "relation": one.get_relation_display() if one.relation else "",
        "decision": one.decision_number,
        "days": days_span(one.valid_from, one.valid_until),
    }


def _export(rows: Any) -> HttpResponse:
    return sheet_response(
        "nguoi-co-cong.xlsx",
        columns=[_("Họ và tên"), _("Số định danh"), _("Xã, phường"), _("Diện"), _("Quan hệ"), _("Số quyết định"), _("Thời gian")],
        rows=[
            (
                row["name"], row["number"], row["place"], row["category"], row["relation"], row["decision"], row["days"],
            )
            for row in map(_row, rows)
        ],
    )  # fmt: skip
