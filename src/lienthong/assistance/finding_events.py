"""What happens in the review of everybody. Ids and counts only: nothing says who a person is."""

from dataclasses import dataclass, field
from datetime import date

from lienthong.assistance.states import FindingKind
from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class LeftOutReviewAsked(Fact):
    """Yêu cầu rà soát mọi người dân, hoặc một xã."""

    sentence = "Đã yêu cầu rà soát người hưởng."
    review_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class LeftOutReviewFinished(Fact):
    """Rà soát xong."""

    sentence = "Đã rà soát {people} người: {opened} phát hiện mới, {settled} phát hiện đã hết."
    review_id: int
    people: int
    opened: int
    settled: int
    counts: dict[str, int] = field(default_factory=dict)


@register_fact
@dataclass(frozen=True, kw_only=True)
class FindingDismissed(Fact):
    """Bỏ qua một phát hiện, có lý do."""

    sentence = "Bỏ qua phát hiện {kind}: {reason}"
    coded = {"kind": FindingKind}
    finding_id: int
    person_id: int
    kind: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class FindingDrafted(Fact):
    """Lập hồ sơ nháp từ một phát hiện."""

    sentence = "Đã lập hồ sơ nháp từ phát hiện {kind}, thủ tục {procedure_code}."
    coded = {"kind": FindingKind}
    finding_id: int
    person_id: int
    kind: str
    procedure_code: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class FindingDraftGivenUp(Fact):
    """Xóa hồ sơ nháp đã lập từ một phát hiện."""

    sentence = "Đã xóa hồ sơ nháp lập từ phát hiện {kind}; phát hiện chờ xử lý lại."
    coded = {"kind": FindingKind}
    finding_id: int
    person_id: int
    kind: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class FindingProposed(Fact):
    """Lập đề xuất từ một phát hiện."""

    sentence = "Đã lập đề xuất từ phát hiện {kind}."
    coded = {"kind": FindingKind}
    finding_id: int
    person_id: int
    kind: str
    proposal_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class ScenarioKept(Fact):
    """Lưu một phương án giả định."""

    sentence = "Đã lưu một phương án giả định gồm {changes} thay đổi, tính cho ngày {as_of}."
    scenario_id: int
    changes: int
    as_of: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class ScenarioComputed(Fact):
    """Tính xong một phương án giả định."""

    sentence = "Đã tính phương án giả định: mỗi tháng thay đổi {monthly} đồng, thêm {gained} người, bớt {lost} người."
    scenario_id: int
    monthly: int
    gained: int
    lost: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class ScenarioRemoved(Fact):
    """Xóa một phương án giả định."""

    sentence = "Đã xóa một phương án giả định."
    scenario_id: int
