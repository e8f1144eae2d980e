"""A checklist of papers as a form: which were handed in, how many of each, and their scans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.dossiers.services import GivenItem
from lienthong.infra import forms
from lienthong.office.scans import Scan, gather
from lienthong.office.sent_once import SentOnce

MOST_OF_ONE_PAPER = 99
COUNT_ERRORS = {
    "min_value": gettext_lazy("Số bản không thể âm."),
    "max_value": gettext_lazy("Số bản tối đa là 99. Kiểm tra lại."),
    "invalid": gettext_lazy("Số bản là một số, ví dụ 1."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPaper:
    """One paper of the checklist: what it is called, a note below it, and how many of it are usual.

    ``may_not_apply`` lets the clerk say that this is no case that needs it.
    """

    number: int
    name: str
    note: str = ""
    originals: int = 0
    copies: int = 0
    may_not_apply: bool = False


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the checklist with its bound fields, for the template. A paper that always applies has no such box."""

    paper: AskedPaper
    given: Any
    not_applicable: Any
    originals: Any
    certified: Any
    copies: Any
    files: Any
    scans: Sequence[Scan]


class ChecklistForm(SentOnce):
    """A form with a checklist. Call ``lay_out`` when it is made, and ``take_scans`` when it was sent."""

    papers: Sequence[AskedPaper] = ()
    scans: Mapping[int, Sequence[Scan]] = {}

    def lay_out(self, papers: Sequence[AskedPaper]) -> None:
        """Add the fields of each paper."""
        self.papers = list(papers)
        for paper in self.papers:
            self.fields[f"item_{paper.number}_given"] = django_forms.BooleanField(required=False, label=_("Đã nhận"))
            if paper.may_not_apply:
                self.fields[f"item_{paper.number}_not_applicable"] = django_forms.BooleanField(
                    required=False, label=_("Không thuộc trường hợp này")
                )
            for kind, usual in (("originals", paper.originals), ("certified", 0), ("copies", paper.copies)):
                self.fields[f"item_{paper.number}_{kind}"] = django_forms.IntegerField(
                    required=False, min_value=0, max_value=MOST_OF_ONE_PAPER, initial=usual, error_messages=COUNT_ERRORS
                )
            self.fields[f"item_{paper.number}_files"] = forms.FilesField(
                required=False, label=_("Tệp đã quét"), help_text=""
            )

    def take_scans(self, *, by: int, now: datetime) -> None:
        """Keep the scans of this try and of those before; what is refused is told beside its paper."""
        scans = {}
        for number in (paper.number for paper in self.papers):
            kept, uploads = self._kept_tokens(number), self._uploads(number)
            scans[number], refusals = gather(number, kept=kept, uploads=uploads, by=by, now=now)
            for refusal in refusals:
                self.show(refusal, field=f"item_{number}_files")
        self.scans = scans

    def miss(self, paper: AskedPaper) -> None:
        """Say beside a paper that it was not handed in."""
        sentence = _("Thiếu “%(name)s”. Nhận đủ rồi đánh dấu và ghi số bản, hoặc chọn tệp đã quét.")
        self.add_error(f"item_{paper.number}_given", sentence % {"name": paper.name})

    def wonder(self, paper: AskedPaper) -> None:
        """Say beside a paper that nobody has said whether the case needs it."""
        sentence = _("Chưa rõ có cần “%(name)s” không: nộp giấy này, hoặc đánh dấu không thuộc trường hợp này.")
        self.add_error(f"item_{paper.number}_not_applicable", sentence % {"name": paper.name})

    def refuse_contradictions(self) -> None:
        """Say beside each paper that is said both to be here and not to apply that only one can be."""
        sentence = _("“%(name)s” vừa ghi là đã nhận vừa ghi là không thuộc trường hợp này. Bỏ một trong hai.")
        for paper in self.papers:
            if self._says_not_applicable(paper.number) and self._given(paper.number).is_given:
                self.add_error(f"item_{paper.number}_not_applicable", sentence % {"name": paper.name})

    def rows(self) -> list[PaperRow]:
        """Return the checklist line by line, for the template."""
        return [
            PaperRow(
                paper=paper,
                given=self[f"item_{paper.number}_given"],
                not_applicable=self[f"item_{paper.number}_not_applicable"] if paper.may_not_apply else None,
                originals=self[f"item_{paper.number}_originals"],
                certified=self[f"item_{paper.number}_certified"],
                copies=self[f"item_{paper.number}_copies"],
                files=self[f"item_{paper.number}_files"],
                scans=self.scans.get(paper.number, ()),
            )
            for paper in self.papers
        ]

    def given_items(self) -> list[GivenItem]:
        """Return what was handed in or said of each paper, nothing where nothing was."""
        return [self._given(paper.number) for paper in self.papers]

    def _uploads(self, number: int) -> list[Any]:
        """Return the files chosen for a paper in this try."""
        return self.cleaned_data.get(f"item_{number}_files") or []

    def _kept_tokens(self, number: int) -> list[str]:
        """Return the tokens of the scans that an earlier try has brought for a paper."""
        return list(self.data.getlist(f"item_{number}_kept"))  # type: ignore[attr-defined]

    def _given(self, number: int) -> GivenItem:
        files = tuple(scan.file_id for scan in self.scans.get(number, ()))
        data = self.cleaned_data
        if not data.get(f"item_{number}_given"):
            return GivenItem(number=number, files=files, is_not_applicable=self._says_not_applicable(number))
        return GivenItem(
            number=number,
            originals=data.get(f"item_{number}_originals") or 0,
            certified_copies=data.get(f"item_{number}_certified") or 0,
            copies=data.get(f"item_{number}_copies") or 0,
            files=files,
        )

    def _says_not_applicable(self, number: int) -> bool:
        return bool(self.cleaned_data.get(f"item_{number}_not_applicable"))
