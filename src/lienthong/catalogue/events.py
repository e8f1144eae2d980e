"""What can happen to the catalogue. Streams: ``procedure:<code>``, and ``catalogue`` for what touches many at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from lienthong.infra.events import Fact, register_fact

CATALOGUE = "catalogue"


def stream_of(code: str) -> str:
    """Name the stream of a procedure."""
    return f"procedure:{code}"


@register_fact
@dataclass(frozen=True, kw_only=True)
class CatalogueLoaded(Fact):
    """Nạp danh mục gốc. ``versions`` holds the digest of each published version by its procedure and first day."""

    sentence = "Nạp danh mục gốc: {procedures} thủ tục, thêm {added} phiên bản"
    procedures: int
    added: int
    digest: str
    versions: dict[str, str] = field(default_factory=dict)


@register_fact
@dataclass(frozen=True, kw_only=True)
class ProceduresImported(Fact):
    """Nhập thủ tục từ tệp."""

    sentence = "Nhập tệp “{file_name}”: {added} dự thảo mới, {changed} dự thảo sửa"
    file_name: str
    added: int
    changed: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class VersionDrafted(Fact):
    """Soạn dự thảo một phiên bản."""

    sentence = "Soạn dự thảo phiên bản {number}"
    number: int
    name: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DraftEdited(Fact):
    """Sửa dự thảo."""

    sentence = "Sửa dự thảo phiên bản {number}: {what}"
    number: int
    what: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DraftDiscarded(Fact):
    """Bỏ dự thảo."""

    sentence = "Bỏ dự thảo phiên bản {number}"
    number: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class VersionPublished(Fact):
    """Công bố một phiên bản. ``digest`` is that of what it says."""

    sentence = "Công bố phiên bản {number} theo {decision_number}"
    number: int
    decision_number: str
    signed_on: date
    valid_from: date
    digest: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class WithdrawalPrepared(Fact):
    """Soạn bãi bỏ thủ tục."""

    sentence = "Soạn bãi bỏ thủ tục theo {decision_number}: {reason}"
    decision_number: str
    from_on: date
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class WithdrawalDiscarded(Fact):
    """Hủy bản bãi bỏ."""

    sentence = "Hủy bản bãi bỏ theo {decision_number}"
    decision_number: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ProcedureWithdrawn(Fact):
    """Bãi bỏ thủ tục."""

    sentence = "Bãi bỏ thủ tục theo {decision_number}: {reason}"
    decision_number: str
    from_on: date
    reason: str
    replaced_by: list[str]
