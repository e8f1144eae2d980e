"""Direct entry: a person, what is known and missing, the decision of the rules, the months ahead, the proposal."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance import policies
from lienthong.assistance.queries import people
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.queries.merit_months import merit_benefits_on
from lienthong.assistance.queries.months import is_paid_here
from lienthong.assistance.services.granting import Grant
from lienthong.assistance.services.previewing import preview_proposal
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import LIVE_STATES, SOCIAL_BENEFITS, Benefit, PayeeGround, Programme
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.office.assistance.changing import find_payee
from lienthong.office.assistance.person import known_rows, person_told, rules_today
from lienthong.office.assistance.proposal_forms import MonthField, PayeeFields
from lienthong.office.pages import office_page
from lienthong.people.queries import OrganizationUnknown, organization_by_tax_code
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import assess

_OF_INSTITUTION: Final = f"{Programme.SOCIAL.value}/{Benefit.INSTITUTION.value}"


class GrantForm(PayeeFields):
    """Which benefit, who receives the money, from which month."""

    def __init__(self, *args: Any, benefits: list[tuple[str, str]], on: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"ground": PayeeGround.SELF})
        super().__init__(*args, **kwargs)
        self.fields["benefit"] = forms.ChoiceField(
            label=_("Khoản đề xuất"), choices=benefits, initial=benefits[0][0] if len(benefits) == 1 else None
        )
        month = MonthField(
            empty=_("theo luật định"),
            on=on, back=0, ahead=6, label=_("Hưởng không sớm hơn tháng"), required=False,
            help_text=_("Để nguyên thì hưởng từ tháng mà luật định"),
        )  # fmt: skip
        month.initial = ""
        self.organization_id: int | None = None
        if any(value == _OF_INSTITUTION for value, _words in benefits):
            self.fields["institution"] = forms.LineField(
                label=_("Mã số thuế của cơ sở nuôi dưỡng"), required=False, max_length=20, width=20, spellcheck=False,
                help_text=_("Tiền nuôi dưỡng được chi cho cơ sở này, không chi cho người hưởng"),
            )  # fmt: skip
        self.fields["first_month"] = month
        self.order_fields(["benefit", "institution", "ground", "payee_number", "payee_name", "first_month"])

    def clean(self) -> dict[str, Any]:
        """Find the institution that is paid where its money is proposed."""
        data = super().clean()
        if data.get("benefit") == _OF_INSTITUTION:
            try:
                self.organization_id = organization_by_tax_code(data.get("institution") or "").pk
            except OrganizationUnknown as unknown:
                self.add_error("institution", str(unknown))
        return data

    def to_command(self, person_id: int, unit_id: int, payee_id: int | None) -> Grant:
        data = self.cleaned_data
        programme, _slash, benefit = data["benefit"].partition("/")
        return Grant(
            person_id=person_id, programme=programme, benefit=benefit, unit_id=unit_id, payee_id=payee_id,
            payee_organization_id=self.organization_id, payee_ground=data["ground"], first_month=data["first_month"],
        )  # fmt: skip


@allowed(policies.sees_assistance)
@writes
def grant(request: HouseRequest, person_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    acts = people.acts_for(person, as_=request.user, on=request.today)
    if acts.place is None or not (acts.records or acts.claims_merit):
        raise people.PersonNotFound
    if person.died_on is not None:
        messages.warning(
            request,
            _("Người này đã chết nên không quyết định cho hưởng được. Hãy xét hỗ trợ chi phí mai táng."),
        )
        return redirect("office:assistance_person", person.pk)
    history = history_of(person.pk)
    benefits = _benefits(history, request, acts, person.pk)
    form = GrantForm(request.POST or None, benefits=benefits, on=request.today)
    preview = None
    if request.method == "POST" and form.is_valid():
        payee_id = find_payee(form)
        who = {"acting_user": request.user, "now": request.received_at}
        try:
            if not form.errors:
                command = form.to_command(person.pk, acts.place.pk, payee_id)
                if request.POST.get("verb") == "propose":
                    proposal = propose_grant(command, **who)
                    messages.success(request, _("Đã đề xuất. Người khác của xã, của sở sẽ duyệt."))
                    return redirect("office:assistance_proposal", proposal.pk)
                preview = preview_proposal(lambda: propose_grant(command, **who), person_id=person.pk, **who)
        except AssistanceRefusal as refusal:
            form.show(refusal)
    note_read(request, f"person:{person.pk}", "assistance")
    context = {
        "person": person_told(person, history, on=request.today),
        "known": known_rows(history.known_on(request.today), person.pk, acts),
        "form": form if benefits else None,
        "preview": preview,
        "place": acts.place,
        **rules_today(history, request.today, person.pk, acts, next_page="grant"),
        "back": reverse("office:assistance_person", args=[person.pk]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return office_page(request, "office/assistance/grant.html", context, status=status)


def _benefits(history: History, request: HouseRequest, acts: Any, person_id: int) -> list[tuple[str, str]]:
    """Return what the rules give and the person does not receive yet, as far as this user proposes it."""
    live = {
        (one.programme, one.benefit)
        for one in people.entitlements_of(person_id, as_=request.user, on=request.today)
        if one.state in LIVE_STATES
    }
    found: list[tuple[str, str]] = []
    try:
        if acts.records:
            lines = assess(history.facts_on(request.today), on=request.today, known_on=request.today).lines
            found += [
                (Programme.SOCIAL, one)
                for one in (*SOCIAL_BENEFITS, Benefit.INSTITUTION)
                if any(is_paid_here(line.category, one) for line in lines)
            ]
        if acts.claims_merit and history.claims:
            found += [(Programme.MERIT, one) for one in merit_benefits_on(history, request.today)]
    except NoValueInForce:
        return []
    return [
        (f"{programme}/{Benefit(one).value}", str(capfirst(Benefit(one).label)))
        for programme, one in found
        if (str(programme), str(one)) not in live
    ]
