"""What is wrong with a procedure, or worth a second look: where it stands, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    """Which part of a version a finding is about. Phần của thủ tục."""

    FACTS = "facts", _("Thông tin chung")
    START_PAGE = "start-page", _("Trang giới thiệu")
    ITEMS = "items", _("Thành phần hồ sơ")
    STEPS = "steps", _("Quy trình")
    TIME = "time", _("Thời hạn")
    FEES = "fees", _("Phí, lệ phí")
    RESULTS = "results", _("Kết quả")
    LAW = "law", _("Căn cứ và nguồn")


class Severity(TextChoices):
    """Whether a finding stands in the way. Mức độ."""

    ERROR = "error", _("phải sửa")
    WARNING = "warning", _("nên xem lại")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at. ``place`` names where in words ("bước 3"), and is empty for the whole."""

    text: str
    place: str = ""
    severity: Severity = Severity.ERROR
    part: Part | None = None

    @property
    def in_its_part(self) -> str:
        """The same where the part is named already: only a numbered row is still named."""
        return str(self) if any(letter.isdigit() for letter in self.place) else self.text

    def __str__(self) -> str:
        return f"{self.place[:1].upper()}{self.place[1:]}: {self.text}" if self.place else self.text


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the findings that stand in the way."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
