"""What can happen to an account: frozen facts in the past tense, told on the account's page. Stream ``account:<id>``."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact


def stream_of(user_id: int) -> str:
    """Return the name of an account's stream of events."""
    return f"account:{user_id}"


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountOpened(Fact):
    """Mở tài khoản."""

    sentence = "Tài khoản {username} được mở."
    username: str
    kind: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class AccountClosed(Fact):
    """Đóng tài khoản."""

    sentence = "Tài khoản được đóng: {reason}"
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class MandateGranted(Fact):
    """Phân công, ủy quyền."""

    sentence = "Được phân công {role_name}, {agency_name}, {span}."
    mandate_id: int
    role: str
    role_name: str
    agency_code: str
    agency_name: str
    fields: list[str]
    valid_from: date
    valid_until: date | None
    span: str
    basis: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class MandateEnded(Fact):
    """Kết thúc phân công."""

    sentence = "Hết phân công {role_name}, {agency_name}, {span}. Lý do: {reason}"
    mandate_id: int
    role: str
    role_name: str
    agency_code: str
    agency_name: str
    valid_from: date
    valid_until: date
    span: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class MandateWithdrawn(Fact):
    """Hủy phân công chưa có hiệu lực."""

    sentence = "Hủy phân công chưa có hiệu lực: {role_name}, {agency_name}, {span}. Lý do: {reason}"
    mandate_id: int
    role: str
    role_name: str
    agency_code: str
    agency_name: str
    valid_from: date
    valid_until: date | None
    span: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class SignedIn(Fact):
    """Đăng nhập."""

    sentence = "Đăng nhập bằng {device}."
    sign_in_id: int
    device: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class SessionEnded(Fact):
    """Kết thúc phiên đăng nhập."""

    sentence = "Kết thúc phiên đăng nhập bằng {device}: {because_name}."
    sign_in_id: int
    device: str
    because: str
    because_name: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact):
    """Đổi mật khẩu."""

    sentence = "Chủ tài khoản đổi mật khẩu."


@register_fact
@dataclass(frozen=True, kw_only=True)
class PasswordReset(Fact):
    """Cấp lại mật khẩu dùng một lần."""

    sentence = "Được cấp mật khẩu dùng một lần; mọi phiên đăng nhập đã kết thúc."
