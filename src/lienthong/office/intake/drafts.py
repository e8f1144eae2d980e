"""A draft that an officer began: what it says fills the form of the desk, and the desk receives it as the same dossier."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.handlers import ProcedureHandler
from lienthong.infra.http import HouseRequest
from lienthong.infra.questions import answer_value
from lienthong.kernel.text import fold
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True)
class NamedDraft:
    """The draft in the address; ``row`` is None where it is a draft of this desk no more."""

    draft_id: UUID
    row: Any

    def person_of(self, *, number: str, name: str) -> int | None:
        """Return the person that the draft is about, where the form still names them."""
        row = self.row
        is_same = row is not None and row.applicant_number == number and row.applicant_key == fold(name)
        return row.person_id if is_same else None


def named_draft(request: HouseRequest, code: str) -> NamedDraft | None:
    """Return the draft that the address names, None where it names none.

    Raises:
        DossierNotFound: A page is asked for a draft that is none of this desk, or none any more.
    """
    named = request.GET.get("draft", "")
    if not named:
        return None
    try:
        draft_id = UUID(named)
    except ValueError as wrong:
        raise dossiers.DossierNotFound from wrong
    row = None
    # Who sends the form of a draft that is gone is told so by the verb, with everything typed still there.
    with suppress(*([dossiers.DossierNotFound] if request.method == "POST" else [])):
        row = dossiers.get_desk_draft(draft_id, procedure_code=code, user=request.user, on=request.today)
    return NamedDraft(draft_id, row)


def told_in(draft: NamedDraft | None, handler: ProcedureHandler, *, desks: Sequence[Any], on: date) -> dict[str, Any]:
    """Return what a draft says, by the fields of the form; what it leaves open, or a desk of others, is left out."""
    row = draft.row if draft is not None else None
    if row is None:
        return {}
    commune = units.heir_on(row.unit, on)
    facts = {
        "name": row.applicant_name, "number": row.applicant_number, "phone": row.applicant_phone,
        "email": row.applicant_email, "address": row.applicant_address, "representative_name": row.representative_name,
        "summary": row.summary, "return_way": row.return_way, "return_address": row.return_address,
        "desk": str(row.receiving_agency_id) if row.receiving_agency in desks else "",
        "commune": str(commune.pk) if commune else "",
    }  # fmt: skip
    for question in handler.questions():
        facts[f"answer_{question.name}"] = answer_value(question.kind, row.answers.get(question.name))
    for item in row.items.order_by("number"):
        facts[f"item_{item.number}_given"] = item.is_given
        facts[f"item_{item.number}_not_applicable"] = item.is_not_applicable
    return {name: value for name, value in facts.items() if value not in ("", None, False)}
