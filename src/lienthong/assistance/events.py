"""What happens in social assistance and for people with merit. Ids, codes and amounts only: nothing says who a person is."""

from dataclasses import dataclass, field
from datetime import date

from lienthong.assistance.states import (
    Benefit,
    PayeeGround,
    Programme,
    ProposalKind,
    ProposalState,
)
from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class FuneralSupportGranted(Fact):
    """Hỗ trợ chi phí mai táng được quyết định."""

    sentence = "Quyết định hỗ trợ chi phí mai táng theo hồ sơ {dossier_code}."
    dossier_code: str
    died_on: date
    amount: int
    reasons: list[str] = field(default_factory=list)


@register_fact
@dataclass(frozen=True, kw_only=True)
class CircumstanceRecorded(Fact):
    """Ghi một thông tin có thời hạn của người được xét."""

    sentence = "Đã ghi thông tin {name}, từ ngày {valid_from}."
    person_id: int
    circumstance_id: int
    name: str
    valid_from: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class CircumstanceWithdrawn(Fact):
    """Rút một thông tin đã ghi nhầm."""

    sentence = "Đã rút thông tin {name} ghi nhầm: {reason}"
    person_id: int
    circumstance_id: int
    name: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class CircumstanceEnded(Fact):
    """Một thông tin không còn đúng từ một ngày."""

    sentence = "Thông tin {name} không còn từ ngày {valid_until}."
    person_id: int
    circumstance_id: int
    name: str
    valid_until: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(Fact):
    """Đính kèm bản quét giấy tờ làm căn cứ."""

    sentence = "Đã đính kèm {files} tệp giấy tờ làm căn cứ."
    person_id: int
    owner: str
    programme: str
    files: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class EvidenceRemoved(Fact):
    """Gỡ một bản quét đính kèm nhầm."""

    sentence = "Đã gỡ một tệp giấy tờ đính kèm nhầm: {reason}"
    person_id: int
    owner: str
    programme: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeathTold(Fact):
    """Ghi nhận một người đã chết, với giấy tờ hay quyết định nói lên điều đó."""

    sentence = "Ghi nhận đã chết ngày {died_on}, theo {paper}."
    person_id: int
    died_on: date
    paper: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class CertificateWithdrawn(Fact):
    """Rút một Giấy xác nhận khuyết tật ghi nhầm."""

    sentence = "Đã rút Giấy xác nhận khuyết tật ghi nhầm: {reason}"
    person_id: int
    certificate_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class CertificateRecorded(Fact):
    """Ghi Giấy xác nhận khuyết tật."""

    sentence = "Đã ghi Giấy xác nhận khuyết tật, có giá trị từ ngày {valid_from}."
    person_id: int
    certificate_id: int
    valid_from: date
    follows_id: int | None = None
    follows_until: date | None = None


@register_fact
@dataclass(frozen=True, kw_only=True)
class MeritClaimRecognised(Fact):
    """Công nhận diện người có công, thân nhân người có công."""

    sentence = "Đã công nhận một diện hưởng chế độ ưu đãi theo quyết định {decision_number}, từ ngày {valid_from}."
    person_id: int
    claim_id: int
    decision_number: str
    valid_from: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class MeritClaimEnded(Fact):
    """Kết thúc một diện hưởng, khi nội dung của diện thay đổi."""

    sentence = (
        "Nội dung một diện hưởng chế độ ưu đãi thay đổi theo quyết định {decision_number}, từ ngày {valid_until}."
    )
    person_id: int
    claim_id: int
    decision_number: str
    valid_until: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class DifficultAreaPrepared(Fact):
    """Lập một địa bàn đặc biệt khó khăn, chờ duyệt."""

    sentence = "Đã lập một địa bàn đặc biệt khó khăn theo {reference}, từ ngày {valid_from}, chờ duyệt."
    draft_id: int
    unit_id: int
    reference: str
    valid_from: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class DifficultAreaDecided(Fact):
    """Không duyệt, hoặc rút lại một địa bàn đã lập."""

    sentence = "Địa bàn đã lập: {state}. {reason}"
    coded = {"state": ProposalState}
    draft_id: int
    state: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DifficultAreaRecorded(Fact):
    """Ghi một địa bàn đặc biệt khó khăn."""

    sentence = "Đã ghi một địa bàn đặc biệt khó khăn theo {reference}, từ ngày {valid_from}."
    area_id: int
    unit_id: int
    reference: str
    valid_from: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class AssistanceProposed(Fact):
    """Đề xuất hưởng, điều chỉnh, tạm dừng, hưởng lại, thôi hưởng, chuyển nơi hưởng, thay người nhận, thu hồi."""

    sentence = "Đã đề xuất: {kind}."
    coded = {"kind": ProposalKind}
    proposal_id: int
    person_id: int
    kind: str
    programme: str
    benefit: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class AssistanceProposalApproved(Fact):
    """Duyệt một đề xuất."""

    sentence = "Đã duyệt đề xuất {kind}. {decision_number}"
    coded = {"kind": ProposalKind}
    proposal_id: int
    kind: str
    decision_number: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class AssistanceProposalRefused(Fact):
    """Không duyệt một đề xuất."""

    sentence = "Không duyệt đề xuất {kind}: {reason}"
    coded = {"kind": ProposalKind}
    proposal_id: int
    kind: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class AssistanceProposalWithdrawn(Fact):
    """Rút một đề xuất."""

    sentence = "Đã rút đề xuất {kind}."
    coded = {"kind": ProposalKind}
    proposal_id: int
    kind: str
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntitlementGranted(Fact):
    """Quyết định cho hưởng một khoản."""

    sentence = "Được hưởng {benefit} từ tháng {first_month}, mỗi tháng {amount} đồng."
    coded = {"benefit": Benefit, "programme": Programme}
    entitlement_id: int
    person_id: int
    programme: str
    benefit: str
    first_month: date
    amount: int
    decision_number: str = ""
    dossier_code: str = ""
    source: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntitlementAdjusted(Fact):
    """Thay mức hưởng từ một tháng."""

    sentence = "Mức hưởng từ tháng {first_month} là {amount} đồng: {reason}"
    entitlement_id: int
    first_month: date
    amount: int
    reason: str
    rate_ids: list[int] = field(default_factory=list)


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntitlementSuspended(Fact):
    """Tạm dừng hưởng."""

    sentence = "Tạm dừng hưởng từ tháng {first_month}: {reason}"
    entitlement_id: int
    first_month: date
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntitlementResumed(Fact):
    """Hưởng trở lại."""

    sentence = "Hưởng trở lại từ tháng {first_month}. {reason}"
    entitlement_id: int
    first_month: date
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntitlementEnded(Fact):
    """Thôi hưởng."""

    sentence = "Hưởng đến hết tháng {last_month}: {reason}"
    entitlement_id: int
    person_id: int
    last_month: date
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntitlementMoved(Fact):
    """Chuyển nơi chi trả sang xã khác."""

    sentence = "Chuyển nơi chi trả. {reason}"
    entitlement_id: int
    from_unit_id: int
    to_unit_id: int
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class PayeeChanged(Fact):
    """Thay người nhận tiền."""

    sentence = "Thay người nhận tiền; người nhận mới là {ground}."
    coded = {"ground": PayeeGround}
    entitlement_id: int
    payee_id: int
    ground: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class RecoveryDecided(Fact):
    """Quyết định thu hồi tiền hưởng thừa."""

    sentence = "Thu hồi {amount} đồng, mỗi tháng khấu trừ {monthly} đồng từ tháng {first_month}: {reason}"
    entitlement_id: int
    recovery_id: int
    amount: int
    monthly: int
    first_month: date
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class RecoveryClosed(Fact):
    """Thu đủ, hoặc không thu nữa."""

    sentence = "Kết thúc thu hồi: {reason}"
    entitlement_id: int
    recovery_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class RegisterTakenOver(Fact):
    """Tiếp nhận một danh sách đang hưởng."""

    sentence = "Tiếp nhận danh sách {rows} người đang hưởng."
    take_over_id: int
    unit_id: int
    programme: str
    rows: int
    digest: str
