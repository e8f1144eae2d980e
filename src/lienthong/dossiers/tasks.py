"""What follows a move, after its transaction: the whole pipeline in one list. Each job may run twice and does its work once."""

from lienthong.documents import queries as papers
from lienthong.documents import services as documents
from lienthong.documents.states import FormCode
from lienthong.dossiers import events, printing
from lienthong.dossiers.models import Dossier
from lienthong.infra.dispatch import subscribe
from lienthong.infra.jobs import app
from lienthong.infra.models import Event


def _issue(event_id: int, code: FormCode) -> None:
    event = Event.objects.get(pk=event_id)
    dossier = Dossier.objects.select_related("version", "agency__parent", "receiving_agency__parent").get(
        pk=int(event.stream.removeprefix("dossier:"))
    )
    if any(form.form_code == code and form.issued_at == event.at for form in papers.forms_of(dossier.stream)):
        return
    command = documents.IssueForm(owner=dossier.stream, data=printing.form_for(dossier, code))
    documents.issue_form(command, by=event.actor_id, now=event.at)


@app.task(name="dossiers.print_receipt", queue="forms")
def print_receipt(*, event_id: int) -> None:
    """Print the receipt with the promised day. In giấy tiếp nhận hồ sơ và hẹn trả kết quả."""
    _issue(event_id, FormCode.RECEIPT)


@app.task(name="dossiers.print_supplement_request", queue="forms")
def print_supplement_request(*, event_id: int) -> None:
    """Print what is to be supplemented. In phiếu yêu cầu bổ sung, hoàn thiện hồ sơ."""
    _issue(event_id, FormCode.SUPPLEMENT)


@app.task(name="dossiers.print_refusal", queue="forms")
def print_refusal(*, event_id: int) -> None:
    """Print a refusal with its reasons. In phiếu từ chối tiếp nhận, giải quyết hồ sơ."""
    _issue(event_id, FormCode.REFUSAL)


@app.task(name="dossiers.print_apology", queue="forms")
def print_apology(*, event_id: int) -> None:
    """Print the apology with the new day. In phiếu xin lỗi và hẹn lại ngày trả."""
    _issue(event_id, FormCode.APOLOGY)


@app.task(name="dossiers.print_stop_notice", queue="forms")
def print_stop_notice(*, event_id: int) -> None:
    """Print the notice that the dossier is no longer handled. In thông báo dừng giải quyết hồ sơ."""
    _issue(event_id, FormCode.STOP)


@app.task(name="dossiers.print_result_slip", queue="forms")
def print_result_slip(*, event_id: int) -> None:
    """Print the hand-over of the result. In giấy giao nhận kết quả."""
    _issue(event_id, FormCode.RESULT_SLIP)


subscribe(events.DossierReceived, [print_receipt])
subscribe(events.CompletionRequested, [print_supplement_request])
subscribe(events.SupplementRequested, [print_supplement_request])
subscribe(events.IntakeRefused, [print_refusal])
subscribe(events.DossierRefused, [print_refusal])
subscribe(events.DeadlineExtended, [print_apology])
subscribe(events.DossierStopped, [print_stop_notice])
subscribe(events.ResultReturned, [print_result_slip])
