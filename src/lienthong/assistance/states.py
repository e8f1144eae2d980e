"""Closed lists of social assistance and of people with merit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Programme(TextChoices):
    """Under which law something is paid; the code is also that of the payable source. Chương trình."""

    SOCIAL = "social-assistance", _("trợ giúp xã hội")
    MERIT = "merit", _("ưu đãi người có công")


class Benefit(TextChoices):
    """What is paid: the groups of social assistance, and the kinds of line of people with merit. Khoản hưởng."""

    PERSONAL = "personal", _("trợ cấp hằng tháng")
    OWN_SUPPORT = "own_support", _("hỗ trợ người khuyết tật mang thai, nuôi con nhỏ")
    CARER = "carer", _("hỗ trợ nhận chăm sóc, nuôi dưỡng")
    INSTITUTION = "institution", _("trợ cấp nuôi dưỡng trong cơ sở trợ giúp xã hội")
    FUNERAL = "funeral", _("hỗ trợ chi phí mai táng")
    EMERGENCY = "emergency", _("trợ giúp xã hội khẩn cấp")
    MONTHLY = "monthly", _("trợ cấp ưu đãi hằng tháng")
    SUPPLEMENT = "supplement", _("phụ cấp ưu đãi hằng tháng")
    ATTENDANT = "attendant", _("trợ cấp người phục vụ")
    EXTRA = "extra", _("trợ cấp nuôi dưỡng")
    STUDY = "study", _("ưu đãi trong giáo dục, đào tạo")
    YEARLY = "yearly", _("trợ cấp, hỗ trợ hằng năm")
    ONE_OFF = "one_off", _("trợ cấp một lần")
    AT_DEATH = "at_death", _("trợ cấp khi người có công từ trần")


PAID_ONCE = frozenset({Benefit.FUNERAL, Benefit.EMERGENCY, Benefit.AT_DEATH, Benefit.YEARLY, Benefit.ONE_OFF})
DECIDED_AGAIN = PAID_ONCE - {Benefit.YEARLY}
"""Of what a law that reaches back adds to these a person decides."""
BECAUSE_OF_DEATH = frozenset({Benefit.FUNERAL, Benefit.AT_DEATH})
"""What others ask for when somebody has died."""
SOCIAL_BENEFITS = (Benefit.PERSONAL, Benefit.OWN_SUPPORT, Benefit.CARER)
"""What people are paid each month; what an institution is paid for somebody stands beside it."""
MERIT_BENEFITS = (
    Benefit.MONTHLY, Benefit.SUPPLEMENT, Benefit.ATTENDANT, Benefit.EXTRA, Benefit.STUDY, Benefit.YEARLY, Benefit.ONE_OFF,
)  # fmt: skip

NOT_MONTHLY = (Benefit.FUNERAL, Benefit.EMERGENCY, Benefit.YEARLY, Benefit.ONE_OFF, Benefit.AT_DEATH)
"""What is paid once, or once a year: no part of a sum each month."""


class EntitlementState(TextChoices):
    """Whether a benefit is paid. Trạng thái hưởng."""

    ACTIVE = "active", _("đang hưởng")
    SUSPENDED = "suspended", _("tạm dừng")
    ENDED = "ended", _("đã thôi hưởng")


LIVE_STATES = (EntitlementState.ACTIVE, EntitlementState.SUSPENDED)


class PayeeGround(TextChoices):
    """Why somebody receives the money. Tư cách người nhận."""

    SELF = "self", _("chính người hưởng")
    GUARDIAN = "guardian", _("người giám hộ")
    AUTHORISED = "authorised", _("người được ủy quyền")
    CARER = "carer", _("người nhận chăm sóc, nuôi dưỡng")
    INSTITUTION = "institution", _("cơ sở trợ giúp xã hội")


GROUNDS_OF_PEOPLE = (PayeeGround.SELF, PayeeGround.GUARDIAN, PayeeGround.AUTHORISED, PayeeGround.CARER)
"""On which grounds a person receives the money; an institution only ever receives its own benefit."""


class DeathGrantPart(TextChoices):
    """What of the sums after a death a decision grants: the relatives' and the funeral's may go to two payees. Phần trợ cấp khi từ trần."""

    RELATIVES = "relatives", _("trợ cấp một lần đối với thân nhân")
    FUNERAL = "funeral", _("trợ cấp mai táng")
    BOTH = "both", _("trợ cấp một lần và trợ cấp mai táng")


class EmergencyPayee(TextChoices):
    """As what somebody receives what is given in an emergency. Tư cách người nhận trợ giúp khẩn cấp."""

    SELF = "self", _("chính người được hỗ trợ")
    HOUSEHOLD = "household", _("người đại diện hộ gia đình")
    GUARDIAN = "guardian", _("người giám hộ")
    AUTHORISED = "authorised", _("người được ủy quyền")
    BURIER = "burier", _("người, đại diện tổ chức đứng ra mai táng")
    CARER = "carer", _("người, gia đình nhận chăm sóc, nuôi dưỡng")


class EmergencyGrantKind(TextChoices):
    """What is given in an emergency: rice in kind, everything else in money. Loại trợ giúp khẩn cấp."""

    RICE = "rice", _("hỗ trợ gạo")
    INJURY = "injury", _("hỗ trợ người bị thương nặng")
    DEATH = "death", _("hỗ trợ mai táng khẩn cấp")
    HOUSE = "house", _("hỗ trợ về nhà ở")
    PROTECTION = "protection", _("hỗ trợ chăm sóc, nuôi dưỡng tạm thời")


EMERGENCY_GROUNDS = {
    EmergencyGrantKind.RICE: (EmergencyPayee.SELF, EmergencyPayee.HOUSEHOLD, EmergencyPayee.AUTHORISED),
    EmergencyGrantKind.INJURY: (
        EmergencyPayee.SELF, EmergencyPayee.HOUSEHOLD, EmergencyPayee.GUARDIAN, EmergencyPayee.AUTHORISED,
    ),
    EmergencyGrantKind.DEATH: (EmergencyPayee.HOUSEHOLD, EmergencyPayee.BURIER, EmergencyPayee.AUTHORISED),
    EmergencyGrantKind.HOUSE: (EmergencyPayee.SELF, EmergencyPayee.HOUSEHOLD, EmergencyPayee.AUTHORISED),
    EmergencyGrantKind.PROTECTION: (EmergencyPayee.CARER,),
}  # fmt: skip
"""As what somebody may receive what is given, by kind."""


class EmergencyGrantState(TextChoices):
    """Whether rice that was granted was handed out; money is paid by runs. Or taken back. Trạng thái trợ giúp khẩn cấp."""

    GRANTED = "granted", _("đã quyết định")
    HANDED_OUT = "handed_out", _("đã phát gạo")
    REVOKED = "revoked", _("đã thu hồi quyết định")


class OnceKind(TextChoices):
    """What is decided once and may be taken back, or paid to somebody else. Loại quyết định chi một lần."""

    FUNERAL = "funeral", _("hỗ trợ chi phí mai táng")
    AT_DEATH = "at-death", _("trợ cấp khi người có công từ trần")
    EMERGENCY = "emergency", _("trợ giúp xã hội khẩn cấp")
    TOP_UP = "top-up", _("bổ sung chênh lệch")


class ProposalKind(TextChoices):
    """What is proposed. Loại đề xuất."""

    GRANT = "grant", _("hưởng")
    ADJUST = "adjust", _("điều chỉnh mức hưởng")
    SUSPEND = "suspend", _("tạm dừng")
    RESUME = "resume", _("hưởng trở lại")
    STOP = "stop", _("thôi hưởng")
    MOVE = "move", _("chuyển nơi hưởng")
    CHANGE_PAYEE = "change_payee", _("thay người nhận")
    RECOVER = "recover", _("thu hồi tiền hưởng thừa")
    MERIT_CLAIM = "merit_claim", _("công nhận diện người có công, thân nhân")
    CERTIFICATE = "certificate", _("ghi giấy xác nhận khuyết tật")
    EMERGENCY = "emergency", _("trợ giúp khẩn cấp")
    REINSTATE = "reinstate", _("phục hồi hưởng")
    WITHDRAW_DEATH = "not_dead", _("rút ghi nhận đã chết")
    REVOKE_ONCE = "funeral_back", _("thu hồi quyết định chi một lần")
    NAME_PAYEE = "once_payee", _("thay người nhận khoản chi một lần")
    TOP_UP = "top_up", _("bổ sung chênh lệch khoản chi một lần")


class ProposalState(TextChoices):
    """What became of a proposal. Trạng thái đề xuất."""

    PENDING = "pending", _("chờ duyệt")
    APPROVED = "approved", _("đã duyệt")
    REFUSED = "refused", _("không duyệt")
    WITHDRAWN = "withdrawn", _("đã rút")


class RecoveryState(TextChoices):
    """Whether an overpayment is still being recovered. Trạng thái thu hồi."""

    OPEN = "open", _("đang thu hồi")
    SETTLED = "settled", _("đã thu đủ")
    CANCELLED = "cancelled", _("không thu nữa")


class FindingKind(TextChoices):
    """What does not fit between who is entitled and who receives. Loại phát hiện."""

    NOT_RECEIVING = "not_receiving", _("đủ điều kiện nhưng chưa hưởng")
    DEAD = "dead", _("đã chết vẫn còn hưởng")
    NO_LONGER = "no_longer", _("không còn đủ điều kiện")
    CLASS_CHANGED = "class_changed", _("phân loại hộ đã thay đổi")
    DOUBLE = "double", _("hưởng trùng")
    AMOUNT_DIFFERS = "amount_differs", _("mức đang hưởng khác mức theo quy định")
    UNCOLLECTED = "uncollected", _("nhiều tháng liền không nhận tiền")
    REFUSED_REVIEW = "refused_review", _("quá hạn tạm dừng, vẫn không chấp hành xác định lại")
    LACKS_FACTS = "lacks_facts", _("tạm giữ mức, chưa đủ thông tin")
    PLACE_DIVIDED = "place_divided", _("nơi chi trả đã chia về nhiều xã")
    ONCE_DIFFERS = "once_differs", _("khoản chi một lần thấp hơn mức mới")


class ReviewState(TextChoices):
    """How far a pass over everybody is. Trạng thái lượt rà soát."""

    WAITING = "waiting", _("đang chờ")
    RUNNING = "running", _("đang rà soát")
    DONE = "done", _("đã xong")
    FAILED = "failed", _("chưa làm được")


class FindingState(TextChoices):
    """What became of a finding. Trạng thái phát hiện."""

    OPEN = "open", _("chưa xử lý")
    DRAFTED = "drafted", _("đã lập hồ sơ")
    DISMISSED = "dismissed", _("bỏ qua")
    SETTLED = "settled", _("đã xử lý")


class TakeOverState(TextChoices):
    """What became of a register that is taken over. Trạng thái tiếp nhận danh sách."""

    STAGED = "staged", _("chờ duyệt")
    APPROVED = "approved", _("đã tiếp nhận")
    REFUSED = "refused", _("không tiếp nhận")


class LawChangeState(TextChoices):
    """How far the application of a new law is. Trạng thái áp dụng mức mới."""

    RECKONING = "reckoning", _("đang tính")
    PREPARED = "prepared", _("đã lập, chờ duyệt")
    APPLYING = "applying", _("đang áp dụng")
    APPLIED = "applied", _("đã áp dụng")
    REFUSED = "refused", _("không áp dụng")


class LawRowState(TextChoices):
    """What becomes of a difference. Cách xử lý chênh lệch.

    ``APART`` is what another cause than the law has a share in, and every decision that is paid once; ``CHANGED`` what became
    otherwise after it was reckoned.
    """

    LAW = "law", _("do mức mới")
    APART = "apart", _("có nguyên nhân khác, xem riêng")
    OPEN = "open", _("chưa đủ thông tin, xem riêng")
    CHANGED = "changed", _("thông tin đổi sau khi tính, xem riêng")
    DONE = "done", _("đã áp dụng")
