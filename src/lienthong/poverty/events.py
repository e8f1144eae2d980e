"""What can happen in the poverty review. Ids, classes and counts only: nothing here says who a person is."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact
from lienthong.poverty.states import CommuneState, FlagKind, FormKind, HouseholdClass, ObjectionOutcome, RequestKind


@register_fact
@dataclass(frozen=True, kw_only=True)
class PointsTableLoaded(Fact):
    """Nạp một bảng điểm B1, chờ người thứ hai duyệt."""

    sentence = "Đã nạp bảng điểm B1 phiên bản {number} của chuẩn {standard_id}."
    table_id: int
    standard_id: str
    number: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PointsTableApproved(Fact):
    """Duyệt một bảng điểm B1."""

    sentence = "Bảng điểm B1 phiên bản {number} của chuẩn {standard_id} đã được duyệt."
    table_id: int
    standard_id: str
    number: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class StandardChangeDecided(Fact):
    """Duyệt hoặc không duyệt một chuẩn riêng của tỉnh, một khu vực, một bảng điểm. ``what``: loại và mã số của nó."""

    sentence = "{what}: {state}. {reason}"
    what: str
    state: str
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class FormPublished(Fact):
    """Phát hành một phiên bản phiếu khảo sát."""

    sentence = "Phát hành {form_id} phiên bản {version}."
    coded = {"form_id": FormKind}
    form_id: str
    version: str
    md5: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeviceAdded(Fact):
    """Thêm một máy của điều tra viên."""

    sentence = "Đã thêm một máy khảo sát cho điều tra viên."
    device_id: int
    user_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeviceRevoked(Fact):
    """Thu hồi một máy của điều tra viên."""

    sentence = "Đã thu hồi một máy khảo sát."
    device_id: int
    user_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class RoundOpened(Fact):
    """Mở một đợt rà soát."""

    sentence = "Mở đợt rà soát kỳ {period} với {communes} xã, phường, theo chuẩn {standard_id}."
    round_id: int
    period: str
    standard_id: str
    communes: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class RoundClosed(Fact):
    """Đóng một đợt rà soát."""

    sentence = "Đóng đợt rà soát kỳ {period}."
    round_id: int
    period: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ListMade(Fact):
    """Lập hoặc bổ sung danh sách hộ cần rà soát của một xã."""

    sentence = "Danh sách rà soát thêm {added} hộ, tổng cộng {households} hộ."
    commune_review_id: int
    added: int
    households: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class ReviewAsked(Fact):
    """Một hộ đề nghị được rà soát."""

    sentence = "Hộ đề nghị rà soát ({kind})."
    coded = {"kind": RequestKind}
    request_id: int
    household_code: str
    kind: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class VisitsAssigned(Fact):
    """Giao hộ cho điều tra viên."""

    sentence = "Đã giao {households} hộ cho một điều tra viên."
    commune_review_id: int
    enumerator_id: int
    households: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class StageMoved(Fact):
    """Một xã chuyển sang bước khác của đợt rà soát."""

    sentence = "Chuyển từ bước “{state_from}” sang bước “{state_to}”."
    coded = {"state_from": CommuneState, "state_to": CommuneState}
    commune_review_id: int
    state_from: str
    state_to: str
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdVisited(Fact):
    """Nhận một lượt khảo sát."""

    sentence = "Đã nhận một phiếu khảo sát. {form_id}."
    coded = {"form_id": FormKind}
    review_id: int
    visit_id: int
    form_id: str
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class SubmissionSetAside(Fact):
    """Để riêng một phiếu gửi về, chờ cán bộ xem."""

    sentence = "Một phiếu gửi về được để riêng, chờ cán bộ xem."
    submission_id: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class SubmissionAttached(Fact):
    """Gắn một phiếu để riêng vào một hộ; ``names_another_head``: phiếu ghi chủ hộ khác, cán bộ đã xác nhận."""

    sentence = "Một phiếu để riêng được cán bộ gắn vào hộ này."
    submission_id: int
    review_id: int
    names_another_head: bool


@register_fact
@dataclass(frozen=True, kw_only=True)
class SubmissionDiscarded(Fact):
    """Không dùng một phiếu đã để riêng."""

    sentence = "Một phiếu để riêng không được dùng."
    submission_id: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdScored(Fact):
    """Chấm điểm, phân loại theo khảo sát."""

    sentence = "Kết quả chấm điểm: B1 {a_points}, B2 {b_points}, phân loại {outcome}."
    coded = {"outcome": HouseholdClass}
    review_id: int
    score_id: int
    a_points: int | None
    b_points: int | None
    outcome: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class RevisitAsked(Fact):
    """Yêu cầu khảo sát lại một hộ."""

    sentence = "Yêu cầu khảo sát lại."
    review_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class FlagCleared(Fact):
    """Xem xong một dấu hiệu cần kiểm tra."""

    sentence = "Đã xem dấu hiệu “{kind}”."
    coded = {"kind": FlagKind}
    review_id: int
    flag_id: int
    kind: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdGone(Fact):
    """Hộ không còn ở địa bàn."""

    sentence = "Hộ không còn ở địa bàn ({reason})."
    review_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class MeetingRecorded(Fact):
    """Ghi biên bản họp thôn."""

    sentence = "Biên bản họp thôn: {agreed} trên {attendees} người đồng ý."
    commune_review_id: int
    meeting_id: int
    attendees: int
    agreed: int
    changes: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class ResultChanged(Fact):
    """Đổi kết quả của một hộ theo họp thôn hoặc phúc tra."""

    sentence = "Kết quả đổi từ {class_from} thành {class_to}."
    coded = {"class_from": HouseholdClass, "class_to": HouseholdClass}
    review_id: int
    change_id: int
    class_from: str
    class_to: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ListPosted(Fact):
    """Niêm yết danh sách."""

    sentence = "Niêm yết lần {number} từ {posted_on}, đến trước {ends_on}."
    commune_review_id: int
    posting_id: int
    number: int
    posted_on: date
    ends_on: date
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ObjectionReceived(Fact):
    """Nhận một khiếu nại, kiến nghị."""

    sentence = "Nhận khiếu nại, kiến nghị; hạn trả lời {due_on}."
    commune_review_id: int
    objection_id: int
    due_on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class ObjectionAnswered(Fact):
    """Trả lời một khiếu nại, kiến nghị."""

    sentence = "Đã trả lời khiếu nại, kiến nghị ({outcome})."
    coded = {"outcome": ObjectionOutcome}
    commune_review_id: int
    objection_id: int
    outcome: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DecisionPrepared(Fact):
    """Trình quyết định công nhận."""

    sentence = "Trình quyết định về {households} hộ."
    decision_id: int
    kind: str
    households: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class DecisionSentBack(Fact):
    """Trả lại quyết định đã trình."""

    sentence = "Quyết định được trả lại để xem lại."
    decision_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class DecisionSigned(Fact):
    """Ký quyết định công nhận."""

    sentence = "Ký quyết định số {number} ngày {signed_on} về {households} hộ."
    decision_id: int
    kind: str
    number: str
    signed_on: date
    households: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdClassDecided(Fact):
    """Quyết định phân loại của một hộ; ai dựa vào phân loại hộ thì nghe sự kiện này."""

    sentence = "Từ {valid_from}, hộ được phân loại {household_class} (trước đó {class_before})."
    coded = {"household_class": HouseholdClass, "class_before": HouseholdClass}
    household_code: str
    review_id: int
    household_class: str
    class_before: str
    valid_from: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class CommuneReported(Fact):
    """Xã báo cáo kết quả cho tỉnh; số liệu được chốt."""

    sentence = "Xã báo cáo kết quả: {poor} hộ nghèo, {near_poor} hộ cận nghèo."
    commune_review_id: int
    poor: int
    near_poor: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ListImported(Fact):
    """Nhập một danh sách hộ nghèo, hộ cận nghèo có sẵn."""

    sentence = (
        "Nhập danh sách: {matched} hộ đã có, {created} hộ mới, {unchanged} hộ không đổi, {refused} dòng không nhận."
    )
    import_id: int
    digest: str
    valid_from: date
    matched: int
    created: int
    unchanged: int
    refused: int
