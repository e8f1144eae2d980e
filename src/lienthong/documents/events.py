"""What can happen to a file: facts of the stream ``file:<id>``."""

from dataclasses import dataclass
from uuid import UUID

from lienthong.infra.events import Fact, register_fact


def stream_of(file_id: UUID) -> str:
    """Return the stream of a file."""
    return f"file:{file_id}"


@register_fact
@dataclass(frozen=True, kw_only=True)
class FileStored(Fact):
    """Tệp được lưu. ``declared_type`` is what the sender claimed; ``media_type`` is what it is."""

    sentence = "Tệp “{name}” được lưu."
    name: str
    sha256: str
    size: int
    media_type: str
    declared_type: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class FileDropped(Fact):
    """Tệp được giữ để xem rồi bỏ, vì không nhận được."""

    sentence = "Tệp không được nhận nên không giữ lại."


@register_fact
@dataclass(frozen=True, kw_only=True)
class FileAttached(Fact):
    """Tệp được đính kèm."""

    sentence = "Tệp được đính kèm vào {owner}."
    owner: str
    role: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class FileDetached(Fact):
    """Tệp được gỡ; dòng đính kèm vẫn giữ."""

    sentence = "Tệp được gỡ khỏi {owner}."
    owner: str
    role: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class FileMoved(Fact):
    """Tệp đính kèm được chuyển sang nơi khác, như từ bản nháp sang hồ sơ."""

    sentence = "Tệp được chuyển từ {from_owner} sang {to_owner}."
    from_owner: str
    to_owner: str
    role: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class FormIssued(Fact):
    """Biểu mẫu được cấp."""

    sentence = "{name} được cấp cho {owner}, lần {number}."
    owner: str
    form_code: str
    name: str
    number: int
