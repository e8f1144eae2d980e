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
    """One paper of the checklist: what it is called, a note below it, and how many of it are usual."""

    number: int
    name: str
    note: str = ""
    originals: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the checklist with its bound fields, for the template."""

    paper: AskedPaper
    given: Any
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
            for kind, usual in (("originals", paper.originals), ("certified", 0), ("copies", paper.copies)):
                self.fields[f"item_{paper.number}_{kind}"] = django_forms.IntegerField(
                    required=False, min_value=0, max_value=MOST_OF_ONE_PAPER, initial=usual, error_messages=COUNT_ERRORS
                )
            self.fields[f"item_{paper.number}_files"] = forms.FilesField(
                required=False, label=_("Tệp đã quét"), help_text=""
            )

    def take_scans(self, *, by: int, now: datetime) -> None:
        """Keep the scans of this try and of those before; what is refused is told beside its paper."""
        self.scans, refusals = gather(self, by=by, now=now)
        for number, refusal in refusals:
            self.show(refusal, field=f"item_{number}_files")

    def miss(self, paper: AskedPaper) -> None:
        """Say beside a paper that it was not handed in."""
        sentence = _("Thiếu “%(name)s”. Nhận đủ rồi đánh dấu và ghi số bản, hoặc chọn tệp đã quét.")
        self.add_error(f"item_{paper.number}_given", sentence % {"name": paper.name})

    def rows(self) -> list[PaperRow]:
        """Return the checklist line by line, for the template."""
        return [
            PaperRow(
                paper=paper,
                given=self[f"item_{paper.number}_given"],
                originals=self[f"item_{paper.number}_originals"],
                certified=self[f"item_{paper.number}_certified"],
                copies=self[f"item_{paper.number}_copies"],
                files=self[f"item_{paper.number}_files"],
                scans=self.scans.get(paper.number, ()),
            )
            for paper in self.papers
        ]

    def uploads(self, number: int) -> list[Any]:
        """Return the files chosen for a paper in this try."""
        return self.cleaned_data.get(f"item_{number}_files") or []

    def kept_tokens(self, number: int) -> list[str]:
        """Return the tokens of the scans that an earlier try has brought for a paper."""
        return list(self.data.getlist(f"item_{number}_kept"))  # type: ignore[attr-defined]

    def given_items(self) -> list[GivenItem]:
        """Return what was handed in of each paper, nothing where nothing was."""
        return [self._given(paper.number) for paper in self.papers]

    def _given(self, number: int) -> GivenItem:
        files = tuple(scan.file_id for scan in self.scans.get(number, ()))
        data = self.cleaned_data
        if not data.get(f"item_{number}_given"):
            return GivenItem(number=number, files=files)
        return GivenItem(
            number=number,
            originals=data.get(f"item_{number}_originals") or 0,
            certified_copies=data.get(f"item_{number}_certified") or 0,
            copies=data.get(f"item_{number}_copies") or 0,
            files=files,
        )
