"""Issue a printed form: draw it, keep it, and remember with which data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from lienthong.documents.events import FormIssued, stream_of
from lienthong.documents.form_data import FormData, PaperData
from lienthong.documents.inspection.kinds import PDF
from lienthong.documents.models import IssuedForm
from lienthong.documents.printing import face_of, render_form
from lienthong.documents.services.store import store_made
from lienthong.infra import locks
from lienthong.infra.events import record


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueForm:
    """Ask for a form. Yêu cầu cấp biểu mẫu.

    Args:
        owner: Key of the thing it is issued for: ``dossier:12``.
        data: What stands on it; its class says which form it is.
    """

    owner: str
    data: FormData | PaperData


@transaction.atomic
def issue_form(command: IssueForm, *, by: int | None, now: datetime) -> IssuedForm:
    """Draw a form and keep it. Issued again, it gets the next number and the earlier one stays.

    Cấp biểu mẫu.

    Args:
        command: Which form, for what, with which data.
        by: The user who issues it; None for the system.
        now: When.

    Raises:
        NoEditionInForce: The day of issue lies before the first recorded edition.
    """
    owner, data = command.owner, command.data
    locks.hold(f"forms:{owner}")
    last = IssuedForm.objects.filter(owner=owner, form_code=data.code).aggregate(last=Max("number"))["last"]
    number = (last or 0) + 1
    name = face_of(data).name
    file = store_made(
        render_form(data, demo=settings.DEMO_MODE), name=_file_name(name, data, number), kind=PDF, by=by, now=now
    )
    form = IssuedForm.objects.create(
        owner=owner,
        form_code=str(data.code),
        number=number,
        data=data.as_json(),
        file=file,
        issued_at=now,
        issued_by=by,
    )
    fact = FormIssued(owner=owner, form_code=str(data.code), name=name, number=number)
    record(fact, stream=stream_of(file.id), actor_id=by, at=now)
    return form


def _file_name(name: str, data: FormData | PaperData, number: int) -> str:
    parts = [name, getattr(data, "dossier_code", ""), f"(lần {number})" if number > 1 else ""]
    return " ".join(filter(None, parts)) + PDF.endings[0]
