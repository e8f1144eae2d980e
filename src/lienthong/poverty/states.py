"""Closed lists of the poverty review, and the literal table of what a commune's review goes through."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AreaKind(TextChoices):
    """Kinds of area, on which the poverty line depends. Khu vực."""

    RURAL = "rural", _("nông thôn")
    URBAN = "urban", _("thành thị")


class HouseholdClass(TextChoices):
    """Classes of household. Phân loại hộ."""

    POOR = "poor", _("hộ nghèo")
    NEAR_POOR = "near_poor", _("hộ cận nghèo")
    AVERAGE = "average", _("hộ có mức sống trung bình")
    NOT_POOR = "not_poor", _("hộ không nghèo")


# The classes that stand on the official list.
LISTED_CLASSES = (HouseholdClass.POOR, HouseholdClass.NEAR_POOR)


class RoundKind(TextChoices):
    """Kinds of round. Loại đợt rà soát."""

    PERIODIC = "periodic", _("rà soát định kỳ hằng năm")
    REGULAR = "regular", _("rà soát thường xuyên hằng tháng")


class CommuneState(TextChoices):
    """How far a commune is with a round. Tiến độ của xã trong đợt."""

    LISTING = "listing", _("lập danh sách")
    VISITING = "visiting", _("đang khảo sát")
    MEETING = "meeting", _("họp thôn")
    POSTED = "posted", _("đang niêm yết")
    DECIDED = "decided", _("đã quyết định")
    REPORTED = "reported", _("đã báo cáo tỉnh")


# Which states may follow; what leads there is in the services.
COMMUNE_MOVES: dict[CommuneState, tuple[CommuneState, ...]] = {
    CommuneState.LISTING: (CommuneState.VISITING,),
    CommuneState.VISITING: (CommuneState.MEETING,),
    CommuneState.MEETING: (CommuneState.POSTED, CommuneState.VISITING),
    CommuneState.POSTED: (CommuneState.DECIDED, CommuneState.MEETING),
    CommuneState.DECIDED: (CommuneState.REPORTED,),
    CommuneState.REPORTED: (),
}


class ListingSource(TextChoices):
    """Why a household is on the list to visit. Lý do đưa vào danh sách."""

    CURRENT_LIST = "current_list", _("đang là hộ nghèo, hộ cận nghèo")
    REQUEST = "request", _("có giấy đề nghị")
    ADDED = "added", _("xã bổ sung")


class VisitState(TextChoices):
    """What is still to do at a household of the list. Tình trạng khảo sát."""

    TO_VISIT = "to_visit", _("chưa khảo sát")
    REVISIT = "revisit", _("cần khảo sát lại")
    VISITED = "visited", _("đã khảo sát")
    SCREENED_OUT = "screened_out", _("không phải khảo sát tiếp (Phiếu A)")
    GONE = "gone", _("không còn ở địa bàn")


class GoneReason(TextChoices):
    """Why a household is no longer there. Lý do không còn."""

    MOVED_AWAY = "moved_away", _("chuyển đi nơi khác")
    DISSOLVED = "dissolved", _("hộ không còn (tách, nhập hộ, qua đời)")


class Cause(TextChoices):
    """Causes of poverty that a household names. Nguyên nhân nghèo."""

    LAND = "land", _("không có đất sản xuất")
    CAPITAL = "capital", _("không có vốn sản xuất, kinh doanh")
    LABOUR = "labour", _("không có lao động")
    TOOLS = "tools", _("không có công cụ, phương tiện sản xuất")
    KNOWLEDGE = "knowledge", _("không có kiến thức về sản xuất")
    SKILL = "skill", _("không có kỹ năng lao động, sản xuất")
    ILLNESS_ACCIDENT = "illness_accident", _("có người ốm đau, bệnh nặng, tai nạn")
    OTHER = "other", _("nguyên nhân khác")


class Movement(TextChoices):
    """What a round did to a household's place on the list. Biến động.

    For each of the two lists: opening + entries - exits = closing. ``RELAPSE`` was on a list in some earlier year, not in
    the one before; ``NEW`` never was.
    """

    STAYS_POOR = "stays_poor", _("vẫn là hộ nghèo")
    STAYS_NEAR_POOR = "stays_near_poor", _("vẫn là hộ cận nghèo")
    POOR_TO_NEAR_POOR = "poor_to_near_poor", _("thoát nghèo, thành hộ cận nghèo")
    NEAR_POOR_TO_POOR = "near_poor_to_poor", _("hộ cận nghèo thành hộ nghèo")
    POOR_EXITS = "poor_exits", _("thoát nghèo")
    NEAR_POOR_EXITS = "near_poor_exits", _("thoát cận nghèo")
    RELAPSE_POOR = "relapse_poor", _("tái nghèo")
    RELAPSE_NEAR_POOR = "relapse_near_poor", _("tái cận nghèo")
    NEW_POOR = "new_poor", _("hộ nghèo phát sinh mới")
    NEW_NEAR_POOR = "new_near_poor", _("hộ cận nghèo phát sinh mới")
    POOR_GONE = "poor_gone", _("hộ nghèo không còn ở địa bàn")
    NEAR_POOR_GONE = "near_poor_gone", _("hộ cận nghèo không còn ở địa bàn")
    NONE = "none", _("không thuộc danh sách, trước và sau")


class ApprovalState(TextChoices):
    """Whether something that needs a second person holds. Trạng thái phê duyệt."""

    DRAFT = "draft", _("chờ duyệt")
    APPROVED = "approved", _("đã duyệt")
    REFUSED = "refused", _("không duyệt")
    WITHDRAWN = "withdrawn", _("đã thôi dùng")


class LineKind(TextChoices):
    """Which line a provincial resolution raises. Loại chuẩn của tỉnh."""

    POOR = "poor", _("chuẩn nghèo về thu nhập")
    AVERAGE = "average", _("mức sống trung bình")


class FormKind(TextChoices):
    """Which form of the survey. Phiếu."""

    A = "phieu-a", _("Phiếu A: nhận dạng nhanh")
    B = "phieu-b", _("Phiếu B: khảo sát, chấm điểm (B1, B2)")
    C = "phieu-c", _("Phiếu C: thông tin thành viên hộ")


class SubmissionState(TextChoices):
    """What became of what a device sent. Trạng thái phiếu gửi về."""

    ACCEPTED = "accepted", _("đã nhận")
    SET_ASIDE = "set_aside", _("để riêng, chờ cán bộ xem")
    DISCARDED = "discarded", _("không dùng")


class FlagKind(TextChoices):
    """What makes a visit worth a second look. Dấu hiệu cần kiểm tra."""

    COPIED = "copied", _("câu trả lời giống hệt hộ khác")
    OUTLIER = "outlier", _("số liệu khác thường")
    TOO_FAST = "too_fast", _("khảo sát quá nhanh")
    FAR_AWAY = "far_away", _("vị trí xa địa bàn")
    SAME_PLACE = "same_place", _("nhiều hộ cùng một vị trí")
    DOUBLE = "double", _("hai người cùng khảo sát, kết quả khác nhau")
    CONTRADICTION = "contradiction", _("mâu thuẫn với sổ sách")
    COMPUTED_OTHERWISE = "computed_otherwise", _("điểm trên máy khác điểm tính lại")
    MEDIA_MISSING = "media_missing", _("thiếu ảnh")


class ObjectionState(TextChoices):
    """How far an objection is. Tình trạng khiếu nại, kiến nghị."""

    RECEIVED = "received", _("mới nhận")
    RECHECKING = "rechecking", _("đang phúc tra")
    ANSWERED = "answered", _("đã trả lời")


class ObjectionOutcome(TextChoices):
    """What an objection led to. Kết quả giải quyết."""

    UPHELD = "upheld", _("chấp nhận, sửa kết quả")
    DISMISSED = "dismissed", _("giữ nguyên kết quả")


class DecisionKind(TextChoices):
    """Kinds of decision of the commune's chair. Loại quyết định."""

    RECOGNIZE = "recognize", _("công nhận hộ nghèo, hộ cận nghèo")
    EXIT = "exit", _("công nhận hộ thoát nghèo, thoát cận nghèo")


class DecisionState(TextChoices):
    """Whether a decision is signed. Trạng thái quyết định."""

    PREPARED = "prepared", _("đã trình")
    SIGNED = "signed", _("đã ký")
    SENT_BACK = "sent_back", _("trả lại")


class RequestKind(TextChoices):
    """What a household asks for. Nội dung đề nghị."""

    RECOGNIZE = "recognize", _("công nhận hộ nghèo, hộ cận nghèo")
    EXIT = "exit", _("công nhận thoát nghèo, thoát cận nghèo")
    AVERAGE = "average", _("xác định hộ có mức sống trung bình")


class ImportState(TextChoices):
    """How far an imported list is. Tiến độ nhập danh sách."""

    READ = "read", _("chờ xác nhận cột")
    STAGED = "staged", _("chờ ghi")
    COMMITTED = "committed", _("đã ghi")
    CANCELLED = "cancelled", _("đã bỏ")


class RowOutcome(TextChoices):
    """What becomes of a row of an imported list. Kết quả từng dòng."""

    MATCHED = "matched", _("khớp với hộ đã có")
    CREATED = "created", _("lập hộ mới")
    UNCHANGED = "unchanged", _("không có gì đổi")
    REFUSED = "refused", _("không nhận")
