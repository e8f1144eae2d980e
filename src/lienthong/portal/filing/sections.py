"""The parts of a request, each with how it stands: what the task list and the check before sending show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.dossiers import handlers
from lienthong.dossiers.checklist import Paper
from lienthong.dossiers.states import ReturnWay
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is still missing, and where it is given."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a request. ``lacks`` names what is still missing; empty when the part is done."""

    key: str
    title: str
    url: str
    hint: str
    lacks: tuple[Lack, ...]
    is_begun: bool = True

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacks

    @property
    def words(self) -> str:
        """How it stands, in words."""
        return _("Đã xong") if self.is_done else _("Đang làm dở") if self.is_begun else _("Chưa bắt đầu")

    @property
    def tone(self) -> str:
        """How it stands, as a tone."""
        return "done" if self.is_done else "open" if self.is_begun else "draft"


def sections_of(draft: Any, papers: Sequence[Paper], *, on: date) -> list[Section]:
    """Return the parts of a draft in the order in which they are asked."""
    return [_where(draft, on), _who(draft), _details(draft, on), _papers(draft, papers), _result(draft)]


def _address(draft: Any, name: str, *parts: Any) -> str:
    return reverse(f"portal:draft_{name}", args=[draft.public_id, *parts])


def _where(draft: Any, on: date) -> Section:
    agency = draft.receiving_agency
    is_there = agency is not None and units.agencies_on(on).filter(pk=agency.pk).exists()
    return Section(
        key="where",
        title=_("Nơi nộp hồ sơ"),
        url=_address(draft, "where"),
        hint=agency.name if is_there else "",
        lacks=() if is_there else (Lack(_("Chưa chọn nơi nộp hồ sơ"), _address(draft, "where")),),
        is_begun=agency is not None,
    )


def _who(draft: Any) -> Section:
    wanted = {
        _("Chưa có tên chủ hồ sơ"): draft.applicant_name,
        _("Chưa có số điện thoại"): draft.applicant_phone,
        _("Chưa có địa chỉ"): draft.applicant_address,
    }
    return Section(
        key="who",
        title=_("Chủ hồ sơ và cách liên hệ"),
        url=_address(draft, "who"),
        hint=draft.applicant_name,
        lacks=tuple(Lack(sentence, _address(draft, "applicant")) for sentence, value in wanted.items() if not value),
        is_begun=bool(draft.applicant_name),
    )


def _details(draft: Any, on: date) -> Section:
    handler = handlers.for_procedure(draft.procedure_code)
    asks = bool(handler.questions())
    return Section(
        key="details",
        title=_("Nội dung yêu cầu"),
        url=_address(draft, "details"),
        hint="" if asks else _("Không bắt buộc: chỉ khi bạn muốn nói rõ thêm"),
        lacks=tuple(Lack(one, _address(draft, "details")) for one in handler.missing(draft.answers, on=on)),
        is_begun=any(str(answer).strip() for answer in draft.answers.values()),
    )


def _papers(draft: Any, papers: Sequence[Paper]) -> Section:
    to_do = [paper for paper in papers if paper.is_to_do]
    missing, given = sum(paper.is_missing for paper in papers), sum(paper.row.is_given for paper in papers)
    return Section(
        key="papers",
        title=_("Giấy tờ gửi kèm"),
        url=_address(draft, "papers"),
        hint=_how_many(missing=missing, unclear=len(to_do) - missing, given=given),
        lacks=tuple(Lack(_lacking(paper), _address(draft, "paper", paper.number)) for paper in to_do),
        is_begun=any(paper.row.is_given or paper.is_not_applicable for paper in papers),
    )


def _how_many(*, missing: int, unclear: int, given: int) -> str:
    if missing:
        return ngettext("Còn thiếu %(n)s giấy tờ", "Còn thiếu %(n)s giấy tờ", missing) % {"n": missing}
    if unclear:
        words = ngettext("Còn %(n)s giấy tờ chưa rõ có cần không", "Còn %(n)s giấy tờ chưa rõ có cần không", unclear)
        return words % {"n": unclear}
    return _("Đã có %(n)s giấy tờ") % {"n": given} if given else _("Không bắt buộc giấy tờ nào")


def _lacking(paper: Paper) -> str:
    if paper.is_missing:
        return _("Chưa có giấy tờ: %(name)s") % {"name": paper.name}
    return _("Chưa rõ có cần “%(name)s” không") % {"name": paper.name}


def _result(draft: Any) -> Section:
    way = ReturnWay(draft.return_way)
    lacks = way is ReturnWay.POST and not draft.return_address
    return Section(
        key="result",
        title=_("Cách nhận kết quả"),
        url=_address(draft, "result"),
        hint=str(way.label).capitalize(),
        lacks=(Lack(_("Chưa có địa chỉ nhận kết quả qua bưu chính"), _address(draft, "result")),) if lacks else (),
    )
