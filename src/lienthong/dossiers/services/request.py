"""What somebody asks for, as a form or an outside system hands it over, and how it is written on the dossier's row."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from lienthong.accounts.models import User
from lienthong.catalogue.models import ProcedureVersion, RequiredItem
from lienthong.catalogue.states import ItemKind
from lienthong.documents import services as documents
from lienthong.documents.models import StoredFile
from lienthong.dossiers import handlers
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.states import ItemMark
from lienthong.kernel.text import clean_line, fold

# Letters and digits that nobody takes for one another when a code is read out on the phone.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SECRET_LENGTH = 8
HANDED_IN = ("originals", "certified_copies", "copies", "is_given", "is_not_applicable")
PAPERS_NOT_HANDED_IN = (ItemKind.PRESENT_ONLY, ItemKind.DATA_LOOKUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who asks. Chủ hồ sơ.

    ``person_id`` or ``organization_id`` link to a known record; the names are kept as they were given.
    """

    name: str
    number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    person_id: int | None = None
    organization_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenItem:
    """One paper as it is handed in: how many of each, and the files that hold it. Thành phần đã nộp.

    ``is_not_applicable`` says of a paper that only some cases need that this is no such case.
    """

    number: int
    originals: int = 0
    certified_copies: int = 0
    copies: int = 0
    files: tuple[UUID, ...] = ()
    is_not_applicable: bool = False

    @property
    def is_given(self) -> bool:
        """Whether anything at all was handed in."""
        return bool(self.originals or self.certified_copies or self.copies or self.files)


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """One item that the applicant has to mend, and what is wrong with it."""

    number: int
    mark: ItemMark
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Everything that an applicant says, whatever door it comes through."""

    applicant: Applicant
    representative_name: str = ""
    summary: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    items: Sequence[GivenItem] = ()
    return_way: str = "counter"
    return_address: str = ""
    unit_id: int | None = None


def new_secret() -> str:
    """Return a tracking secret of eight letters and digits, about 40 bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(SECRET_LENGTH))


def write_request(dossier: Dossier, request: Request) -> None:
    """Put the applicant's words on the row; the caller saves it."""
    applicant = request.applicant
    dossier.person_id = applicant.person_id
    dossier.organization_id = applicant.organization_id
    dossier.applicant_name = clean_line(applicant.name, at_most=255)
    dossier.applicant_key = fold(dossier.applicant_name)
    dossier.applicant_number = clean_line(applicant.number, at_most=20)
    dossier.applicant_phone = clean_line(applicant.phone, at_most=20)
    dossier.applicant_email = clean_line(applicant.email, at_most=254)
    dossier.applicant_address = clean_line(applicant.address, at_most=400)
    dossier.representative_name = clean_line(request.representative_name, at_most=120)
    dossier.summary = clean_line(request.summary, at_most=1000)
    dossier.answers = dict(request.answers)
    dossier.return_way = request.return_way
    dossier.return_address = clean_line(request.return_address, at_most=400)
    dossier.unit_id = request.unit_id


def request_of(dossier: Dossier) -> Request:
    """Return what stands on the row, without papers: those are handed in one by one."""
    return Request(
        applicant=Applicant(
            name=dossier.applicant_name,
            number=dossier.applicant_number,
            phone=dossier.applicant_phone,
            email=dossier.applicant_email,
            address=dossier.applicant_address,
            person_id=dossier.person_id,
            organization_id=dossier.organization_id,
        ),
        representative_name=dossier.representative_name,
        summary=dossier.summary,
        answers=dossier.answers,
        return_way=dossier.return_way,
        return_address=dossier.return_address,
        unit_id=dossier.unit_id,
    )


def open_items(dossier: Dossier, version: ProcedureVersion) -> None:
    """Write the checklist of the version onto a new dossier, nothing given yet."""
    SubmittedItem.objects.bulk_create(
        SubmittedItem(dossier=dossier, number=item.number, name=item.name) for item in version.items.all()
    )


def write_items(
    dossier: Dossier, given: Sequence[GivenItem], *, acting_user: User | None, now: datetime
) -> list[SubmittedItem]:
    """Write what was handed in onto the checklist, attach the files, and return the whole checklist.

    What is handed in does apply, whatever was said of it before.
    """
    rows = {row.number: row for row in dossier.items.order_by("number")}
    unknown = [item.number for item in given if item.number not in rows]
    if unknown:
        raise ValueError(f"items {unknown} are not on the checklist of {dossier}")
    by = acting_user.pk if acting_user is not None else None
    files = StoredFile.objects.in_bulk([file_id for item in given for file_id in item.files])
    for item in given:
        row = rows[item.number]
        row.originals, row.certified_copies, row.copies = item.originals, item.certified_copies, item.copies
        for file_id in item.files:
            documents.attach(dossier.stream, f"item:{item.number}", files[file_id], by=by, now=now)
        row.is_given = item.is_given or row.is_given
        row.is_not_applicable = item.is_not_applicable and not row.is_given
    SubmittedItem.objects.bulk_update(rows.values(), HANDED_IN)
    return list(rows.values())


def missing_sentences(
    version: ProcedureVersion,
    items: Iterable[GivenItem | SubmittedItem],
    answers: Mapping[str, Any],
    *,
    on: date,
    officer_judges_cases: bool = False,
) -> list[str]:
    """Return a sentence for everything that is missing, all at once: papers first, then what the handler asks.

    Args:
        version: The version whose checklist counts.
        items: What is handed in, or was.
        answers: What the form says.
        on: Today.
        officer_judges_cases: Whether papers that only some cases need are left to the officer, because the applicant was
            never asked about them.
    """
    items = list(items)
    papers = [
        f"{item.name}{f' ({item.form_code})' if item.form_code and item.form_code not in item.name else ''}"
        for item in missing_papers(version, items)
    ]
    unclear = (
        []
        if officer_judges_cases
        else [
            f"Chưa rõ có cần “{item.name}” không: nộp giấy này, hoặc đánh dấu không thuộc trường hợp này"
            for item in unclear_papers(version, items)
        ]
    )
    return papers + unclear + list(handlers.for_procedure(version.procedure.code).missing(answers, on=on))


def missing_papers(version: ProcedureVersion, items: Iterable[GivenItem | SubmittedItem]) -> list[RequiredItem]:
    """Return the papers that every request needs and that were not handed in, in the order of the checklist."""
    there = {item.number for item in items if item.is_given}
    return [item for item in _checklist(version) if needed_in_every_case(item) and item.number not in there]


def unclear_papers(version: ProcedureVersion, items: Iterable[GivenItem | SubmittedItem]) -> list[RequiredItem]:
    """Return the papers that some cases need, and of which nobody has said whether this is one.

    A condition is free text: whoever knows the case hands the paper in, or says that it does not apply.
    """
    clear = {item.number for item in items if item.is_given or item.is_not_applicable}
    return [item for item in _checklist(version) if needed_in_some_cases(item) and item.number not in clear]


def needed_in_every_case(item: RequiredItem) -> bool:
    """Whether a request without this paper is incomplete, whatever the case."""
    return item.is_required and not item.condition and item.kind not in PAPERS_NOT_HANDED_IN


def needed_in_some_cases(item: RequiredItem) -> bool:
    """Whether a request without this paper is incomplete in the cases that its condition names."""
    return item.is_required and bool(item.condition) and item.kind not in PAPERS_NOT_HANDED_IN


def _checklist(version: ProcedureVersion) -> list[RequiredItem]:
    return sorted(version.items.all(), key=lambda item: item.number)
