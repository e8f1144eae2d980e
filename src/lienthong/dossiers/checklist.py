"""The checklist of a dossier line by line: what the law asks for, what was handed in, what an officer found of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lienthong.catalogue.models import ProcedureVersion, RequiredItem
from lienthong.catalogue.states import ItemKind
from lienthong.documents import queries as documents
from lienthong.documents.models import StoredFile
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.services.request import PAPERS_NOT_HANDED_IN, needed_in_every_case, needed_in_some_cases


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of the checklist. Thành phần hồ sơ, quy định và đã nộp."""

    row: SubmittedItem
    asked: RequiredItem | None
    files: tuple[StoredFile, ...] = ()

    @property
    def number(self) -> int:
        """Its place on the checklist."""
        return self.row.number

    @property
    def name(self) -> str:
        """What it is called."""
        return self.row.name

    @property
    def is_handed_in(self) -> bool:
        """Whether it is handed in at all: some papers are only shown, some are looked up in a database."""
        return self.asked is None or self.asked.kind not in PAPERS_NOT_HANDED_IN

    @property
    def is_demanded(self) -> bool:
        """Whether a request without it is incomplete, whatever the case."""
        return self.asked is not None and needed_in_every_case(self.asked)

    @property
    def depends_on_case(self) -> bool:
        """Whether a request without it is incomplete in the cases that its condition names."""
        return self.asked is not None and needed_in_some_cases(self.asked)

    @property
    def is_not_applicable(self) -> bool:
        """Whether the applicant says that the case does not need it, and no officer has asked for it since."""
        return self.row.is_not_applicable and not self.row.is_open

    @property
    def is_missing(self) -> bool:
        """Whether it still has to come before the request can be sent."""
        return self.is_demanded and not self.row.is_given

    @property
    def is_unclear(self) -> bool:
        """Whether nobody has said yet if the case needs it."""
        return self.depends_on_case and not self.row.is_given and not self.is_not_applicable

    @property
    def is_to_do(self) -> bool:
        """Whether something has to be done about it before the request can be sent."""
        return self.is_missing or self.is_unclear

    @property
    def is_looked_up(self) -> bool:
        """Whether the office finds it in a database by itself."""
        return self.asked is not None and self.asked.kind == ItemKind.DATA_LOOKUP


@dataclass(frozen=True, slots=True)
class ChecklistChange:
    """How the checklist of a draft changes when it moves to another version."""

    kept: tuple[str, ...]
    added: tuple[RequiredItem, ...]
    dropped: tuple[Paper, ...]


def checklist_of(dossier: Dossier) -> list[Paper]:
    """Return the checklist of a dossier in order, each paper with the files that were handed in for it."""
    asked = {item.number: item for item in RequiredItem.objects.filter(version=dossier.version_id).order_by("number")}
    files: dict[str, list[StoredFile]] = {}
    for attachment in documents.attachments_of(dossier.stream):
        files.setdefault(attachment.role, []).append(attachment.file)
    return [
        Paper(row, asked.get(row.number), tuple(files.get(f"item:{row.number}", ())))
        for row in dossier.items.order_by("number")
    ]


def change_to(version: ProcedureVersion, *, papers: Sequence[Paper]) -> ChecklistChange:
    """Return what another version asks for, beside what a draft has: what stays, what is new, what is asked no more."""
    asked = list(version.items.order_by("number"))
    names = {item.name for item in asked}
    held = {paper.name for paper in papers}
    return ChecklistChange(
        kept=tuple(paper.name for paper in papers if paper.name in names),
        added=tuple(item for item in asked if item.name not in held),
        dropped=tuple(paper for paper in papers if paper.name not in names),
    )
