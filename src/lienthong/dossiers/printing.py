"""What the printed forms of a dossier say, read from its row and its events. Rendering belongs to documents."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import Channel
from lienthong.documents import form_data as forms
from lienthong.documents.states import FormCode
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.states import ReturnWay
from lienthong.infra.events import events_of
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.kernel.text import fold
from lienthong.rules.deadline_text import allowance_in_words
from lienthong.rules.timeliness import classify
from lienthong.units.models import Agency

RIGHTS_AFTER_STOP = (
    "Ông/Bà có thể nhận lại giấy tờ đã nộp, nộp hồ sơ mới khi đủ điều kiện, hoặc khiếu nại theo quy định của pháp luật."
)


TITLES = {
    FormCode.RECEIPT: _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    FormCode.SUPPLEMENT: _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    FormCode.REFUSAL: _("Phiếu từ chối tiếp nhận, giải quyết hồ sơ"),
    FormCode.APOLOGY: _("Văn bản xin lỗi và hẹn lại ngày trả kết quả"),
    FormCode.STOP: _("Thông báo dừng giải quyết hồ sơ"),
    FormCode.CONTROL: _("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    FormCode.RESULT_SLIP: _("Giấy giao nhận kết quả"),
}


class NothingToPrint(LookupError):
    """The dossier has not come to where this form is issued."""

    def __str__(self) -> str:
        return "Hồ sơ chưa tới bước cấp biểu mẫu này."


def form_for(dossier: Dossier, code: FormCode) -> forms.FormData:
    """Return what a form of this dossier says now.

    Raises:
        NothingToPrint: Nothing happened yet that this form tells of, or it is not a form of one dossier.
    """
    build = _BUILDERS.get(code)
    if build is None:
        raise NothingToPrint
    return build(dossier, list(events_of(dossier.stream)))


def forms_to_print(dossier: Dossier) -> list[FormCode]:
    """Return the forms that this dossier can print now, in the order of the process."""
    names = set(events_of(dossier.stream).values_list("name", flat=True))  # type: ignore[attr-defined]
    return [code for code, facts in _TOLD_BY.items() if names & facts]


def _receipt(dossier: Dossier, rows: Sequence[Event]) -> forms.ReceiptForm:
    event = _last(rows, "DossierReceived")
    version = catalogue.get_version(dossier.version_id)
    applicant = dossier.representative_name or dossier.applicant_name
    return forms.ReceiptForm(
        **form_head(_receiving(dossier), local_day(event.at)),
        dossier_code=dossier.code or "",
        procedure_code=dossier.procedure_code,
        receiving_unit=_receiving(dossier).name,
        tracking_url=f"{settings.PUBLIC_URL}/track/{dossier.public_id}/",
        secret=dossier.secret,
        applicant_name=applicant,
        channel_words=str(Channel(dossier.channel).label),
        address=dossier.applicant_address,
        phone=dossier.applicant_phone,
        email=dossier.applicant_email,
        id_number=dossier.applicant_number,
        summary=_subject(dossier),
        owner_name=dossier.applicant_name if dossier.representative_name else "",
        owner_address=dossier.applicant_address if dossier.representative_name else "",
        items=_items(row for row in dossier.items.order_by("number") if row.is_given),
        sets=version.sets,
        allowance_words=allowance_in_words(catalogue.allowance_of(version)),
        received_at=event.at,
        promised_at=dossier.promised_due_at,
        result_place=_result_place(dossier),
        receiver_name=_name_of(event.actor_id),
    )


def _supplement(dossier: Dossier, rows: Sequence[Event]) -> forms.SupplementForm:
    event = _last(rows, "SupplementRequested", "CompletionRequested")
    named = set(event.payload["items"])
    guide = User.objects.filter(pk=event.actor_id or 0).first()
    return forms.SupplementForm(
        **form_head(_receiving(dossier), local_day(event.at)),
        dossier_code=dossier.code or "",
        receiving_unit=_receiving(dossier).name,
        applicant_name=dossier.applicant_name,
        summary=_subject(dossier),
        address=dossier.applicant_address,
        phone=dossier.applicant_phone,
        email=dossier.applicant_email,
        items=_items(row for row in dossier.items.order_by("number") if row.number in named),
        reason=event.payload["reason"],
        website=f"{settings.PUBLIC_URL}/track/{dossier.public_id}/",
        guide_name=guide.full_name if guide else "",
        guide_phone=guide.phone if guide else "",
    )


def _refusal(dossier: Dossier, rows: Sequence[Event]) -> forms.IntakeRefusalForm:
    event = _last(rows, "IntakeRefused", "DossierRefused")
    return forms.IntakeRefusalForm(
        **form_head(_receiving(dossier), local_day(event.at)),
        after_receipt=event.name == "DossierRefused",
        dossier_code=dossier.code or "",
        submitted_at=dossier.submitted_at,
        receiving_unit=_receiving(dossier).name,
        applicant_name=dossier.applicant_name,
        address=dossier.applicant_address,
        phone=dossier.applicant_phone,
        email=dossier.applicant_email,
        id_number=dossier.applicant_number,
        summary=_subject(dossier),
        reason=event.payload["reason"],
        officer_name=_name_of(event.actor_id),
    )


def _apology(dossier: Dossier, rows: Sequence[Event]) -> forms.ApologyForm:
    event = _last(rows, "DeadlineExtended")
    if dossier.received_at is None or dossier.promised_due_at is None:
        raise NothingToPrint
    agency = dossier.agency or _receiving(dossier)
    return forms.ApologyForm(
        **form_head(agency, local_day(event.at)),
        number=event.payload["document"],
        agency_name=agency.name,
        addressee=dossier.applicant_name,
        received_at=dossier.received_at,
        dossier_code=dossier.code or "",
        summary=_subject(dossier),
        promised_at=datetime.fromisoformat(event.payload["due_before"]),
        reason=event.payload["reason"],
        new_due_at=datetime.fromisoformat(event.payload["current_due_at"]),
        result_place=_result_place(dossier),
        signer_title="Người có thẩm quyền",
        signer_name=_name_of(event.actor_id),
    )


def _stop(dossier: Dossier, rows: Sequence[Event]) -> forms.StopForm:
    event = _last(rows, "DossierStopped")
    if dossier.received_at is None:
        raise NothingToPrint
    agency = dossier.agency or _receiving(dossier)
    return forms.StopForm(
        **form_head(agency, local_day(event.at)),
        agency_name=agency.name,
        addressee=dossier.applicant_name,
        dossier_code=dossier.code or "",
        procedure_name=dossier.version.name,
        received_at=dossier.received_at,
        ground=event.payload["reason"],
        stopped_at=event.at,
        rights=RIGHTS_AFTER_STOP,
        signer_title="Người có thẩm quyền",
        signer_name=_name_of(event.actor_id),
    )


def _control(dossier: Dossier, rows: Sequence[Event]) -> forms.ControlForm:
    received = _last(rows, "DossierReceived")
    moves = [row for row in rows if row.name in {"StepPassed", "SentBack"}]
    agencies = Agency.objects.in_bulk({received.payload["agency_id"], *(row.payload["agency_id"] for row in moves)})
    names = dict(User.objects.filter(pk__in=[row.actor_id for row in rows]).values_list("pk", "full_name"))
    at_agency, hand_overs, due = received.payload["agency_id"], [], received.payload["step_due_at"]
    for row in moves:
        target = row.payload["agency_id"]
        hand_overs.append(
            forms.HandOver(
                from_agency=agencies[at_agency].name,
                to_agency=agencies[target].name,
                at=row.at,
                result_words=_timeliness(row, datetime.fromisoformat(due) if due else None),
                giver_name=names.get(row.actor_id or 0, ""),
                note=row.payload.get("to_name") or row.payload.get("reason", ""),
            )
        )
        at_agency, due = target, row.payload["step_due_at"]
    lead = agencies[at_agency].name
    others = {agency.name for agency in agencies.values()} - {lead}
    return forms.ControlForm(
        **form_head(_receiving(dossier), local_day(received.at)),
        dossier_code=dossier.code or "",
        applicant_name=dossier.applicant_name,
        summary=_subject(dossier),
        received_at=received.at,
        promised_at=dossier.promised_due_at,
        lead_agency=lead,
        cooperating_agencies=tuple(sorted(others)),
        hand_overs=tuple(hand_overs),
    )


def _result_slip(dossier: Dossier, rows: Sequence[Event]) -> forms.ResultSlipForm:
    event = _last(rows, "ResultReturned")
    decided = _last(rows, "DossierApproved", "DossierRefused")
    version = catalogue.get_version(dossier.version_id)
    symbol = decided.payload["document_number"]
    if decided.name == "DossierRefused":
        papers = [forms.ResultPaper(number=1, name="Văn bản từ chối giải quyết hồ sơ", symbol=symbol)]
    else:
        papers = [
            forms.ResultPaper(number=result.number, name=result.name, symbol=symbol if result.number == 1 else "")
            for result in version.results.all()
        ]
    return forms.ResultSlipForm(
        **form_head(_receiving(dossier), local_day(event.at)),
        dossier_code=dossier.code or "",
        receiving_unit=_receiving(dossier).name,
        owner_name=dossier.applicant_name,
        summary=_subject(dossier),
        recipient_name=event.payload["recipient"],
        recipient_phone=dossier.applicant_phone,
        authorization=event.payload["proof"],
        promised_at=dossier.promised_due_at,
        handed_over_at=event.at,
        timeliness_words=_timeliness(decided, dossier.legal_due_at),
        way_words=str(ReturnWay(event.payload["way"]).label),
        results=tuple(papers),
        giver_name=_name_of(event.actor_id),
    )


_Builder = Callable[[Dossier, Sequence[Event]], forms.FormData]
_BUILDERS: dict[FormCode, _Builder] = {
    FormCode.RECEIPT: _receipt,
    FormCode.SUPPLEMENT: _supplement,
    FormCode.REFUSAL: _refusal,
    FormCode.APOLOGY: _apology,
    FormCode.STOP: _stop,
    FormCode.CONTROL: _control,
    FormCode.RESULT_SLIP: _result_slip,
}
_TOLD_BY: dict[FormCode, set[str]] = {
    FormCode.RECEIPT: {"DossierReceived"},
    FormCode.SUPPLEMENT: {"SupplementRequested", "CompletionRequested"},
    FormCode.REFUSAL: {"IntakeRefused", "DossierRefused"},
    FormCode.APOLOGY: {"DeadlineExtended"},
    FormCode.STOP: {"DossierStopped"},
    FormCode.CONTROL: {"DossierReceived"},
    FormCode.RESULT_SLIP: {"ResultReturned"},
}


def form_head(agency: Agency, day: date) -> dict[str, Any]:
    """Return what every form of an agency begins with: who issues it, where and when."""
    lines = [agency.name]
    if agency.parent is not None:
        lines.insert(0, agency.parent.name)
    place = settings.PROVINCE_NAME.removeprefix("tỉnh ").strip()
    return {"agency_lines": tuple(lines), "place": place, "issued_on": day}


def _items(rows: Any) -> tuple[forms.FormItem, ...]:
    return tuple(_item(row) for row in rows)


def _item(row: SubmittedItem) -> forms.FormItem:
    return forms.FormItem(
        number=row.number,
        name=row.name,
        originals=row.originals,
        certified=row.certified_copies,
        copies=row.copies,
        note=row.comment,
    )


def _last(rows: Sequence[Event], *names: str) -> Event:
    for row in reversed(rows):
        if row.name in names:
            return row
    raise NothingToPrint


def _receiving(dossier: Dossier) -> Agency:
    if dossier.receiving_agency is None:
        raise NothingToPrint
    return dossier.receiving_agency


def _subject(dossier: Dossier) -> str:
    """Return what is asked for: the name of the procedure, and what the applicant adds to it."""
    name = dossier.version.name
    return f"{name}. {dossier.summary}" if dossier.summary and dossier.summary != name else name


def _result_place(dossier: Dossier) -> str:
    way = ReturnWay(dossier.return_way)
    if way is ReturnWay.COUNTER:
        return f"{_receiving(dossier).name}"
    return f"{way.label}{f': {dossier.return_address}' if dossier.return_address else ''}"


def _timeliness(row: Event, due: datetime | None) -> str:
    return classify(row.at, due).in_words if due else ""


def _name_of(user_id: int | None) -> str:
    return User.objects.filter(pk=user_id or 0).values_list("full_name", flat=True).first() or ""


def file_name(dossier: Dossier, code: FormCode) -> str:
    """Return a file name that says which form of which dossier it is."""
    return f"{fold(code.value)}-{dossier.code or dossier.public_id}.pdf"
