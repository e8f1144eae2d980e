"""Taking in at the desk what an applicant was asked for: only the papers that are open, all of them in one go."""

from datetime import datetime
from typing import Any

from lienthong.dossiers import services as dossiers
from lienthong.office.checklist import AskedPaper, ChecklistForm
from lienthong.office.dossiers.forms import ActForm


class AnswerForm(ActForm, ChecklistForm):
    """The open papers of a dossier, each with what an officer found wrong with it."""

    def prepare(self) -> None:
        """Lay out the papers that are open to the applicant."""
        rows = self.dossier.items.filter(is_open=True).order_by("number")
        self.lay_out([AskedPaper(number=row.number, name=row.name, note=row.comment, originals=1) for row in rows])

    def take_files(self, *, by: int, now: datetime) -> None:
        """Keep the scans, and say beside each open paper that it is still missing."""
        self.take_scans(by=by, now=now)
        there = {item.number for item in self.given_items() if item.is_given}
        for paper in self.papers:
            if paper.number not in there:
                self.miss(paper)


def answer(form: AnswerForm, user: Any, now: datetime) -> Any:
    """Hand in an answer to a supplement."""
    command = dossiers.AnswerSupplement(target=form.target(), items=form.given_items())
    return dossiers.answer_supplement(command, acting_user=user, now=now)


def complete(form: AnswerForm, user: Any, now: datetime) -> Any:
    """Hand in what was missing before receipt."""
    command = dossiers.CompleteDossier(target=form.target(), items=form.given_items())
    return dossiers.complete_dossier(command, acting_user=user, now=now)
