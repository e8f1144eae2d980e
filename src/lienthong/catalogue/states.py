"""Closed lists of the catalogue context."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VersionStatus(TextChoices):
    """Life of a version of a procedure. Trạng thái công bố."""

    DRAFT = "draft", _("dự thảo")
    PUBLISHED = "published", _("đã công bố")
    WITHDRAWN = "withdrawn", _("đã bãi bỏ")


class ReceivingLevel(TextChoices):
    """Where a request is handed in. Cấp tiếp nhận."""

    PROVINCE = "province", _("cấp tỉnh")
    COMMUNE = "commune", _("cấp xã")
    PROVINCE_OR_COMMUNE = "province_or_commune", _("cấp tỉnh hoặc cấp xã")


class OnlineLevel(TextChoices):
    """How much of a procedure can be done online. Mức độ dịch vụ công trực tuyến."""

    FULL = "full", _("toàn trình")
    PARTIAL = "partial", _("một phần")
    INFORMATION = "information", _("cung cấp thông tin")


class ApplicantKind(TextChoices):
    """Who may ask. Đối tượng thực hiện."""

    CITIZEN = "citizen", _("công dân")
    ORGANIZATION = "organization", _("tổ chức, doanh nghiệp")
    PUBLIC_BODY = "public_body", _("cơ quan nhà nước")


class Channel(TextChoices):
    """How a request is handed in. Cách thức nộp."""

    COUNTER = "counter", _("trực tiếp")
    ONLINE = "online", _("trực tuyến")
    POST = "post", _("bưu chính công ích")


class ItemKind(TextChoices):
    """In which form a required item is given. Hình thức của thành phần hồ sơ."""

    ORIGINAL = "submit_original", _("nộp bản chính")
    CERTIFIED_COPY = "submit_certified_copy", _("nộp bản sao chứng thực")
    COPY = "submit_copy", _("nộp bản sao")
    PRESENT_ONLY = "present_only", _("xuất trình để đối chiếu")
    DATA_LOOKUP = "data_lookup", _("khai thác từ cơ sở dữ liệu")
    E_FORM = "e_form", _("biểu mẫu điện tử")


class StepKind(TextChoices):
    """What is done in a step. Loại bước."""

    INTAKE = "intake", _("tiếp nhận")
    PROCESS = "process", _("thụ lý")
    CONSULT = "consult", _("lấy ý kiến")
    POST_NOTICE = "post_notice", _("niêm yết")
    REVIEW = "review", _("xem xét")
    DECIDE = "decide", _("phê duyệt")
    RETURN = "return", _("trả kết quả")


class StepPlace(TextChoices):
    """Which agency does a step: found anew for each dossier. Nơi thực hiện."""

    RECEIVING = "receiving", _("nơi tiếp nhận")
    COMPETENT = "competent", _("cơ quan có thẩm quyền")


class SupplementRule(TextChoices):
    """What the time limit does when a supplement is complete. Cách tính lại thời hạn sau bổ sung."""

    RESTART = "restart", _("tính lại từ đầu")
    RESUME = "resume", _("tính tiếp")


class Confidence(TextChoices):
    """How sure a fact is. Độ tin cậy."""

    VERIFIED = "verified", _("đã đối chiếu văn bản")
    SECONDARY = "secondary", _("nguồn thứ cấp")
    MEMORY = "memory", _("chưa kiểm chứng")


class StepRole(TextChoices):
    """Which mandate a step asks for. Vai trò trong quy trình.

    The values are those of ``accounts.states.Role`` that can hold a dossier; a test keeps the two in step.
    """

    RECEIVER = "receiver", _("cán bộ tiếp nhận và trả kết quả")
    PROCESSOR = "processor", _("cán bộ thụ lý")
    DIVISION_HEAD = "division_head", _("trưởng phòng")
    LEADER = "leader", _("lãnh đạo ký duyệt")


class StepLevel(TextChoices):
    """At which level the competent agency of a step stands. Cấp của cơ quan thực hiện bước."""

    PROVINCE = "province", _("cấp tỉnh")
    DISTRICT = "district", _("cấp huyện")
    COMMUNE = "commune", _("cấp xã")


class Standing(TextChoices):
    """How a version stands on a day. Tình trạng hiệu lực."""

    DRAFT = "draft", _("dự thảo")
    AHEAD = "ahead", _("chưa có hiệu lực")
    IN_FORCE = "in_force", _("đang có hiệu lực")
    ENDED = "ended", _("hết hiệu lực")
    WITHDRAWN = "withdrawn", _("đã bãi bỏ")


class FileFormat(TextChoices):
    """In which form procedures are carried. Định dạng tệp."""

    YAML = "yaml", "YAML"
    XLSX = "xlsx", "XLSX"
