"""What can happen to where somebody, or an organisation, is paid. No number of an account stands here: the row keeps it."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact
from lienthong.payments.states import AccountSource, Channel, NameCheck


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountRecorded(Fact):
    """Ghi nơi nhận tiền của một người hoặc một tổ chức."""

    sentence = "Ghi nơi nhận tiền: {channel}, từ ngày {valid_from}. Nguồn: {source}. Tên chủ tài khoản: {name_check}."
    coded = {"channel": Channel, "source": AccountSource, "name_check": NameCheck}
    account_id: int
    person_id: int | None = None
    organization_id: int | None = None
    channel: str
    source: str
    name_check: str
    valid_from: date
    import_id: int | None = None


@register_fact
@dataclass(frozen=True, kw_only=True)
class HolderChecked(Fact):
    """Đối chiếu lại tên chủ tài khoản với người nhận."""

    sentence = "Đối chiếu lại tên chủ tài khoản: {name_check}."
    coded = {"name_check": NameCheck}
    account_id: int
    name_check: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountVerified(Fact):
    """Người thứ hai xác nhận một nơi nhận tiền."""

    sentence = "Người thứ hai xác nhận tài khoản là của người nhận. Căn cứ: {reason}"
    account_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class HolderConfirmed(Fact):
    """Người thứ hai xác nhận tên gần giống là cùng một người."""

    sentence = "Xác nhận tên gần giống là của cùng một người. Căn cứ: {reason}"
    account_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountEnded(Fact):
    """Thôi dùng một nơi nhận tiền."""

    sentence = "Thôi dùng từ ngày {valid_until}. {reason}"
    account_id: int
    person_id: int | None = None
    organization_id: int | None = None
    valid_until: date
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountsReadAsked(Fact):
    """Nạp một danh sách tài khoản để đọc thử từng dòng."""

    sentence = "Nạp danh sách tài khoản để đọc thử từng dòng."
    import_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountsWriteAsked(Fact):
    """Người thứ hai yêu cầu ghi một danh sách tài khoản."""

    sentence = "Yêu cầu ghi danh sách tài khoản đã xem."
    import_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountsImported(Fact):
    """Ghi một danh sách tài khoản."""

    sentence = "Đã ghi danh sách tài khoản: {created} mới, {changed} thay, {unchanged} không đổi."
    import_id: int
    digest: str
    created: int
    changed: int
    unchanged: int
