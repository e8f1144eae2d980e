"""What stands on the printed papers of the village's part: plain frozen values. The layouts are in ``forms/*.typ``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from lienthong.documents.form_data import PaperData, QrCode

FORMS = Path(__file__).parent / "forms"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One household on a paper, with its class before and after, in words."""

    head: str
    code: str = ""
    hamlet: str = ""
    size: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A result that the village changed, with the votes in words."""

    head: str
    before: str
    after: str
    votes: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPaper(PaperData):
    """Minutes of a village meeting. Biên bản họp thôn."""

    code = "poverty_minutes"
    layout = FORMS / "minutes.typ"
    title = ("BIÊN BẢN HỌP THÔN, TỔ DÂN PHỐ",)

    round_words: str
    commune: str
    hamlet: str
    held_at: datetime
    meeting_place: str
    chair: str
    secretary: str
    supervisor: str
    attendees: int
    households_present: int | None
    agreed: int
    share: str
    conclusion: str
    opinions: str
    rows: tuple[ResultRow, ...]
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingPaper(PaperData):
    """The list as it hangs out. Thông báo niêm yết."""

    code = "poverty_posting"
    layout = FORMS / "posting.typ"
    title = ("THÔNG BÁO NIÊM YẾT", "KẾT QUẢ RÀ SOÁT HỘ NGHÈO, HỘ CẬN NGHÈO")

    round_words: str
    commune: str
    number: int
    posted_on: date
    last_day: date
    places: str
    recheck_days: int
    rows: tuple[ResultRow, ...]
    poor: int
    near_poor: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexRow:
    """One household in the annex of a decision; ``note`` is the certificate's number, or the movement in words."""

    head: str
    code: str
    hamlet: str
    size: str
    result: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPaper(PaperData):
    """A decision of the commune's chair with its list. Quyết định công nhận."""

    code = "poverty_decision"
    layout = FORMS / "decision.typ"
    title = ("QUYẾT ĐỊNH",)

    number: str
    about: str
    is_draft: bool
    commune: str
    grounds: tuple[str, ...]
    what: str
    applies_from: date
    signer_name: str
    has_certificates: bool
    rows: tuple[AnnexRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One page of the certificates."""

    number: str
    class_words: str
    head: str
    household_code: str
    address: str
    size: str
    qr: QrCode


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesPaper(PaperData):
    """The certificates that a decision gives out, one page each. Giấy chứng nhận hộ nghèo, hộ cận nghèo."""

    code = "poverty_certificates"
    layout = FORMS / "certificates.typ"
    title = ("GIẤY CHỨNG NHẬN HỘ NGHÈO, HỘ CẬN NGHÈO",)

    commune: str
    decision_number: str
    signed_on: date
    applies_from: date
    signer_name: str
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPaper(PaperData):
    """The written answer to an objection. Trả lời khiếu nại, kiến nghị."""

    code = "poverty_answer"
    layout = FORMS / "answer.typ"
    title = ("TRẢ LỜI Ý KIẾN", "VỀ KẾT QUẢ RÀ SOÁT HỘ NGHÈO, HỘ CẬN NGHÈO")

    commune: str
    round_words: str
    addressee: str
    household: str
    raised_on: date
    content: str
    answer: str
    outcome: str
    is_upheld: bool
