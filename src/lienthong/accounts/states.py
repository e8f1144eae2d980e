"""Closed lists of the accounts context."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountKind(TextChoices):
    """Kinds of account. Loại tài khoản."""

    STAFF = "staff", _("cán bộ")
    CITIZEN = "citizen", _("công dân")
    ORGANIZATION = "organization", _("tổ chức")


class Role(TextChoices):
    """What a mandate lets an officer do in an agency. Vai trò.

    A step of a procedure names a role, never a person or an agency: agencies end, work goes on.
    """

    RECEIVER = "receiver", _("cán bộ tiếp nhận và trả kết quả")
    PROCESSOR = "processor", _("cán bộ thụ lý")
    DIVISION_HEAD = "division_head", _("trưởng phòng")
    LEADER = "leader", _("lãnh đạo ký duyệt")
    DESK_HEAD = "desk_head", _("phụ trách bộ phận một cửa")
    CATALOGUE_EDITOR = "catalogue_editor", _("cán bộ kiểm soát thủ tục")
    ADMINISTRATOR = "administrator", _("quản trị tài khoản")
    AUDITOR = "auditor", _("thanh tra, kiểm tra")
    ENUMERATOR = "enumerator", _("điều tra viên, rà soát viên")
    ACCOUNTANT = "accountant", _("kế toán chi trả")


class EndReason(TextChoices):
    """Why a session ended. Lý do kết thúc phiên đăng nhập."""

    SIGNED_OUT = "signed_out", _("tự đăng xuất")
    IDLE = "idle", _("để yên quá lâu")
    BY_OWNER = "by_owner", _("chủ tài khoản kết thúc từ nơi khác")
    BY_ADMINISTRATOR = "by_administrator", _("người quản trị kết thúc")
    PASSWORD_CHANGED = "password_changed", _("mật khẩu đã đổi")
    ACCOUNT_CLOSED = "account_closed", _("tài khoản đã đóng")
