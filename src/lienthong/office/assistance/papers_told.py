"""Every paper of a person in one list, newest first: evidence, decisions, files and forms of their dossiers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.assistance.queries.decision_sheets import sheets_of
from lienthong.assistance.queries.evidence import evidence_of
from lienthong.assistance.queries.people import Acts
from lienthong.assistance.services.evidence import may_change
from lienthong.documents import queries as documents
from lienthong.documents.states import FormCode
from lienthong.dossiers import printing
from lienthong.dossiers import queries as dossier_queries
from lienthong.dossiers.services import RESULT
from lienthong.infra.http import HouseRequest

PAPERS_SHOWN: Final = 60
DOSSIERS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTold:
    """One paper: when it came, what it is, who brought it, where it opens.

    Attributes:
        who: Who put it there or decided; empty where the house or the applicant did.
        remove_url: The form that takes it away; empty where the user may not.
    """

    at: datetime
    kind: str
    words: str
    who: str
    name: str
    url: str
    size: int | None = None
    remove_url: str = ""


def papers_told(
    request: HouseRequest, person: Any, dossiers: Iterable[Any], acts: Acts, *, programmes: Collection[str]
) -> list[PaperTold]:
    """Return the papers of a person that the user may open, newest first.

    Args:
        request: Who looks, and when.
        person: Whose page it is; the user may see them.
        dossiers: Those that the user may open.
        acts: What the user may do for the person.
        programmes: Of which the user sees what is recorded.
    """
    found = [*_evidence(person, acts, programmes), *_sheets(request, person), *_of_dossiers(list(dossiers))]
    return sorted(found, key=lambda one: one.at, reverse=True)[:PAPERS_SHOWN]


def _evidence(person: Any, acts: Acts, programmes: Collection[str]) -> Iterable[PaperTold]:
    for one in evidence_of(person.pk, programmes=programmes):
        remove = reverse("office:assistance_evidence_remove", args=[person.pk, one.attachment_id])
        yield PaperTold(
            at=one.attached_at, kind=one.of.kind, words=one.of.words, who=one.attached_by, name=one.file.name,
            url=reverse("office:assistance_evidence_file", args=[person.pk, one.file.pk]), size=one.file.size,
            remove_url=remove if may_change(one.of, acts) else "",
        )  # fmt: skip


def _sheets(request: HouseRequest, person: Any) -> Iterable[PaperTold]:
    for sheet in sheets_of(person.pk, as_=request.user, on=request.today)[:PAPERS_SHOWN]:
        yield PaperTold(
            at=sheet.decided_at, kind=_("Thông báo kết quả"), words=sheet.outcome, who=sheet.decided_by.full_name if sheet.decided_by else "",
            name=_("Thông báo (PDF)"), url=reverse("office:assistance_sheet", args=[sheet.pk]),
        )  # fmt: skip


def _of_dossiers(dossiers: list[Any]) -> Iterable[PaperTold]:
    streams = {one.stream: one for one in dossiers}
    for stream, attached in documents.attachments_of_many(list(streams)).items():
        dossier = streams[stream]
        for row in attached:
            is_result = row.role == RESULT
            yield PaperTold(
                at=row.attached_at, kind=_("Kết quả hồ sơ") if is_result else _("Giấy tờ trong hồ sơ"),
                words=_of(dossier), who="", name=row.file.name, size=row.file.size,
                url=reverse("office:file", args=[dossier.public_id, row.file_id]),
            )  # fmt: skip
    for form in documents.forms_of_many(list(streams)):
        dossier = streams[form.owner]
        yield PaperTold(
            at=form.issued_at, kind=_("Phiếu của hồ sơ"), words=_of(dossier), who="",
            name=_title(form), size=form.file.size,
            url=reverse("office:file", args=[dossier.public_id, form.file_id]),
        )  # fmt: skip


def _title(form: Any) -> str:
    is_known = form.form_code in set(FormCode)
    return str(printing.TITLES.get(FormCode(form.form_code), form.file.name)) if is_known else str(form.file.name)


def _of(dossier: Any) -> str:
    return _("hồ sơ %(code)s") % {"code": dossier.code or _("chưa cấp số")}


def dossiers_of(request: HouseRequest, person: Any, codes: Sequence[str]) -> list[Any]:
    """Return the dossiers behind the benefits, and those that the person handed in, as far as the user may open them."""
    number = person.personal_id_number
    mine = Q(code__in=[code for code in codes if code]) | (Q(applicant_number=number) if number else Q(pk__in=[]))
    return list(dossier_queries.visible_dossiers(request.user, now=request.received_at).filter(mine)[:DOSSIERS_SHOWN])


def dossier_told(one: Any) -> dict[str, Any]:
    """Say a dossier in one line that opens it."""
    return {
        "code": one.code,
        "url": reverse("office:dossier", args=[one.public_id]),
        "name": one.version.name,
        "state": one.get_state_display(),
    }
